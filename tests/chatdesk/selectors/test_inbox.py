"""The operators' list: who comes first, what is unread, and pages of the past."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import DateTimeField

from chatdesk.models import AuthorKind, Conversation, Department
from chatdesk.selectors import inbox
from chatdesk.selectors.inbox import list_closed, list_inbox, list_rows
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.ladder import climb_ladder
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.wire.objects import to_ms
from tests.factories import (
    NOON,
    actor_of_operator,
    fill,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MOMENTS = [
    field.name
    for field in Conversation._meta.concrete_fields
    if isinstance(field, DateTimeField)
]
TALK = (("visitor", "a"), ("operator", "b"))


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def read_by(operator, conversation, number):
    move_marks(
        [
            MarkMove(
                conversation_id=conversation.pk,
                public_id=conversation.public_id.hex,
                author_kind=AuthorKind.OPERATOR,
                author_id=operator.pk,
                read=number,
            )
        ]
    )


def row_of(conversation):
    (row,) = list_rows(public_ids=[conversation.public_id.hex])
    return row


def closed(number):
    operator = make_operator(capacity=1000)
    return [
        make_conversation(
            operator=operator, entries=TALK, at=after(each), closed_as="answered"
        )
        for each in range(number)
    ]


def test_a_row_says_what_a_person_at_the_desk_wants_to_know():
    visitor = make_visitor(name="Olga")
    operator = make_operator(name="Anna")
    conversation = make_conversation(visitor=visitor, at=NOON)
    take_conversation(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=after(5),
    )

    (row,) = list_inbox()

    assert (row.conv, row.head, row.status) == (conversation.public_id.hex, 2, "open")
    assert (row.visitor, row.visitor_number, row.language) == ("Olga", visitor.pk, "en")
    assert (row.preview, row.preview_author) == ("Is it in stock?", "visitor")
    assert (row.owner, row.owner_name) == (str(operator.pk), "Anna")
    assert row.waiting_since == to_ms(after(1))
    assert row.preview_at == to_ms(after(5))
    assert row.unread == 1


def test_the_longest_waiting_comes_first_and_who_waits_for_nothing_last():
    operator = make_operator()
    answered = make_conversation(operator=operator, entries=TALK, at=NOON)
    later, latest, first = [make_conversation(at=after(each)) for each in (20, 30, 10)]

    rows = [row.conv for row in list_inbox()]

    expected = [first, later, latest, answered]
    assert rows == [each.public_id.hex for each in expected]


def test_what_has_not_begun_or_has_ended_is_not_in_the_list():
    make_conversation(entries=())
    closed(1)

    assert list_inbox() == []


def test_rows_that_are_asked_for_come_also_when_they_have_ended():
    begun = make_conversation()
    (ended,) = closed(1)
    not_begun = make_conversation(entries=())

    rows = list_rows(
        public_ids=[each.public_id.hex for each in (begun, ended, not_begun)]
        + [uuid4().hex]
    )

    assert {row.conv for row in rows} == {begun.public_id.hex, ended.public_id.hex}
    (row,) = [row for row in rows if row.status == "closed"]
    assert row.outcome == "answered"
    assert row.closed_at == to_ms(ended.closed_at)
    assert list_rows(public_ids=[]) == []


# Unread


def test_unread_are_the_visitors_words_that_no_operator_has_read():
    operator, colleague = make_operator(), make_operator()
    conversation = make_conversation()
    take_conversation(
        conversation_id=conversation.pk, actor=actor_of_operator(operator), at=NOON
    )
    fill(conversation, actor_of(conversation.visitor), ["two", "three"])
    say(conversation, actor_of_operator(operator), "an answer")
    say(conversation, actor_of_operator(colleague), "a note", is_note=True)
    assert row_of(conversation).unread == 3

    read_by(operator, conversation, 3)
    assert row_of(conversation).unread == 1

    read_by(colleague, conversation, 1)
    assert row_of(conversation).unread == 1

    read_by(colleague, conversation, 6)
    assert row_of(conversation).unread == 0

    say(conversation, actor_of(conversation.visitor), "again")
    assert row_of(conversation).unread == 1


def test_a_flood_that_nobody_reads_is_not_counted_to_its_end(monkeypatch):
    monkeypatch.setattr(inbox, "MOST_UNREAD", 3)
    conversation, other = make_conversation(), make_conversation()
    fill(conversation, actor_of(conversation.visitor), ["two", "three", "four", "five"])
    fill(other, actor_of(other.visitor), ["two"])

    assert [row_of(conversation).unread, row_of(other).unread] == [3, 2]


def test_what_the_visitor_has_read_is_still_unread_for_staff():
    conversation = make_conversation()
    move_marks(
        [
            MarkMove(
                conversation_id=conversation.pk,
                public_id=conversation.public_id.hex,
                author_kind=AuthorKind.VISITOR,
                author_id=conversation.visitor_id,
                read=1,
            )
        ]
    )

    assert row_of(conversation).unread == 1


def test_unread_of_one_dialog_is_not_that_of_another():
    operator = make_operator()
    first, second = make_conversation(), make_conversation()
    fill(first, actor_of(first.visitor), ["more", "and more"])
    read_by(operator, second, 1)

    unread = {row.conv: row.unread for row in list_inbox()}

    assert unread == {first.public_id.hex: 3, second.public_id.hex: 0}


# Pages of what has ended


def test_pages_of_the_past_follow_each_other_without_gap_or_repeat():
    conversations = closed(7)
    seen, before = [], None

    for _ in range(4):
        rows, before = list_closed(before=before, limit=3)
        seen += [row.conv for row in rows]
        if before is None:
            break

    newest_first = [each.public_id.hex for each in reversed(conversations)]
    assert seen == newest_first
    assert before is None


def test_a_last_page_that_is_full_has_no_next():
    closed(3)

    rows, following = list_closed(before=None, limit=3)

    assert (len(rows), following) == (3, None)


def test_what_ends_while_somebody_turns_pages_shifts_nothing():
    conversations = closed(4)
    waiting = make_conversation()
    _, before = list_closed(before=None, limit=2)

    close_conversation(
        conversation_id=waiting.pk, actor=actor_of(waiting.visitor), at=after(99)
    )
    rows, _ = list_closed(before=before, limit=2)

    assert [row.conv for row in rows] == [
        each.public_id.hex for each in (conversations[1], conversations[0])
    ]


def test_the_past_shows_no_dialog_that_goes_on():
    make_conversation()
    make_conversation(entries=())

    assert list_closed(before=None, limit=5) == ([], None)


def test_a_list_of_any_length_is_one_query(django_assert_num_queries):
    for _ in range(15):
        make_conversation()
    closed(5)

    with django_assert_num_queries(1):
        assert len(list_inbox()) == 15
    with django_assert_num_queries(1):
        assert len(list_closed(before=None, limit=5)[0]) == 5


def test_no_row_asks_again_whatever_has_happened_to_it(django_assert_num_queries):
    department, operator = Department.objects.create(name="Sales"), make_operator()
    for _ in range(3):
        make_conversation()
    Conversation.objects.update(
        **dict.fromkeys(MOMENTS, NOON),
        department=department,
        operator=operator,
        offered_to=operator,
    )

    found = Conversation.objects.values_list("public_id", flat=True)
    public_ids = {each.hex for each in found}

    with django_assert_num_queries(1):
        assert len(list_rows(public_ids=public_ids)) == 3


# What routing and the ladder leave in a row


def test_a_new_question_stands_in_line_and_belongs_to_no_department():
    row = row_of(make_conversation(at=NOON))
    assert row.line_at == row.waiting_since == row.heard_at == to_ms(after(1))
    assert (row.department, row.raised, row.left_at) == ("", False, None)
    assert (row.offered_to, row.offer_note) == (None, "")


def test_a_row_names_its_department_by_a_name_that_may_be_anything():
    department = Department.objects.create(name="<b>Чайники</b>")
    conversation = make_conversation()
    Conversation.objects.filter(pk=conversation.pk).update(department=department)
    assert row_of(conversation).department == "<b>Чайники</b>"


@pytest.mark.parametrize(
    ("seconds", "raised", "left"),
    [(19, False, False), (39, False, False), (40, True, False), (600, True, True)],
)
def test_a_row_says_how_high_its_question_has_climbed(seconds, raised, left):
    conversation = make_conversation(at=NOON)
    climb_ladder(at=after(1 + seconds))
    row = row_of(conversation)
    assert (row.raised, row.left_at is not None) == (raised, left)


def test_an_answer_ends_all_that_the_ladder_said():
    conversation = make_conversation(at=NOON)
    climb_ladder(at=after(700))
    operator = actor_of_operator(make_operator())
    take_conversation(conversation_id=conversation.pk, actor=operator, at=after(701))
    say(conversation, operator, "Here I am.", at=after(702))
    row = row_of(conversation)
    assert (row.raised, row.left_at, row.line_at) == (False, None, None)


def test_what_was_left_without_an_answer_stays_in_the_list_of_the_ended():
    conversation = make_conversation(at=NOON)
    climb_ladder(at=after(700))
    close_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=after(800),
    )
    (row,), _ = list_closed(before=None, limit=5)
    assert row.left_at is not None
    assert (row.line_at, row.waiting_since, row.raised) == (None, None, False)
