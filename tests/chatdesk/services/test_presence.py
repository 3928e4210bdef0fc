"""Presence: leases of living connections, and periods that never overlap."""

import random
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Lease, PresencePeriod
from chatdesk.services.presence import (
    LINGER,
    Absence,
    choose_status,
    connect_operator,
    expire_leases,
    linger,
    release_lease,
    renew_leases,
    set_away_for_missed,
)
from tests.factories import NOON, actor_of_operator, make_operator
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LEASE_S = 25


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def connect(operator, *, at=0):
    connection = uuid4()
    state = connect_operator(
        operator_id=operator.pk, connection=connection, process=uuid4(), at=after(at)
    )
    return connection, state


def choose(operator, status, *, at=0):
    return choose_status(actor=actor_of_operator(operator), status=status, at=after(at))


def periods(operator):
    """Return state, beginning and end in seconds of each period, oldest first."""
    rows = PresencePeriod.objects.filter(operator=operator).order_by("from_at", "pk")
    return [
        (
            row.state,
            (row.from_at - NOON).total_seconds(),
            None if row.to_at is None else (row.to_at - NOON).total_seconds(),
        )
        for row in rows
    ]


def test_who_connects_is_online_with_a_lease():
    operator = make_operator()

    connection, state = connect(operator)

    lease = Lease.objects.get(connection=connection)
    assert (lease.heard_at, lease.expires_at) == (NOON, after(LEASE_S))
    assert state == "online"
    assert periods(operator) == [("online", 0, None)]


def test_a_second_tab_changes_nothing():
    operator = make_operator()
    connect(operator)

    connect(operator, at=5)

    assert periods(operator) == [("online", 0, None)]


def test_he_is_gone_when_his_last_tab_is():
    operator = make_operator()
    first, _ = connect(operator)
    second, _ = connect(operator, at=5)

    release_lease(connection=first, at=after(10))
    assert periods(operator) == [("online", 0, None)]

    release_lease(connection=second, at=after(20))
    assert periods(operator) == [("online", 0, 20), ("offline", 20, None)]


def test_a_connection_that_was_cut_counts_for_some_seconds_more():
    operator = make_operator()
    connection, _ = connect(operator)

    linger(connection=connection, at=after(10))
    expire_leases(at=after(10) + LINGER - timedelta(seconds=1))
    assert Lease.objects.exists()

    linger(connection=connection, at=after(20))
    expire_leases(at=after(10) + LINGER)
    assert not Lease.objects.exists()


def test_a_connection_that_is_not_known_is_released_in_silence():
    release_lease(connection=uuid4(), at=NOON)

    assert not PresencePeriod.objects.exists()


def test_a_renewed_lease_lasts_from_then():
    operator = make_operator()
    connection, _ = connect(operator)

    renew_leases(connections=[connection], at=after(20))

    assert expire_leases(at=after(44)) == 0
    assert periods(operator) == [("online", 0, None)]
    assert expire_leases(at=after(45)) == 1


def test_renewing_tells_whose_lease_is_gone():
    operator = make_operator()
    connections = [connect(operator)[0] for _ in range(2)]
    expire_leases(at=after(30))
    third, _ = connect(operator, at=30)

    lost = renew_leases(connections=[*connections, third], at=after(31))

    assert set(lost) == set(connections)


def test_a_connection_that_comes_back_has_its_lease_again():
    operator = make_operator()
    connection, _ = connect(operator)

    for at in (5, 60):
        connect_operator(
            operator_id=operator.pk,
            connection=connection,
            process=uuid4(),
            at=after(at),
        )

    assert Lease.objects.get().expires_at == after(60 + LEASE_S)
    assert periods(operator) == [
        ("online", 0, 5),
        ("offline", 5, 60),
        ("online", 60, None),
    ]


def test_silence_ends_presence_at_the_last_heartbeat():
    operator = make_operator()
    connection, _ = connect(operator)
    renew_leases(connections=[connection], at=after(8))

    expire_leases(at=after(60))

    assert periods(operator) == [("online", 0, 8), ("offline", 8, None)]
    assert not Lease.objects.exists()


def test_of_several_tabs_that_fell_silent_the_last_heartbeat_counts():
    operator = make_operator()
    first, _ = connect(operator)
    second, _ = connect(operator, at=1)
    renew_leases(connections=[first], at=after(16))
    renew_leases(connections=[second], at=after(8))

    expire_leases(at=after(60))

    assert periods(operator) == [("online", 0, 16), ("offline", 16, None)]


def test_a_tab_that_is_left_keeps_him_online_when_another_fell_silent():
    operator = make_operator()
    connect(operator)
    alive, _ = connect(operator, at=1)
    renew_leases(connections=[alive], at=after(24))

    expire_leases(at=after(30))

    assert periods(operator) == [("online", 0, None)]


@pytest.mark.parametrize("status", ["away", "offline"])
def test_the_switch_is_kept_and_begins_a_period(status):
    operator = make_operator()
    connect(operator)

    assert choose(operator, status, at=9) == status

    operator.refresh_from_db()
    assert (operator.status, operator.status_changed_at) == (status, after(9))
    assert periods(operator) == [("online", 0, 9), (status, 9, None)]


def test_the_switch_of_somebody_who_is_not_there_is_remembered_for_later():
    operator = make_operator()

    assert choose(operator, "away") == "offline"

    _, state = connect(operator, at=60)
    assert state == "away"
    assert periods(operator) == [("offline", 0, 60), ("away", 60, None)]


def test_choosing_what_is_chosen_begins_no_period():
    operator = make_operator()
    connect(operator)

    choose(operator, "online", at=9)

    assert periods(operator) == [("online", 0, None)]


def test_a_status_that_does_not_exist_is_invalid():
    with pytest.raises(Invalid):
        choose(make_operator(), "asleep")


def test_nobody_connects_as_an_operator_who_does_not_exist():
    with pytest.raises(NotFound):
        connect_operator(
            operator_id=424242, connection=uuid4(), process=uuid4(), at=NOON
        )


def test_what_was_chosen_after_the_last_heartbeat_overlaps_nothing():
    operator = make_operator()
    connect(operator)
    choose(operator, "away", at=5)

    expire_leases(at=after(60))

    assert periods(operator) == [
        ("online", 0, 5),
        ("away", 5, 5),
        ("offline", 5, None),
    ]


@pytest.mark.parametrize("comes_back", ["connect", "choose", "release"])
def test_silence_that_nobody_has_looked_at_yet_ends_at_its_last_heartbeat(comes_back):
    operator = make_operator()
    connection, _ = connect(operator)
    renew_leases(connections=[connection], at=after(8))

    match comes_back:
        case "connect":
            connect(operator, at=40)
        case "choose":
            choose(operator, "away", at=40)
        case _:
            release_lease(connection=connection, at=after(40))

    assert periods(operator)[0] == ("online", 0, 8)
    assert periods(operator)[1][:2] == ("offline", 8)


@pytest.mark.parametrize("seed", range(6))
def test_periods_follow_each_other_whatever_happens(seed):
    chance = random.Random(seed)
    operator = make_operator()
    connections, clock = [], 0
    for _ in range(60):
        clock += chance.choice([0, 1, 3, 9, 20, 30])
        match chance.randrange(6):
            case 0 | 1:
                connections.append(connect(operator, at=clock)[0])
            case 2 if connections:
                gone = connections.pop(chance.randrange(len(connections)))
                release_lease(connection=gone, at=after(clock))
            case 3:
                some = chance.sample(connections, len(connections) // 2)
                renew_leases(connections=some, at=after(clock))
            case 4:
                status = chance.choice(["online", "away", "offline"])
                choose(operator, status, at=clock)
            case _:
                expire_leases(at=after(clock))

    kept = periods(operator)

    assert len(kept) > 3
    assert kept[-1][2] is None
    for (state, began, ended), (following, begins, _) in pairwise(kept):
        assert began <= ended
        assert ended == begins
        assert state != following


@pytest.mark.django_db(transaction=True)
def test_one_period_is_open_when_everything_happens_at_once():
    operator = make_operator()
    tabs = [connect(operator)[0] for _ in range(3)]

    outcomes = together(
        lambda: connect(operator, at=20)[1],
        lambda: release_lease(connection=tabs[0], at=after(20)),
        lambda: choose(operator, "away", at=20),
        lambda: expire_leases(at=after(20)),
        lambda: renew_leases(connections=tabs, at=after(20)),
    )

    assert not [each for each in outcomes if isinstance(each, Exception)]
    kept = periods(operator)
    assert [ended for _, _, ended in kept].count(None) == 1
    assert kept[-1][0] == "away"


def away(operator, *, at, reason="lunch", back=None):
    absence = Absence(reason, None if back is None else after(back))
    actor = actor_of_operator(operator)
    return choose_status(actor=actor, status="away", at=after(at), absence=absence)


def test_the_record_keeps_why_somebody_was_away_and_until_when():
    operator = make_operator()
    connect(operator)
    away(operator, at=10, back=1800)
    away(operator, at=20, reason="training")
    choose(operator, "online", at=24)

    rows = PresencePeriod.objects.filter(operator=operator).order_by("from_at")
    assert [(row.state, row.reason) for row in rows] == [
        ("online", ""),
        ("away", "lunch"),
        ("away", "training"),
        ("online", ""),
    ]
    assert rows[1].back_at == after(1800)
    operator.refresh_from_db()
    assert (operator.away_reason, operator.back_at) == ("", None)


def test_a_later_return_is_the_same_absence():
    operator = make_operator()
    connect(operator)
    away(operator, at=10, back=600)
    away(operator, at=20, back=900)

    latest = PresencePeriod.objects.get(operator=operator, to_at=None)
    assert (latest.from_at, latest.back_at) == (after(10), after(900))


@pytest.mark.parametrize(
    "absence", [Absence("holiday"), Absence("idle"), Absence("lunch", after(9))]
)
def test_a_reason_nobody_may_give_and_a_return_in_the_past_are_refused(absence):
    operator = make_operator()

    with pytest.raises(Invalid):
        choose_status(
            actor=actor_of_operator(operator),
            status="away",
            at=after(10),
            absence=absence,
        )


def test_a_shop_has_reasons_of_its_own(settings):
    settings.CHATDESK = {"AWAY_REASONS": ("stock-taking",)}
    operator = make_operator()
    connect(operator)

    assert away(operator, at=10, reason="stock-taking") == "away"


def test_who_missed_a_dialog_is_put_away_until_he_chooses():
    operator = make_operator()
    connect(operator)

    assert set_away_for_missed(operator_id=operator.pk, at=after(5))
    assert not set_away_for_missed(operator_id=operator.pk, at=after(6))

    operator.refresh_from_db()
    assert (operator.status, operator.away_reason) == ("away", "missed")
    assert periods(operator)[-1] == ("away", 5, None)
    assert choose(operator, "online", at=9) == "online"
