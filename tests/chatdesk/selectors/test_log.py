"""Reading the log: spans without holes, heads, marks, and who may see what."""

import pytest

from chatdesk.models import AuthorKind, Entry
from chatdesk.selectors import log
from chatdesk.selectors.log import (
    entries_after,
    entries_before,
    entries_of_many,
    list_heads,
    list_heads_in_progress,
    marks_of,
    visible,
)
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.wire.objects import Marks
from tests.factories import (
    actor_of_operator,
    fill,
    make_conversation,
    make_operator,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def log_of(number):
    conversation = make_conversation(entries=())
    actor = actor_of(conversation.visitor)
    fill(conversation, actor, [str(each) for each in range(1, number + 1)])
    conversation.refresh_from_db()
    return conversation


def shape(span):
    return span.first, span.last, [entry.seq for entry in span.entries]


@pytest.mark.parametrize(
    ("cursor", "limit", "expected"),
    [
        (0, 10, (1, 6, [1, 2, 3, 4, 5, 6])),
        (4, 10, (5, 6, [5, 6])),
        (0, 2, (1, 2, [1, 2])),
        (2, 2, (3, 4, [3, 4])),
        (6, 10, (7, 6, [])),
        (99, 10, (100, 99, [])),
    ],
)
def test_what_follows_a_cursor(cursor, limit, expected):
    conversation = log_of(6)
    log_of(3)

    span = entries_after(conversation_id=conversation.pk, cursor=cursor, limit=limit)

    assert shape(span) == expected


@pytest.mark.parametrize(
    ("before", "limit", "expected"),
    [
        (7, 10, (1, 6, [1, 2, 3, 4, 5, 6])),
        (7, 2, (5, 6, [5, 6])),
        (5, 2, (3, 4, [3, 4])),
        (2, 5, (1, 1, [1])),
        (1, 5, (1, 0, [])),
    ],
)
def test_what_precedes_a_number(before, limit, expected):
    conversation = log_of(6)
    log_of(3)

    span = entries_before(conversation_id=conversation.pk, before=before, limit=limit)

    assert shape(span) == expected


def test_pages_backwards_cover_everything_once():
    conversation = log_of(11)
    before, covered = 12, []

    while before > 1:
        span = entries_before(conversation_id=conversation.pk, before=before, limit=4)
        covered = [entry.seq for entry in span.entries] + covered
        before = span.first

    assert covered == list(range(1, 12))


def test_what_follows_many_cursors_is_one_query(django_assert_num_queries):
    first, second, third, unasked = (log_of(number) for number in (3, 5, 2, 9))

    with django_assert_num_queries(1):
        found = entries_of_many(cursors={first.pk: 1, second.pk: 4, third.pk: 2})

    assert {pk: [entry.seq for entry in rows] for pk, rows in found.items()} == {
        first.pk: [2, 3],
        second.pk: [5],
    }
    assert unasked.pk not in found


def test_a_long_log_with_a_high_cursor_leaves_room_for_the_others(monkeypatch):
    monkeypatch.setattr(log, "MOST_OF_MANY", 6)
    ahead, young, far = log_of(9), log_of(2), log_of(8)

    found = entries_of_many(cursors={ahead.pk: 8, young.pk: 0, far.pk: 5})

    seqs = {pk: [entry.seq for entry in rows] for pk, rows in found.items()}
    assert seqs == {ahead.pk: [9], young.pk: [1, 2], far.pk: [6, 7, 8]}


def test_no_cursors_need_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert entries_of_many(cursors={}) == {}


def test_of_what_is_far_ahead_a_first_part_comes_without_a_hole():
    conversation = make_conversation(entries=())
    actor = actor_of(conversation.visitor)
    for _ in range(6):
        fill(conversation, actor, ["word"] * 200)

    found = entries_of_many(cursors={conversation.pk: 0})

    seqs = [entry.seq for entry in found[conversation.pk]]
    assert seqs == list(range(1, len(seqs) + 1))
    assert 0 < len(seqs) < 1200


def test_heads_are_told_by_number_and_name():
    conversation = log_of(4)

    (head,) = list_heads(conversation_ids=[conversation.pk, 424242])

    assert (head.conversation_id, head.public_id, head.seq) == (
        conversation.pk,
        conversation.public_id.hex,
        4,
    )


def test_in_progress_is_what_waits_or_is_led():
    operator = make_operator()
    waiting = make_conversation()
    talk = (("visitor", "a"), ("operator", "b"))
    led = make_conversation(operator=operator, entries=talk)
    make_conversation(operator=operator, entries=talk, closed_as="sale")
    make_conversation(entries=())

    heads = list_heads_in_progress()

    assert {head.conversation_id for head in heads} == {waiting.pk, led.pk}


def test_marks_of_a_side_are_the_largest_of_its_people():
    conversation, untouched = log_of(9), log_of(1)

    def move(kind, person, delivered, read):
        return MarkMove(
            conversation_id=conversation.pk,
            public_id=conversation.public_id.hex,
            author_kind=kind,
            author_id=person,
            delivered=delivered,
            read=read,
        )

    move_marks(
        [
            move(AuthorKind.OPERATOR, 1, 9, 2),
            move(AuthorKind.OPERATOR, 2, 5, 4),
            move(AuthorKind.VISITOR, 1, 3, 0),
        ]
    )

    assert marks_of(conversation_ids=[conversation.pk, untouched.pk]) == {
        conversation.pk: Marks(
            operator_delivered=9, operator_read=4, visitor_delivered=3
        ),
        untouched.pk: Marks(),
    }


def test_notes_are_left_out_for_visitors():
    operator = make_operator()
    conversation = make_conversation()
    say(conversation, actor_of_operator(operator), "a regular", is_note=True)
    entries = list(Entry.objects.order_by("seq"))

    assert [entry.kind for entry in visible(entries, staff=True)] == ["message", "note"]
    assert [entry.kind for entry in visible(entries, staff=False)] == ["message"]
