"""Who touches none of his tabs is away after a while, and back when he does."""

from datetime import timedelta

import pytest

from chatdesk.models import PresencePeriod
from chatdesk.services.activity import note_activity, watch_idle
from chatdesk.services.presence import choose_status, renew_leases
from tests.factories import NOON, actor_of_operator, bring_online, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def after(minutes):
    return NOON + timedelta(minutes=minutes)


def stay(*connections, until):
    """Let tabs be heard of until then, touched by nobody."""
    renew_leases(connections=connections, at=after(until))


def state_of(operator):
    operator.refresh_from_db()
    return operator.status, operator.away_reason


def test_five_minutes_without_a_touch_make_away():
    operator = make_operator()
    tab = bring_online(operator, at=NOON)

    stay(tab, until=4.9)
    assert watch_idle(at=after(4.9)) == 0
    stay(tab, until=5)
    assert watch_idle(at=after(5)) == 1

    assert state_of(operator) == ("away", "idle")
    latest = PresencePeriod.objects.get(operator=operator, to_at=None)
    assert (latest.state, latest.reason, latest.from_at) == ("away", "idle", after(5))


def test_a_touch_in_any_tab_counts():
    operator = make_operator()
    first, second = (bring_online(operator, at=NOON) for _ in range(2))

    note_activity(connections=[second], at=after(3))
    stay(first, second, until=6)

    assert watch_idle(at=after(6)) == 0
    assert state_of(operator) == ("online", "")


def test_a_touch_of_a_tab_that_is_gone_counts_no_more():
    operator = make_operator()
    alive, gone = (bring_online(operator, at=NOON) for _ in range(2))
    note_activity(connections=[gone], at=after(4))

    stay(alive, until=6)

    assert watch_idle(at=after(6)) == 1


def test_who_touches_a_tab_again_is_back():
    operator = make_operator()
    tab = bring_online(operator, at=NOON)
    stay(tab, until=6)
    watch_idle(at=after(6))

    note_activity(connections=[tab], at=after(7))
    stay(tab, until=7)

    assert watch_idle(at=after(7)) == 1
    assert state_of(operator) == ("online", "")


@pytest.mark.parametrize("status", ["away", "offline"])
def test_what_a_person_chose_stays(status):
    operator = make_operator()
    tab = bring_online(operator, at=NOON)
    choose_status(actor=actor_of_operator(operator), status=status, at=after(1))
    stay(tab, until=9)

    assert watch_idle(at=after(9)) == 0
    note_activity(connections=[tab], at=after(10))
    stay(tab, until=10)
    assert watch_idle(at=after(10)) == 0
    assert state_of(operator) == (status, "")


def test_a_choice_is_a_sign_of_life():
    operator = make_operator()
    tab = bring_online(operator, at=NOON)
    choose_status(actor=actor_of_operator(operator), status="online", at=after(4))
    stay(tab, until=8)

    assert watch_idle(at=after(8)) == 0


def test_a_shop_may_switch_it_off(settings):
    settings.CHATDESK = {"IDLE_AFTER": timedelta()}
    operator = make_operator()
    tab = bring_online(operator, at=NOON)
    stay(tab, until=60)

    assert watch_idle(at=after(60)) == 0


def test_it_costs_one_query_when_nothing_changes(django_assert_num_queries):
    for _ in range(3):
        bring_online(make_operator(), at=NOON)

    with django_assert_num_queries(1):
        watch_idle(at=NOON + timedelta(seconds=5))
