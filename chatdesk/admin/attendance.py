"""The presence page: today by the minute, the week against the plan, what is open."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk import clock
from chatdesk.admin import wording
from chatdesk.admin.base import may_see_performance, read_day
from chatdesk.admin.faces import Face, face_of
from chatdesk.admin.presence import describe_presence
from chatdesk.models import Operator
from chatdesk.selectors.attendance import (
    Attendance,
    Interval,
    Row,
    Watch,
    get_attendance,
)
from chatdesk.selectors.hours import get_timetable

WEEK = 7
HOURS = range(0, 25, 3)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the day in hundredths of it, with what it says."""

    kind: str
    start: str
    width: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One operator's day and week."""

    face: Face
    shifts: tuple[Bar, ...]
    stays: tuple[Bar, ...]
    remarks: tuple[str, ...]
    online: str
    away: str
    planned: str


def show_attendance(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show one day, today unless another is asked for, and the week around it."""
    if not may_see_performance(request):
        raise PermissionDenied
    at = clock.now()
    day = read_day(request.GET.get("day", "")) or timezone.localdate(at)
    begin = timezone.make_aware(datetime.combine(day, time()))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    today = get_attendance(begin=begin, end=end, at=at)
    monday = day - timedelta(days=day.weekday())
    week = get_attendance(
        begin=timezone.make_aware(datetime.combine(monday, time())),
        end=timezone.make_aware(
            datetime.combine(monday + timedelta(days=WEEK), time())
        ),
        at=at,
    )
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "title": _("Presence"),
        "opts": Operator._meta,
        "presence": describe_presence(at=at),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "marks": [(f"{hour:02}:00", f"{hour / 24:.2%}") for hour in HOURS],
        "lines": [_line(row, today) for row in today.rows],
        "uncovered": [_uncovered(each, today) for each in today.uncovered],
        "uncovered_time": wording.hours(today.uncovered_time.total_seconds()),
        "at_once": _at_once(today),
        "week": [_line(row, week) for row in week.rows],
        "has_hours": not get_timetable().is_always_open,
        "gaps": [_gap(each) for each in week.uncovered if _is_worth_a_line(each)],
    }
    return TemplateResponse(request, "admin/chatdesk/attendance.html", context)


def _line(row: Row, frame: Attendance) -> Line:
    return Line(
        face=face_of(row.operator),
        shifts=tuple(
            _bar("shift", (w.shift.begins_at, w.shift.ends_at), frame)
            for w in row.watches
        ),
        stays=tuple(
            _bar(stay.state, (stay.begin, stay.end), frame)
            for stay in row.stays
            if stay.state != Operator.Status.OFFLINE
        ),
        remarks=tuple(words for each in row.watches for words in _remarks(each)),
        online=wording.hours(row.online.total_seconds()),
        away=wording.hours(row.away.total_seconds()),
        planned=wording.hours(row.planned.total_seconds()),
    )


def _remarks(watch: Watch) -> list[str]:
    words = []
    if watch.is_absent:
        words.append(_("did not come"))
    elif watch.late is not None:
        words.append(_("%(time)s late") % {"time": wording.span(watch.late)})
    if watch.early is not None:
        words.append(_("left %(time)s early") % {"time": wording.span(watch.early)})
    return words


def _bar(kind: str, interval: Interval, frame: Attendance) -> Bar:
    begin, end = max(interval[0], frame.begin), min(interval[1], frame.end)
    whole = (frame.end - frame.begin).total_seconds()
    start = (begin - frame.begin).total_seconds() / whole
    width = max((end - begin).total_seconds() / whole, 0)
    label = _("planned") if kind == "shift" else str(Operator.Status(kind).label)
    words = f"{label} {wording.clock(interval[0])}–{wording.clock(interval[1])}"
    return Bar(kind, f"{start:.3%}", f"{width:.3%}", words)


def _uncovered(interval: Interval, frame: Attendance) -> Bar:
    bar = _bar("online", interval, frame)
    words = f"{wording.clock(interval[0])}–{wording.clock(interval[1])}"
    return Bar("uncovered", bar.start, bar.width, words)


def _is_worth_a_line(interval: Interval) -> bool:
    # A page that is loaded anew leaves its operator away for some seconds.
    return interval[1] - interval[0] >= timedelta(minutes=1)


def _gap(interval: Interval) -> dict[str, Any]:
    begin, end = interval
    return {
        "day": timezone.localtime(begin).date(),
        "words": f"{wording.clock(begin)}–{wording.clock(end)}",
        "long": wording.hours((end - begin).total_seconds()),
    }


def _at_once(frame: Attendance) -> list[Bar]:
    """Return how many were online at once, as stretches of the day."""
    moments: list[tuple[datetime, int]] = []
    for row in frame.rows:
        for stay in row.stays:
            if stay.state == Operator.Status.ONLINE:
                moments += [(stay.begin, 1), (stay.end, -1)]
    bars, number = [], 0
    ordered = sorted(moments)
    for index, (moment, change) in enumerate(ordered[:-1]):
        number += change
        until = ordered[index + 1][0]
        if number and until > moment:
            bar = _bar("online", (moment, until), frame)
            bars.append(Bar("number", bar.start, bar.width, str(number)))
    return bars
