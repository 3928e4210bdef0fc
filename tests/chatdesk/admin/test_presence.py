"""The presence board in words: who is there, what is taken, who has to wait."""

from datetime import timedelta

import pytest
from django.utils import translation

from chatdesk.admin import wording
from chatdesk.admin.presence import describe_presence
from chatdesk.models import Conversation, Lease
from chatdesk.services.presence import Absence, choose_status
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


def test_who_waits_for_his_operator_is_not_called_nobody():
    wait(5, operator=make_operator())

    assert describe().line == "Every visitor who waits has an operator."


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


def test_the_board_is_six_queries(django_assert_num_queries):
    for number in range(3):
        operator = make_operator(name=f"Operator {number}")
        bring_online(operator, at=NOON)
        lead(operator)

    with django_assert_num_queries(6):
        assert len(describe().cards) == 3


def test_who_waits_is_named_with_his_time_and_for_whom():
    anna = make_operator(name="Anna")
    wait(12, operator=anna)
    wait(90)
    first, second = describe().waits
    assert (first.time, first.for_whom, first.is_late) == ("1 min 30 s", "", True)
    assert (second.time, second.for_whom, second.is_late) == ("12 s", "Anna", False)
    assert first.visitor.startswith("Guest ")


def test_whom_managers_were_told_of_is_marked():
    wait(41)
    wait(39)
    Conversation.objects.filter(waiting_since=NOON - 41 * SECOND).update(step=3)
    assert [each.is_raised for each in describe().waits] == [True, False]


def test_the_longest_waits_are_shown_and_no_more():
    for number in range(12):
        wait(number + 1)
    shown = describe().waits
    assert [each.time for each in shown] == [f"{12 - each} s" for each in range(10)]


@pytest.mark.parametrize(
    ("reason", "back_in", "why"),
    [
        ("lunch", None, "lunch"),
        ("lunch", 1800, "lunch, back at 13:30"),
        ("", 1800, "back at 13:30"),
        ("", None, ""),
    ],
)
def test_who_is_away_says_why_and_until_when(reason, back_in, why):
    operator = make_operator()
    bring_online(operator, at=NOON - 10 * SECOND)
    back_at = None if back_in is None else NOON + back_in * SECOND
    choose_status(
        actor=actor_of_operator(operator),
        status="away",
        at=NOON,
        absence=Absence(reason, back_at),
    )
    assert card().why == why


def test_a_word_of_the_shop_stays_as_it_is():
    assert wording.reason("Склад") == "Склад"


def test_the_latest_touch_is_that_of_any_tab():
    operator = make_operator()
    assert card().touched == "–"
    first = bring_online(operator, at=NOON - 20 * SECOND)
    second = bring_online(operator, at=NOON - 20 * SECOND)
    for connection, ago in ((first, 400), (second, 75)):
        Lease.objects.filter(connection=connection).update(
            active_at=NOON - ago * SECOND
        )
    assert card().touched == "1 min 15 s ago"
    Lease.objects.filter(connection=first).update(active_at=NOON - 3 * SECOND)
    assert card().touched == "now"
