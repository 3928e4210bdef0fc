"""Attendance: the record of presence held against shifts and working hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from chatdesk.models import Operator, PresencePeriod, Shift
from chatdesk.selectors.hours import get_timetable

Interval = tuple[datetime, datetime]
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """An operator was in one state from here to there."""

    state: str
    reason: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """A shift, and what became of it: how late he came, how early he went."""

    shift: Shift
    late: timedelta | None
    early: timedelta | None
    is_absent: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One operator in a stretch of time, against what was planned."""

    operator: Operator
    stays: tuple[Stay, ...]
    watches: tuple[Watch, ...]
    planned: timedelta
    online: timedelta
    away: timedelta


@dataclass(frozen=True, slots=True)
class Attendance:
    """Everybody between two moments, and the time in which somebody was missed.

    ``uncovered`` is working time without anybody online; planned time, where the shop
    has set no working hours.
    """

    rows: tuple[Row, ...]
    uncovered: tuple[Interval, ...]
    begin: datetime
    end: datetime

    @property
    def uncovered_time(self) -> timedelta:
        """All the time in which nobody was online and somebody was to be."""
        return sum((end - begin for begin, end in self.uncovered), timedelta())


def get_attendance(*, begin: datetime, end: datetime, at: datetime) -> Attendance:
    """Return who was there between two moments, up to ``at``, with three queries."""
    until = min(end, at)
    operators = list(Operator.objects.filter(is_active=True).order_by("name", "pk"))
    periods = PresencePeriod.objects.filter(
        Q(to_at=None) | Q(to_at__gt=begin), from_at__lt=until
    ).order_by("from_at", "pk")
    stays: dict[int, list[Stay]] = {}
    for row in periods:
        since, to = max(row.from_at, begin), min(row.to_at or until, until)
        if since < to:
            stay = Stay(row.state, row.reason, since, to)
            stays.setdefault(row.operator_id, []).append(stay)
    shifts: dict[int, list[Shift]] = {}
    planned = Shift.objects.filter(begins_at__lt=end, ends_at__gt=begin)
    for shift in planned.select_related("operator").order_by("begins_at"):
        shifts.setdefault(shift.operator_id, []).append(shift)
    rows = tuple(
        _row(each, stays.get(each.pk, []), shifts.get(each.pk, []), (begin, end, at))
        for each in operators
    )
    online = [
        (stay.begin, stay.end)
        for found in stays.values()
        for stay in found
        if stay.state == Operator.Status.ONLINE
    ]
    planned_time = [
        (max(shift.begins_at, begin), min(shift.ends_at, until))
        for found in shifts.values()
        for shift in found
    ]
    work = _promised(planned_time, begin, until)
    return Attendance(rows, tuple(subtract(work, online)), begin, end)


def _promised(
    planned: Iterable[Interval], begin: datetime, until: datetime
) -> list[Interval]:
    """Return the time in which somebody was to be there.

    A shop without working hours promises visitors nothing: only its shifts count.
    """
    if begin >= until:
        return []
    timetable = get_timetable()
    if not timetable.is_always_open:
        return list(timetable.intervals(begin, until))
    joined: list[Interval] = []
    for since, to in sorted(each for each in planned if each[0] < each[1]):
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], to)
        else:
            joined.append((since, to))
    return joined


def subtract(whole: Iterable[Interval], parts: Iterable[Interval]) -> list[Interval]:
    """Return what of ``whole`` none of ``parts`` covers."""
    left = list(whole)
    for begin, end in sorted(parts):
        rest: list[Interval] = []
        for a, b in left:
            if end <= a or b <= begin:
                rest.append((a, b))
                continue
            if a < begin:
                rest.append((a, begin))
            if end < b:
                rest.append((end, b))
        left = rest
    return left


def _row(
    operator: Operator,
    stays: list[Stay],
    shifts: list[Shift],
    frame: tuple[datetime, datetime, datetime],
) -> Row:
    begin, end, at = frame
    planned = sum(
        (min(s.ends_at, end) - max(s.begins_at, begin) for s in shifts), timedelta()
    )
    return Row(
        operator=operator,
        stays=tuple(stays),
        watches=tuple(_watch(shift, stays, at=at) for shift in shifts),
        planned=planned,
        online=_spent(stays, Operator.Status.ONLINE),
        away=_spent(stays, Operator.Status.AWAY),
    )


def _spent(stays: list[Stay], state: str) -> timedelta:
    return sum(
        (stay.end - stay.begin for stay in stays if stay.state == state), timedelta()
    )


def _watch(shift: Shift, stays: list[Stay], *, at: datetime) -> Watch:
    there = [
        stay
        for stay in stays
        if stay.state != Operator.Status.OFFLINE
        and stay.begin < shift.ends_at
        and stay.end > shift.begins_at
    ]
    if not there:
        is_due = at > shift.begins_at + TOLERANCE
        late = min(at, shift.ends_at) - shift.begins_at if is_due else None
        return Watch(shift, late, None, is_absent=is_due)
    late = max(there[0].begin - shift.begins_at, timedelta())
    gone = min(there[-1].end, at)
    early = shift.ends_at - gone if at >= shift.ends_at else timedelta()
    return Watch(
        shift,
        late if late > TOLERANCE else None,
        early if early > TOLERANCE else None,
        is_absent=False,
    )
