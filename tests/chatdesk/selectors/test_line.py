"""The line: who stands where, in which department, and how long it will take."""

from datetime import timedelta

import pytest

from chatdesk.models import Conversation, Department
from chatdesk.selectors.line import MOST, list_line, number_line
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import (
    close_conversation,
    release_conversation,
    take_conversation,
)
from chatdesk.wire.objects import QueuePlace
from tests.chatdesk.services.desks import ASKED, SECOND, ask
from tests.factories import NOON, actor_of_operator, make_conversation, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TALK = (("visitor", "?"), ("operator", "!"))


def places():
    return {conv: each.place for conv, each in list_line().items()}


def place_of(conversation):
    return places().get(conversation.public_id.hex)


def answered(number, *, after):
    """Let so many questions be answered so many seconds after they were asked."""
    operator = make_operator(capacity=100)
    for _ in range(number):
        conversation = make_conversation(
            operator=operator, entries=TALK, closed_as="answered", at=NOON
        )
        Conversation.objects.filter(pk=conversation.pk).update(
            begun_online=True,
            first_answered_at=conversation.first_message_at + timedelta(seconds=after),
        )


@pytest.mark.parametrize(
    ("waiting", "numbered"),
    [
        ([], []),
        ([None], [1]),
        ([None, None, None], [1, 2, 3]),
        ([1, 2, 1, 2, None], [1, 1, 2, 2, 1]),
        ([1, None, 1, None, 1], [1, 1, 2, 2, 3]),
    ],
)
def test_each_department_counts_for_itself(waiting, numbered):
    named = [(str(index), department) for index, department in enumerate(waiting)]
    found = number_line(named, usual_s=None)
    assert [found[name].place for name, _ in named] == numbered


def test_without_a_measure_there_is_a_place_and_no_estimate():
    found = number_line([("a", None), ("b", None)], usual_s=None)
    assert found == {"a": QueuePlace(place=1), "b": QueuePlace(place=2)}


def test_the_estimate_is_one_usual_answer_a_place():
    found = number_line([(str(each), None) for each in range(4)], usual_s=15)
    assert [each.answer_s for each in found.values()] == [15, 30, 45, 60]


def test_who_asked_first_stands_first():
    second, first = ask(at=NOON + SECOND), ask(at=NOON)
    assert (place_of(first), place_of(second)) == (1, 2)


def test_who_asked_in_the_same_moment_stands_as_he_came():
    first, second = ask(), ask()
    assert (place_of(first), place_of(second)) == (1, 2)


def test_further_questions_do_not_move_anybody():
    first, second = (
        ask(),
        make_conversation(
            entries=(("visitor", "?"), ("visitor", "Hello?"), ("visitor", "!")), at=NOON
        ),
    )
    assert (place_of(first), place_of(second)) == (1, 2)


def test_who_is_taken_stands_in_no_line_and_the_others_move_up():
    first, second = ask(), ask()
    actor = actor_of_operator(make_operator())
    take_conversation(conversation_id=first.pk, actor=actor, at=ASKED)
    assert place_of(first) is None
    assert place_of(second) == 1


def test_who_is_given_back_stands_where_he_stood():
    first, second = ask(), ask(at=NOON + SECOND)
    actor = actor_of_operator(make_operator())
    take_conversation(conversation_id=first.pk, actor=actor, at=ASKED)
    release_conversation(conversation_id=first.pk, actor=actor, at=ASKED + SECOND)
    assert (place_of(first), place_of(second)) == (1, 2)


def test_who_was_answered_and_given_back_waits_for_nothing():
    operator = make_operator()
    conversation = make_conversation(operator=operator, entries=TALK, at=NOON)
    actor = actor_of_operator(operator)
    release_conversation(
        conversation_id=conversation.pk, actor=actor, at=NOON + 3 * SECOND
    )
    assert place_of(conversation) is None


def test_who_leaves_makes_room():
    first, second = ask(), ask()
    close_conversation(
        conversation_id=first.pk, actor=actor_of(first.visitor), at=ASKED + SECOND
    )
    assert place_of(second) == 1


def test_who_has_not_written_stands_in_no_line():
    make_conversation(entries=())
    assert list_line() == {}


def test_a_department_is_a_line_of_its_own():
    department = Department.objects.create(name="Kettles")
    common, own = ask(), ask(at=NOON + SECOND)
    Conversation.objects.filter(pk=own.pk).update(department=department)
    assert (place_of(common), place_of(own)) == (1, 1)


@pytest.mark.parametrize(
    ("number", "after", "usual"),
    [(4, 20, None), (5, 20, 20), (5, 41, 45), (5, 0, 1)],
)
def test_the_estimate_is_measured_and_not_guessed(number, after, usual):
    answered(number, after=after)
    waiting = ask()
    (place,) = list_line().values()
    assert place == QueuePlace(place=1, answer_s=usual)
    assert place_of(waiting) == 1


def test_a_line_of_any_length_is_two_queries(django_assert_num_queries):
    for _ in range(6):
        ask()
    with django_assert_num_queries(2):
        assert sorted(places().values()) == [1, 2, 3, 4, 5, 6]


def test_a_line_that_never_ends_is_numbered_up_to_a_bound(monkeypatch):
    assert MOST >= 100
    monkeypatch.setattr("chatdesk.selectors.line.MOST", 2)
    first, second, third = ask(), ask(), ask()
    assert [place_of(each) for each in (first, second, third)] == [1, 2, None]
