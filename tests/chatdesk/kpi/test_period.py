"""Periods are whole days by the shop's calendar, also when a day has 23 or 25 hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from chatdesk.kpi.period import last_days, start_of_day

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # 12:00 in Berlin


def test_today_begins_at_midnight_in_the_shop() -> None:
    period = last_days(1, at=NOON)

    assert period.start == datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    assert period.end == NOON
    assert period.dates == [date(2026, 11, 20)]


def test_today_is_the_shops_day_and_not_that_of_greenwich() -> None:
    just_after_midnight = datetime(2026, 11, 19, 23, 5, tzinfo=UTC)

    assert last_days(1, at=just_after_midnight).dates == [date(2026, 11, 20)]


def test_a_reader_in_another_zone_sees_the_same_period() -> None:
    expected = last_days(7, at=NOON)

    with timezone.override("Asia/Tokyo"):
        assert last_days(7, at=NOON) == expected


def test_seven_days_include_today() -> None:
    period = last_days(7, at=NOON)

    assert period.dates[0] == date(2026, 11, 14)
    assert period.dates[-1] == date(2026, 11, 20)
    assert len(period.dates) == 7


def test_the_previous_period_ends_at_the_same_clock_time() -> None:
    previous = last_days(7, at=NOON).previous()

    assert previous.start == start_of_day(date(2026, 11, 7))
    assert previous.end == NOON - timedelta(days=7)


def test_the_previous_of_today_is_yesterday_up_to_now() -> None:
    previous = last_days(1, at=NOON).previous()

    assert previous.start == start_of_day(date(2026, 11, 19))
    assert previous.end == NOON - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    length = start_of_day(day + timedelta(days=1)) - start_of_day(day)

    assert length == timedelta(hours=hours)


def test_the_clock_time_is_compared_across_the_change_of_clocks() -> None:
    # 29 March 2026, 12:00 in Berlin is 10:00 in Greenwich; the day before it was 11:00.
    at = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)

    previous = last_days(1, at=at).previous()

    assert previous.end == datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
    assert previous.end - previous.start == timedelta(hours=12)
    assert at - last_days(1, at=at).start == timedelta(hours=11)


def test_a_month_with_a_change_of_clocks_has_all_its_days() -> None:
    at = datetime(2026, 4, 10, 10, 0, tzinfo=UTC)

    period = last_days(30, at=at)

    assert len(set(period.dates)) == 30
    assert period.start == start_of_day(date(2026, 3, 12))


def test_a_day_that_has_no_midnight_begins_at_its_first_instant(
    settings: Settings,
) -> None:
    # In Beirut the clocks go from 0:00 to 1:00, so that midnight does not exist.
    settings.TIME_ZONE = "Asia/Beirut"

    assert start_of_day(date(2026, 3, 29)) == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert start_of_day(date(2026, 3, 30)) == datetime(2026, 3, 29, 21, 0, tzinfo=UTC)
