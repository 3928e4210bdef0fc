"""Attendance: what the record of presence says against shifts and hours."""

from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.models import PresencePeriod
from chatdesk.selectors.attendance import get_attendance, subtract
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.hours import Place, set_week
from chatdesk.services.rota import plan_shift
from chatdesk.timetable import Span
from tests.factories import make_operator

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour, minute=0):
    return DAY + timedelta(hours=hour, minutes=minute)


def parts(*pairs):
    return [(at(begin), at(end)) for begin, end in pairs]


@pytest.mark.parametrize(
    ("whole", "taken", "left"),
    [
        ([(9, 18)], [], [(9, 18)]),
        ([], [(9, 18)], []),
        ([(9, 18)], [(9, 18)], []),
        ([(9, 18)], [(8, 10)], [(10, 18)]),
        ([(9, 18)], [(17, 20)], [(9, 17)]),
        ([(9, 18)], [(12, 13), (10, 11)], [(9, 10), (11, 12), (13, 18)]),
        ([(9, 18)], [(10, 13), (12, 15)], [(9, 10), (15, 18)]),
        ([(9, 12), (13, 18)], [(11, 14)], [(9, 11), (14, 18)]),
        ([(9, 12), (13, 18)], [(12, 13)], [(9, 12), (13, 18)]),
        ([(9, 18)], [(10, 10)], [(9, 10), (10, 18)]),
    ],
)
def test_what_nobody_covers_is_left(whole, taken, left):
    assert subtract(parts(*whole), parts(*taken)) == parts(*left)


@pytest.fixture
def operator(db):
    return make_operator()


def was(operator, state, begin, end=None, **facts):
    PresencePeriod.objects.create(
        operator=operator,
        state=state,
        from_at=begin,
        to_at=end,
        **facts,
    )


def plan(operator, begin=None, end=None):
    plan_shift(operator_id=operator.pk, begins_at=begin or at(9), ends_at=end or at(18))


def row(now=None):
    (found,) = get_attendance(begin=DAY, end=at(24), at=now or at(24)).rows
    return found


def watch(now=None):
    (found,) = row(now).watches
    return found


MINUTES = timedelta(minutes=1)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("came", "went", "late", "early"),
    [
        (at(9), at(18), None, None),
        (at(8), at(19), None, None),
        (at(9, 1), at(17, 59), None, None),
        (at(9, 2), at(18), 2 * MINUTES, None),
        (at(9), at(17, 58), None, 2 * MINUTES),
        (at(10), at(17), 60 * MINUTES, 60 * MINUTES),
    ],
)
def test_a_minute_more_or_less_is_in_time(operator, came, went, late, early):
    plan(operator)
    was(operator, "online", came, went)

    found = watch()

    assert (found.late, found.early, found.is_absent) == (late, early, False)


def test_who_is_away_has_come(operator):
    plan(operator)
    was(operator, "away", at(9), at(18), reason="lunch")

    assert (watch().late, watch().is_absent) == (None, False)


def test_who_is_recorded_as_offline_has_not(operator):
    plan(operator)
    was(operator, "offline", at(9), at(18))

    assert watch().is_absent


def test_who_went_home_before_the_shift_is_absent_from_it(operator):
    plan(operator)
    was(operator, "online", at(7), at(9))

    assert watch().is_absent


@pytest.mark.parametrize(
    ("now", "absent", "late"),
    [
        (at(8), False, None),
        (at(9, 1), False, None),
        (at(9, 2), True, 2 * MINUTES),
        (at(12), True, 180 * MINUTES),
        (at(23), True, 540 * MINUTES),
    ],
)
def test_who_has_not_come_is_absent_as_soon_as_he_is_due(operator, now, absent, late):
    plan(operator)

    found = watch(now)

    assert (found.is_absent, found.late, found.early) == (absent, late, None)


def test_who_is_still_there_did_not_leave_early(operator):
    plan(operator)
    was(operator, "online", at(9))

    assert watch(at(12)).early is None
    assert row(at(12)).online == timedelta(hours=3)


def test_a_pause_in_the_middle_is_neither_late_nor_early(operator):
    plan(operator)
    was(operator, "online", at(9), at(12))
    was(operator, "offline", at(12), at(13))
    was(operator, "online", at(13), at(18))

    assert (watch().late, watch().early) == (None, None)
    assert row().online == timedelta(hours=8)


def test_only_the_time_within_the_frame_counts(operator):
    plan(operator, at(-4), at(4))
    was(operator, "online", at(-4), at(2))
    was(operator, "away", at(22), at(30))

    found = row()

    assert (found.planned, found.online, found.away) == (
        timedelta(hours=4),
        timedelta(hours=2),
        timedelta(hours=2),
    )
    assert [(stay.begin, stay.end) for stay in found.stays] == parts((0, 2), (22, 24))


def test_a_stay_keeps_its_reason(operator):
    was(operator, "away", at(12), at(13), reason="lunch")

    assert [(stay.state, stay.reason) for stay in row().stays] == [("away", "lunch")]


def test_former_operators_are_not_listed_and_the_rest_by_name(db):
    for name, is_active in (("Boris", True), ("Anna", True), ("Former", False)):
        each = make_operator(name=name)
        each.is_active = is_active
        each.save()

    rows = get_attendance(begin=DAY, end=at(24), at=at(24)).rows

    assert [each.operator.name for each in rows] == ["Anna", "Boris"]


def test_a_day_to_come_has_nothing_uncovered(operator):
    set_week(place=Place(get_storefront().pk), week=[[Span(540, 1080)]] * 7)

    found = get_attendance(begin=DAY, end=at(24), at=at(-1))

    assert (found.uncovered, found.uncovered_time) == ((), timedelta())


def test_it_takes_three_queries_however_many_there_are(db, django_assert_num_queries):
    for number in range(3):
        each = make_operator(name=f"Operator {number}")
        plan(each)
        was(each, "online", at(9), at(18))

    with django_assert_num_queries(3):
        found = get_attendance(begin=DAY, end=at(24), at=at(24))

    assert len(found.rows) == 3
