"""Working hours read from rows: the shop's, a department's, and the exceptions."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatdesk.models import Department, SpecialDay
from chatdesk.selectors.hours import (
    business_deadline,
    business_seconds,
    forget_hours,
    get_timetable,
    hours_around,
    is_open,
    next_opening,
    zone_named,
)
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.wire.objects import Stretch, to_ms
from tests.factories import open_shop

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 29, 12, tzinfo=BERLIN)
MONDAY = datetime(2026, 11, 30, 9, tzinfo=BERLIN)


def add_day(day, spans=(), **fields):
    SpecialDay.objects.create(
        storefront=get_storefront(), date=day, spans=list(spans), **fields
    )
    forget_hours()


def test_without_rows_the_shop_is_always_open():
    assert is_open(SUNDAY)
    assert next_opening(SUNDAY) == SUNDAY


def test_hours_are_meant_in_the_zone_of_the_storefront():
    open_shop()
    storefront = get_storefront()
    storefront.time_zone = "Asia/Vladivostok"
    storefront.save()
    forget_hours()

    opening = next_opening(SUNDAY)

    assert opening == datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Asia/Vladivostok"))


def test_a_zone_that_does_not_exist_is_that_of_the_site():
    assert zone_named("Middle/Earth") == zone_named("") == BERLIN


def test_the_clock_of_a_question_counts_business_hours_only():
    open_shop()
    asked = MONDAY - timedelta(hours=30)

    assert business_seconds(asked, MONDAY + timedelta(minutes=1)) == 60
    deadline = business_deadline(asked, timedelta(seconds=20))
    assert deadline == MONDAY + timedelta(seconds=20)


def test_a_closed_day_goes_before_the_week():
    open_shop()
    add_day(MONDAY.date(), name="Holiday")

    assert next_opening(SUNDAY) == MONDAY + timedelta(days=1)


def test_a_day_closed_by_hand_goes_before_its_own_hours():
    add_day(MONDAY.date(), [(600, 900)])
    add_day(MONDAY.date(), by_hand=True)

    assert not is_open(MONDAY + timedelta(hours=2))


def test_a_department_without_hours_keeps_those_of_the_shop():
    department = Department.objects.create(name="Returns")
    open_shop()
    add_day(MONDAY.date())

    opening = next_opening(SUNDAY, department_id=department.pk)

    assert opening == MONDAY + timedelta(days=1)


def test_a_department_may_have_hours_and_days_of_its_own():
    department = Department.objects.create(name="Returns")
    open_shop()
    open_shop(opens=time(12), closes=time(14), department=department)
    add_day(MONDAY.date(), [(900, 960)], department=department)

    assert next_opening(SUNDAY) == MONDAY
    own = next_opening(SUNDAY, department_id=department.pk)
    assert own == MONDAY + timedelta(hours=6)
    later = next_opening(MONDAY + timedelta(hours=9), department_id=department.pk)
    assert later == MONDAY + timedelta(days=1, hours=3)


def test_rows_are_read_once_in_a_while(django_assert_num_queries):
    open_shop()
    add_day(date(2026, 12, 25))

    with django_assert_num_queries(4):
        for _ in range(3):
            assert next_opening(SUNDAY) == MONDAY
            assert get_timetable().zone == BERLIN


def test_a_visitor_reads_the_coming_week_with_its_exceptions():
    open_shop()
    add_day(date(2026, 12, 1), [(600, 720)], name="Short")

    found = hours_around(SUNDAY).stretches

    first, *_, last = found
    assert (first.begins_at, first.ends_at) == tuple(
        to_ms(MONDAY + timedelta(hours=hours)) for hours in (0, 9)
    )
    tuesday = MONDAY + timedelta(days=1)
    assert (
        Stretch(
            begins_at=to_ms(tuesday + timedelta(hours=1)),
            ends_at=to_ms(tuesday + timedelta(hours=3)),
        )
        in found
    )
    # The day after in a week is Monday again, cut where we stop to look.
    assert last.ends_at == to_ms(SUNDAY + timedelta(days=8))


def test_a_shop_that_never_closes_has_no_hours_to_read():
    assert hours_around(SUNDAY).stretches == ()
