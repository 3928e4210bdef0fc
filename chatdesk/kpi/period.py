"""Periods: spans of whole days in the shop's zone, up to a moment, and the one before.

Both ends are instants, so that a day of 23 or 25 hours is as long as it was, and the
same clock time is compared with the same clock time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, the end left out; ``days`` calendar days in all.

    The last of them may be unfinished.
    """

    start: datetime
    end: datetime
    days: int

    @property
    def dates(self) -> list[date]:
        """The days of the period by the shop's calendar, oldest first."""
        first = self.start.astimezone(site_zone()).date()
        return [first + timedelta(days=number) for number in range(self.days)]

    def previous(self) -> "Period":
        """Return the period of as many days before, up to the same clock time."""
        back = timedelta(days=self.days)
        return Period(
            start=_shifted(self.start, back),
            end=_shifted(self.end, back),
            days=self.days,
        )


def site_zone() -> tzinfo:
    """Return the shop's own zone, whatever zone a reader has chosen."""
    return timezone.get_default_timezone()


def last_days(days: int, *, at: datetime) -> Period:
    """Return the period of so many days that ends now; today is the last of them."""
    today = at.astimezone(site_zone()).date()
    first = today - timedelta(days=days - 1)
    return Period(start=start_of_day(first), end=at.astimezone(UTC), days=days)


def start_of_day(day: date) -> datetime:
    """Return the instant at which a day of the shop begins."""
    return datetime.combine(day, time.min, site_zone()).astimezone(UTC)


def _shifted(moment: datetime, back: timedelta) -> datetime:
    # Arithmetic on local time moves the hands of the clock, not the seconds between.
    return (moment.astimezone(site_zone()) - back).astimezone(UTC)
