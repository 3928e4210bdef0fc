"""Working hours: the week, special days, and closing today with one click."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from chatdesk.models import OpeningHours, SpecialDay
from chatdesk.selectors.hours import forget_hours, get_timetable
from chatdesk.timetable import DAY_MINUTES, Span


@dataclass(frozen=True, slots=True)
class Place:
    """Whose hours they are: a storefront's, or one of its departments'."""

    storefront_id: int
    department_id: int | None = None

    @property
    def keys(self) -> dict[str, Any]:
        """What its rows are found and made with."""
        return {
            "storefront_id": self.storefront_id,
            "department_id": self.department_id,
        }


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A date with a name and the hours of it, none for a day that is closed."""

    date: date
    name: str = ""
    spans: tuple[Span, ...] = ()


def list_week_rows(*, place: Place) -> list[OpeningHours]:
    """Return the periods of a place itself, not those it takes from its shop."""
    return list(OpeningHours.objects.filter(**place.keys).order_by("weekday", "opens"))


def set_week(*, place: Place, week: Sequence[Iterable[Span]]) -> None:
    """Replace the week of a place by seven lists of spans, Monday first.

    A week without any span is removed: then a department keeps the hours of its shop,
    and a shop is always open. The spans are those of one day each and do not overlap.
    """
    with transaction.atomic():
        OpeningHours.objects.filter(**place.keys).delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(
                **place.keys,
                weekday=weekday,
                opens=_time(span.begin),
                closes=_time(span.end % DAY_MINUTES),
                next_day=span.end >= DAY_MINUTES,
            )
            for weekday, spans in enumerate(week)
            for span in sorted(spans)
        )
        _tell()


def set_special_days(*, place: Place, days: Iterable[NamedDay]) -> int:
    """Write down dates with hours of their own; return how many were new.

    A date that is known already gets the new name and hours.
    """
    with transaction.atomic():
        made = [
            SpecialDay.objects.update_or_create(
                **place.keys,
                date=day.date,
                by_hand=False,
                defaults={"name": day.name, "spans": _pairs(day.spans)},
            )[1]
            for day in days
        ]
        _tell()
    return sum(made)


def remove_special_day(*, place: Place, day: date) -> None:
    """Let a date have the hours of its weekday again."""
    with transaction.atomic():
        days = SpecialDay.objects.filter(**place.keys)
        days.filter(date=day, by_hand=False).delete()
        _tell()


def close_today(*, place: Place, at: datetime) -> date:
    """Close for the rest of today, whatever the week says; return the date.

    Work that began yesterday and goes on past midnight ends, too.
    """
    table = get_timetable(
        storefront_id=place.storefront_id, department_id=place.department_id
    )
    today = at.astimezone(table.zone).date()
    dates = [today]
    if any(span.end > DAY_MINUTES for span in table.spans_on(today - timedelta(1))):
        dates.append(today - timedelta(days=1))
    with transaction.atomic():
        for day in dates:
            SpecialDay.objects.update_or_create(
                **place.keys,
                date=day,
                by_hand=True,
                defaults={"spans": []},
            )
        _tell()
    return today


def reopen_today(*, place: Place) -> None:
    """Take back what was closed with one click; the week counts again."""
    with transaction.atomic():
        SpecialDay.objects.filter(**place.keys, by_hand=True).delete()
        _tell()


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.begin, span.end] for span in sorted(spans)]


def _tell() -> None:
    # Now for who goes on in this transaction, then for those who looked meanwhile.
    forget_hours()
    transaction.on_commit(forget_hours)
