"""The arithmetic of working hours: spans of the wall clock laid onto real time.

It knows no rows and no clock, so it can be held against a plain oracle. A period is
open from the first moment at which the wall clock of its day shows the beginning or
later, to the last at which it shows less than the end; so an hour that summer time
skips is nobody's working hour, and one that comes twice is worked through.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
FARTHEST_DAYS = 400
# A period may reach into the next day, and a zone may skip a whole day.
REACH_DAYS = 2

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A period of the wall clock, in minutes from the midnight its day begins with.

    ``end`` is over 1,440 when the period runs into the next day.
    """

    begin: int
    end: int

    @classmethod
    def between(cls, opens: time, closes: time, *, next_day: bool = False) -> "Span":
        """Return the span from one time of day to another, perhaps of the next day."""
        end = closes.hour * 60 + closes.minute + (DAY_MINUTES if next_day else 0)
        return cls(opens.hour * 60 + opens.minute, end)

    def overlaps(self, other: "Span") -> bool:
        """Return whether both hold a common minute."""
        return self.begin < other.end and other.begin < self.end

    def later(self, minutes: int) -> "Span":
        """Return the same span so many minutes later."""
        return Span(self.begin + minutes, self.end + minutes)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a shop or a department answers.

    ``week`` holds the spans of Monday to Sunday; None stands for always. ``days`` are
    the dates with hours of their own, none at all for a day that is closed.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...] | None = None
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def is_always_open(self) -> bool:
        """Whether there is neither a week nor an exception."""
        return self.week is None and not self.days

    def is_open(self, at: datetime) -> bool:
        """Return whether ``at`` is a working moment."""
        if self.is_always_open:
            return True
        return any(begin <= at < end for begin, end in self._around(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the first working moment at or after ``at``; None if none is near."""
        if self.is_open(at):
            return at
        for begin, _ in self._from(at):
            if begin >= at:
                return begin
        return None

    def next_closing(self, at: datetime) -> datetime | None:
        """Return when the work that goes on at ``at`` ends; None if it does not.

        Periods that touch are one.
        """
        if self.is_always_open or not self.is_open(at):
            return None
        for _, end in self.intervals(at, at + timedelta(days=FARTHEST_DAYS)):
            farthest = at + timedelta(days=FARTHEST_DAYS)
            return end if end < farthest else None
        return None

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Return how many seconds of work lie between two moments."""
        if end <= start:
            return 0.0
        if self.is_always_open:
            return (end - start).total_seconds()
        parts = self.intervals(start, end)
        return sum((until - since).total_seconds() for since, until in parts)

    def add(self, start: datetime, duration: timedelta) -> datetime | None:
        """Return when so much work has passed since ``start``; None if it never does.

        A duration of nothing outside working hours ends at the next opening.
        """
        if self.is_always_open:
            return start + duration
        left = duration
        for since, until in self.intervals(start, start + timedelta(FARTHEST_DAYS)):
            if until - since >= left:
                return since + left
            left -= until - since
        return None

    def intervals(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Yield the working time between two moments, joined where it touches."""
        if self.is_always_open:
            yield start, end
            return
        since: datetime | None = None
        until = start
        for opens, closes in self._from(start):
            if opens >= end:
                break
            if closes <= start:
                continue
            if since is not None and opens <= until:
                until = max(until, closes)
                continue
            if since is not None:
                yield since, min(until, end)
            since, until = max(opens, start), closes
        if since is not None:
            yield since, min(until, end)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the hours that begin on a date: its own, else those of its weekday."""
        if day in self.days:
            return self.days[day]
        if self.week is None:
            return (Span(0, DAY_MINUTES),)
        return self.week[day.weekday()]

    def _around(self, at: datetime) -> Iterator[Interval]:
        today = at.astimezone(self.zone).date()
        for back in range(REACH_DAYS + 1):
            day = today - timedelta(days=back)
            yield from _on(self.zone, day, self.spans_on(day))

    def _from(self, at: datetime) -> Iterator[Interval]:
        first = at.astimezone(self.zone).date() - timedelta(days=REACH_DAYS)
        for ahead in range(FARTHEST_DAYS + REACH_DAYS + 1):
            day = first + timedelta(days=ahead)
            yield from _on(self.zone, day, self.spans_on(day))


@lru_cache(maxsize=4096)
def _on(zone: ZoneInfo, day: date, spans: tuple[Span, ...]) -> tuple[Interval, ...]:
    midnight = datetime.combine(day, time())
    found = []
    for span in sorted(spans):
        begin = first_at(midnight + timedelta(minutes=span.begin), zone)
        end = last_before(midnight + timedelta(minutes=span.end), zone)
        if begin < end:
            found.append((begin, end))
    return tuple(found)


def first_at(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment at which the wall clock shows this time or later."""
    early, late = _both(wall, zone)
    return early if early <= late else _jump(wall, zone, late, early)


def last_before(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the last moment at which the wall clock shows less."""
    early, late = _both(wall, zone)
    if early > late:
        return _jump(wall, zone, late, early)
    # Of an hour that comes twice the clock's jump back may be the end itself.
    before = late - timedelta(microseconds=1)
    return late if _wall(before, zone) < wall else early


def _both(wall: datetime, zone: ZoneInfo) -> Interval:
    local = wall.replace(tzinfo=zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _jump(
    wall: datetime, zone: ZoneInfo, before: datetime, after: datetime
) -> datetime:
    # The clock jumps over this time: the jump lies between the two readings of it.
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _wall(before + timedelta(seconds=middle), zone) < wall:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)
