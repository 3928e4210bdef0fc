"""Is anyone there: who counts as online, busy or away, and how fast answers come."""

from datetime import timedelta

import pytest

from chatdesk.models import Department, Lease
from chatdesk.selectors import availability
from chatdesk.selectors.availability import get_availability, is_anyone_online
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.hours import NamedDay, Place, set_special_days, set_week
from chatdesk.services.presence import choose_status
from chatdesk.timetable import Span
from chatdesk.wire.objects import to_ms
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TALK = (("visitor", "a"), ("operator", "b"))


def state(at=NOON):
    return get_availability(at=at).state


def busy(operator, dialogs):
    for _ in range(dialogs):
        make_conversation(operator=operator, entries=TALK, at=NOON)


def test_nobody_is_there_without_a_living_connection():
    make_operator()

    assert state() == "away"
    assert get_availability(at=NOON).operators == ()
    assert not is_anyone_online(at=NOON)


def test_somebody_with_a_free_place_is_online():
    operator = make_operator(name="Anna")
    operator.title = "Kettles"
    operator.save()
    bring_online(operator, at=NOON)

    answer = get_availability(at=NOON)

    assert (answer.state, answer.online) == ("online", 1)
    (card,) = answer.operators
    assert (card.id, card.name, card.title) == (str(operator.pk), "Anna", "Kettles")
    assert is_anyone_online(at=NOON)


@pytest.mark.parametrize("status", ["away", "offline"])
def test_who_chose_not_to_be_there_is_not(status):
    operator = make_operator()
    bring_online(operator, at=NOON)
    choose_status(actor=actor_of_operator(operator), status=status, at=NOON)

    assert state() == "away"
    assert not is_anyone_online(at=NOON)


def test_a_lease_that_ran_out_is_nobody():
    operator = make_operator()
    bring_online(operator, at=NOON)
    end = Lease.objects.get().expires_at

    assert state(at=end - timedelta(microseconds=1)) == "online"
    assert state(at=end) == "away"
    assert not is_anyone_online(at=end)


def test_a_dismissed_operator_is_nobody_though_his_page_is_open():
    operator = make_operator()
    bring_online(operator, at=NOON)
    operator.is_active = False
    operator.save()

    assert state() == "away"
    assert not is_anyone_online(at=NOON)


def test_all_places_taken_is_busy():
    operator = make_operator(capacity=2)
    bring_online(operator, at=NOON)
    busy(operator, 1)
    assert state() == "online"

    busy(operator, 1)

    answer = get_availability(at=NOON)
    assert (answer.state, answer.online) == ("busy", 1)
    assert [card.id for card in answer.operators] == [str(operator.pk)]


def test_those_with_a_free_place_are_shown_and_three_at_most():
    full = make_operator(name="Full", capacity=1)
    bring_online(full, at=NOON)
    busy(full, 1)
    for name in "abcd":
        bring_online(make_operator(name=name), at=NOON)

    answer = get_availability(at=NOON)

    assert (answer.state, answer.online) == ("online", 5)
    assert [card.name for card in answer.operators] == ["a", "b", "c"]


# How fast answers come


def answered_after(*seconds):
    """Make dialogs that began while somebody was there, answered after so long."""
    operator = make_operator(capacity=100)
    bring_online(operator, at=NOON)
    for number, reply_s in enumerate(seconds):
        conversation = make_conversation(operator=operator, entries=TALK, at=NOON)
        asked = NOON + timedelta(minutes=number)
        conversation.first_message_at = asked
        conversation.first_answered_at = asked + timedelta(seconds=reply_s)
        conversation.begun_online = True
        conversation.save()


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        ([9] * 4, None),
        ([9] * 5, 9),
        ([1, 2, 3, 4, 100], 3),
        ([1, 2, 3, 4, 5, 6], 4),
        ([0.2] * 5, 1),
        ([0] * 5, 1),
        ([19.1] * 5, 20),
        ([20] * 5, 20),
        ([20.5] * 5, 25),
        ([31] * 5, 35),
        ([300] * 5, 300),
    ],
)
def test_the_usual_wait_is_a_median_rounded_up_and_needs_five_samples(seconds, shown):
    answered_after(*seconds)

    assert get_availability(at=NOON).answer_s == shown


def test_only_the_latest_count(monkeypatch):
    monkeypatch.setattr(availability, "SAMPLES", 6)
    answered_after(*[300] * 5, *[6] * 6)

    assert get_availability(at=NOON).answer_s == 6


def test_what_was_asked_while_nobody_was_there_does_not_count():
    answered_after(*[7] * 5)
    for conversation in [make_conversation(at=NOON) for _ in range(9)]:
        conversation.begun_online = False
        conversation.first_message_at = NOON + timedelta(hours=1)
        conversation.first_answered_at = NOON + timedelta(hours=9)
        conversation.save()

    assert get_availability(at=NOON).answer_s == 7


def test_nobody_promises_a_speed_while_nobody_is_there():
    answered_after(*[7] * 5)

    assert get_availability(at=NOON + timedelta(hours=1)).answer_s is None


def test_it_takes_two_queries(django_assert_num_queries):
    answered_after(*[7] * 5)

    with django_assert_num_queries(2):
        get_availability(at=NOON)
    with django_assert_num_queries(1):
        get_availability(at=NOON + timedelta(hours=1))
    with django_assert_num_queries(1):
        is_anyone_online(at=NOON)


EVENING = Span(18 * 60, 22 * 60)  # It is one o'clock in the afternoon of Berlin.


def place():
    return Place(get_storefront().pk)


def test_outside_working_hours_it_is_offline_whoever_left_a_tab_open():
    bring_online(make_operator(), at=NOON)
    set_week(place=place(), week=[[EVENING]] * 7)

    answer = get_availability(at=NOON)

    assert (answer.state, answer.online, answer.operators) == ("offline", 0, ())
    assert answer.opens_at == to_ms(NOON + timedelta(hours=5))
    assert not is_anyone_online(at=NOON)


def test_in_working_hours_without_anybody_it_is_away():
    set_week(place=place(), week=[[Span(0, 24 * 60)]] * 7)

    answer = get_availability(at=NOON)

    assert (answer.state, answer.opens_at) == ("away", None)


def test_a_shop_that_never_opens_promises_no_time():
    set_special_days(place=place(), days=[NamedDay(NOON.date())])
    set_week(place=place(), week=[[]] * 7)
    assert get_availability(at=NOON).opens_at == to_ms(NOON + timedelta(hours=11))


def test_a_department_is_its_own_people_with_its_own_hours():
    sales, returns = (
        Department.objects.create(name=name) for name in ("Sales", "Returns")
    )
    operator = make_operator()
    bring_online(operator, at=NOON)
    sales.operators.add(operator)

    def state_in(department):
        return get_availability(at=NOON, department_id=department.pk).state

    assert (state_in(sales), state_in(returns)) == ("online", "away")
    own = Place(get_storefront().pk, sales.pk)
    set_week(place=own, week=[[EVENING]] * 7)
    assert (state(), state_in(sales), state_in(returns)) == (
        "online",
        "offline",
        "away",
    )
