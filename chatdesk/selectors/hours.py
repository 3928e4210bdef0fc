"""Working hours in force: is it open, when next, how much work lies between.

A process reads the rows at most once in five seconds, so the waiting clock may ask at
every message without a query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from chatdesk.models import OpeningHours, SpecialDay, Storefront
from chatdesk.remembered import Remembered
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.timetable import Span, Timetable
from chatdesk.wire import objects

SECONDS = 5.0
BEFORE = timedelta(days=1)
AHEAD = timedelta(days=8)

# A storefront, and one of its departments or None for the shop itself.
Place = tuple[int, int | None]
Week = tuple[tuple[Span, ...], ...]
Days = dict[date, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Hours:
    """All rows of all storefronts as a process remembers them."""

    default: int
    zones: Mapping[int, ZoneInfo]
    weeks: Mapping[Place, Week]
    days: Mapping[Place, Days]
    by_hand: Mapping[Place, Days]
    _made: dict[Place, Timetable] = field(default_factory=dict, repr=False)

    def timetable(self, storefront: int, department: int | None) -> Timetable:
        """Return the hours of a department, which are its shop's where it has none."""
        own = storefront, department
        made = self._made.get(own)
        if made is None:
            made = self._made[own] = self._make(storefront, own)
        return made

    def _make(self, storefront: int, own: Place) -> Timetable:
        shop = storefront, None
        # Later ones go before earlier ones: a click is the last word.
        days: Days = {}
        for each in (self.days, self.by_hand):
            for place in (shop, own):
                days |= each.get(place, {})
        return Timetable(
            zone=self.zones.get(storefront) or zone_named(""),
            week=self.weeks.get(own) or self.weeks.get(shop),
            days=days,
        )


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone; that of the site when the name is empty or unknown."""
    try:
        return ZoneInfo(name or timezone.get_default_timezone_name())
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(timezone.get_default_timezone_name())


def get_timetable(
    *, storefront_id: int | None = None, department_id: int | None = None
) -> Timetable:
    """Return the hours in force of a shop or one of its departments.

    Without a storefront the first one is meant. Without any row it is always open.
    """
    hours = recent.get()
    return hours.timetable(storefront_id or hours.default, department_id)


def is_open(at: datetime, *, department_id: int | None = None) -> bool:
    """Return whether ``at`` is a working moment."""
    return get_timetable(department_id=department_id).is_open(at)


def next_opening(at: datetime, *, department_id: int | None = None) -> datetime | None:
    """Return the first working moment at or after ``at``; None within 400 days."""
    return get_timetable(department_id=department_id).next_opening(at)


def business_seconds(
    start: datetime, end: datetime, *, department_id: int | None = None
) -> float:
    """Return how many seconds of working time lie between two moments."""
    return get_timetable(department_id=department_id).seconds_between(start, end)


def business_deadline(
    start: datetime, duration: timedelta, *, department_id: int | None = None
) -> datetime | None:
    """Return when so much working time has passed since ``start``; None if never."""
    return get_timetable(department_id=department_id).add(start, duration)


def hours_around(at: datetime) -> objects.OpeningHours:
    """Return the shop's working time from yesterday to the day after in a week.

    As moments, so that each visitor reads them on his own clock; exceptions included.
    """
    timetable = get_timetable()
    if timetable.is_always_open:
        return objects.OpeningHours()
    found = timetable.intervals(at - BEFORE, at + AHEAD)
    return objects.OpeningHours(
        stretches=tuple(
            objects.Stretch(begins_at=objects.to_ms(begin), ends_at=objects.to_ms(end))
            for begin, end in found
        )
    )


def forget_hours() -> None:
    """Read the rows again at the next question."""
    recent.forget()


def _load() -> Hours:
    weeks: dict[Place, list[list[Span]]] = {}
    for row in OpeningHours.objects.all():
        place = (row.storefront_id, row.department_id)
        week = weeks.setdefault(place, [[] for _ in range(7)])
        week[row.weekday].append(row.span)
    days: dict[Place, Days] = {}
    by_hand: dict[Place, Days] = {}
    for day in SpecialDay.objects.all():
        kept = by_hand if day.by_hand else days
        place = (day.storefront_id, day.department_id)
        kept.setdefault(place, {})[day.date] = day.hours
    return Hours(
        default=get_storefront().pk,
        zones={
            pk: zone_named(name)
            for pk, name in Storefront.objects.values_list("pk", "time_zone")
        },
        weeks={
            place: tuple(tuple(sorted(spans)) for spans in week)
            for place, week in weeks.items()
        },
        days=days,
        by_hand=by_hand,
    )


recent = Remembered(_load, seconds=SECONDS)
