"""The week, special days, and one click that closes today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatdesk.models import Department, OpeningHours, SpecialDay
from chatdesk.selectors.hours import get_timetable, is_open, next_opening
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.hours import (
    NamedDay,
    Place,
    close_today,
    remove_special_day,
    reopen_today,
    set_special_days,
    set_week,
)
from chatdesk.timetable import Span

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MONDAY = datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("Europe/Berlin"))
HOUR = timedelta(hours=1)
NINE_TO_SIX = [[Span(540, 1080)]] * 5 + [[], []]
NIGHTS = [[Span(1320, 1560)]] * 7


def place(**fields):
    return Place(get_storefront().pk, **fields)


def test_a_week_replaces_the_one_before():
    set_week(place=place(), week=NIGHTS)
    set_week(place=place(), week=NINE_TO_SIX)

    assert OpeningHours.objects.count() == 5
    assert get_timetable().week == tuple(map(tuple, NINE_TO_SIX))


@pytest.mark.parametrize("span", [Span(0, 1440), Span(1320, 1560), Span(600, 601)])
def test_what_is_written_is_what_is_read(span):
    set_week(place=place(), week=[[span]] * 7)

    assert get_timetable().week == ((span,),) * 7


def test_an_empty_week_means_always():
    set_week(place=place(), week=NINE_TO_SIX)
    set_week(place=place(), week=[[]] * 7)

    assert get_timetable().is_always_open


def test_a_special_day_is_written_once_and_changed_after_that():
    day = MONDAY.date()
    assert set_special_days(place=place(), days=[NamedDay(day, "Fair")]) == 1
    hours = (Span(600, 720),)
    assert set_special_days(place=place(), days=[NamedDay(day, "Fair", hours)]) == 0

    assert next_opening(MONDAY.replace(hour=1)) == MONDAY.replace(hour=10)
    remove_special_day(place=place(), day=day)
    assert is_open(MONDAY)


def test_today_is_closed_with_one_click_and_opened_with_another():
    set_week(place=place(), week=NINE_TO_SIX)

    assert close_today(place=place(), at=MONDAY) == date(2026, 11, 30)
    close_today(place=place(), at=MONDAY + HOUR)

    assert next_opening(MONDAY) == MONDAY.replace(day=1, month=12, hour=9)
    reopen_today(place=place())
    assert is_open(MONDAY)
    assert not SpecialDay.objects.exists()


def test_a_click_leaves_the_hours_of_a_special_day_as_they_were():
    day = NamedDay(MONDAY.date(), "Fair", (Span(720, 900),))
    set_special_days(place=place(), days=[day])

    close_today(place=place(), at=MONDAY)
    assert not is_open(MONDAY)
    reopen_today(place=place())

    assert is_open(MONDAY)
    assert not is_open(MONDAY - HOUR)


def test_closing_after_midnight_ends_the_night_that_goes_on():
    set_week(place=place(), week=NIGHTS)
    night = MONDAY.replace(hour=1)
    assert is_open(night)

    close_today(place=place(), at=night)

    assert not is_open(night)
    assert next_opening(night) == MONDAY.replace(day=1, month=12, hour=22)


def test_the_hours_of_a_department_leave_those_of_the_shop_alone():
    own = place(department_id=Department.objects.create(name="Returns").pk)
    set_week(place=place(), week=NINE_TO_SIX)
    set_week(place=own, week=NIGHTS)
    close_today(place=own, at=MONDAY)

    assert is_open(MONDAY)
    assert OpeningHours.objects.filter(department=None).count() == 5
