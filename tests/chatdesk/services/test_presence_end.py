"""Presence that is ended by others, and what a chosen absence leaves behind."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Lease, PresencePeriod
from chatdesk.services.presence import (
    Absence,
    choose_status,
    connect_operator,
    end_presence,
    renew_leases,
    set_away_for_missed,
)
from tests.factories import NOON, actor_of_operator, bring_online, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def states(operator):
    rows = PresencePeriod.objects.filter(operator=operator).order_by("from_at", "pk")
    return list(rows.values_list("state", "reason"))


def choose(operator, status, *, at, **absence):
    return choose_status(
        actor=actor_of_operator(operator),
        status=status,
        at=after(at),
        absence=Absence(**absence),
    )


def test_who_may_not_be_here_any_more_loses_all_his_connections():
    operator, colleague = make_operator(), make_operator()
    for each in (operator, operator, colleague):
        bring_online(each, at=NOON)

    end_presence(operator_id=operator.pk, at=after(5))

    assert [lease.operator for lease in Lease.objects.all()] == [colleague]
    assert states(operator) == [("online", ""), ("offline", "")]
    assert states(colleague) == [("online", "")]


def test_ending_it_twice_ends_it_once():
    operator = make_operator()
    bring_online(operator, at=NOON)

    for at in (5, 6):
        end_presence(operator_id=operator.pk, at=after(at))

    assert states(operator) == [("online", ""), ("offline", "")]


def test_one_who_fell_silent_before_was_gone_since_then():
    operator = make_operator()
    bring_online(operator, at=NOON)

    end_presence(operator_id=operator.pk, at=after(90))

    assert PresencePeriod.objects.get(state="online").to_at == NOON


def test_nobodys_presence_cannot_be_ended():
    with pytest.raises(NotFound):
        end_presence(operator_id=0, at=NOON)


def test_a_connection_that_was_ended_is_told_to_connect_again():
    operator = make_operator()
    connection = bring_online(operator, at=NOON)
    end_presence(operator_id=operator.pk, at=after(5))

    assert renew_leases(connections=[connection], at=after(6)) == [connection]


def test_renewing_nothing_loses_nothing():
    assert renew_leases(connections=[], at=NOON) == []


@pytest.mark.parametrize("status", ["online", "offline"])
def test_only_who_is_away_has_a_reason(status):
    operator = make_operator()
    bring_online(operator, at=NOON)

    choose(operator, status, at=5, reason="lunch", back_at=after(900))

    operator.refresh_from_db()
    assert (operator.away_reason, operator.back_at) == ("", None)


@pytest.mark.parametrize("back_at", [None, after(6)])
def test_a_reason_may_come_with_a_return_or_without(back_at):
    operator = make_operator()
    bring_online(operator, at=NOON)

    choose(operator, "away", at=5, reason="lunch", back_at=back_at)

    operator.refresh_from_db()
    assert (operator.away_reason, operator.back_at) == ("lunch", back_at)


def test_a_reason_outlives_a_lost_connection():
    operator = make_operator()
    bring_online(operator, at=NOON)
    choose(operator, "away", at=5, reason="lunch")

    end_presence(operator_id=operator.pk, at=after(10))
    state = connect_operator(
        operator_id=operator.pk, connection=uuid4(), process=uuid4(), at=after(20)
    )

    assert state == "away"
    assert states(operator) == [
        ("online", ""),
        ("away", "lunch"),
        ("offline", ""),
        ("away", "lunch"),
    ]


@pytest.mark.parametrize("status", ["away", "offline"])
def test_who_chose_to_be_gone_missed_nothing(status):
    operator = make_operator()
    bring_online(operator, at=NOON)
    choose(operator, status, at=5)

    assert not set_away_for_missed(operator_id=operator.pk, at=after(6))

    operator.refresh_from_db()
    assert (operator.status, operator.away_reason) == (status, "")


@pytest.mark.parametrize("reason", ["missed", "idle", "<b>", "обед", "lunch "])
def test_a_reason_of_ours_or_of_nobody_cannot_be_chosen(reason):
    operator = make_operator()
    bring_online(operator, at=NOON)

    with pytest.raises(Invalid):
        choose(operator, "away", at=5, reason=reason)

    operator.refresh_from_db()
    assert operator.status == "online"
