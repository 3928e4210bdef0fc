"""The presence board in words: who is there, what is taken, who has to wait."""

from datetime import timedelta

import pytest
from django.utils import translation

from chatdesk.admin.presence import describe_presence
from chatdesk.models import Conversation
from chatdesk.services.presence import choose_status
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SECOND = timedelta(seconds=1)
TALK = (("visitor", "a"), ("operator", "b"))


def describe(at=NOON):
    return describe_presence(at=at)


def card():
    (only,) = describe().cards
    return only


def lead(operator, number=1):
    for _ in range(number):
        make_conversation(operator=operator, entries=TALK, at=NOON - 60 * SECOND)


def wait(waited, *, operator=None):
    row = make_conversation(at=NOON - 60 * SECOND)
    Conversation.objects.filter(pk=row.pk).update(
        waiting_since=NOON - waited * SECOND,
        operator=operator,
        status="open" if operator else row.status,
    )


def test_nobody_is_online_in_an_empty_shop():
    board = describe()

    assert (board.cards, board.state, board.is_late) == ((), "away", False)
    assert board.words.startswith("Nobody is online.")
    assert board.line == "No visitor waits for an operator."


@pytest.mark.parametrize(
    ("dialogs", "state", "words"),
    [
        (0, "online", "1 operator online, 0 of 2 places taken."),
        (1, "online", "1 operator online, 1 of 2 places taken."),
        (2, "busy", "1 operator online, 2 of 2 places taken."),
    ],
)
def test_the_board_says_how_many_places_are_taken(dialogs, state, words):
    operator = make_operator(capacity=2)
    bring_online(operator, at=NOON)
    lead(operator, dialogs)

    assert (describe().state, describe().words) == (state, words)


def test_places_of_who_is_away_are_none():
    here, away = make_operator(name="Anna", capacity=3), make_operator(capacity=9)
    for operator in (here, away):
        bring_online(operator, at=NOON)
    choose_status(actor=actor_of_operator(away), status="away", at=NOON)

    assert describe().words == "1 operator online, 0 of 3 places taken."


def test_two_are_counted_in_russian_too():
    for _ in range(2):
        bring_online(make_operator(capacity=5), at=NOON)

    with translation.override("ru"):
        words = describe().words

    assert words == "На связи 2 консультанта, занято мест: 0 из 10."


@pytest.mark.parametrize(
    ("dialogs", "load", "places", "is_full"),
    [
        (0, "0/3", (False, False, False), False),
        (2, "2/3", (True, True, False), False),
        (3, "3/3", (True, True, True), True),
        (4, "4/3", (True, True, True, True), True),
    ],
)
def test_a_card_shows_each_place(dialogs, load, places, is_full):
    operator = make_operator(capacity=9)
    bring_online(operator, at=NOON)
    lead(operator, dialogs)
    operator.capacity = 3
    operator.save()

    shown = card()

    assert (shown.load, shown.places, shown.is_full) == (load, places, is_full)


def test_of_very_many_places_ten_are_drawn():
    bring_online(make_operator(capacity=40), at=NOON)

    assert (card().load, len(card().places)) == ("0/40", 10)


@pytest.mark.parametrize(
    ("waited", "is_late"), [(5, False), (20, False), (21, True), (90, True)]
)
def test_who_waits_longer_than_the_limit_waits_too_long(waited, is_late):
    operator = make_operator()
    bring_online(operator, at=NOON)
    wait(waited, operator=operator)

    assert card().is_late is is_late
    assert not describe().is_late


def test_a_line_says_how_many_wait_and_for_how_long():
    wait(5)
    assert describe().line == "1 visitor waits for anyone, 5 s at the longest."

    wait(90)

    board = describe()
    assert board.line == "2 visitors wait for anyone, 1 min 30 s at the longest."
    assert board.is_late


def test_a_state_is_told_with_its_beginning():
    operator = make_operator()
    assert card().words == "Offline"

    bring_online(operator, at=NOON - 10 * SECOND)
    choose_status(actor=actor_of_operator(operator), status="away", at=NOON)

    assert card().words == "Away since 13:00"
    assert (card().state, card().longest_wait) == ("away", "–")


def test_a_hostile_name_is_left_to_the_template():
    make_operator(name="<i>Anna</i>")

    assert card().face.name == "<i>Anna</i>"


def test_the_board_is_four_queries(django_assert_num_queries):
    for number in range(3):
        operator = make_operator(name=f"Operator {number}")
        bring_online(operator, at=NOON)
        lead(operator)

    with django_assert_num_queries(4):
        assert len(describe().cards) == 3
