"""The page of working hours: now, the week, special days, holidays of a year."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chatdesk import clock
from chatdesk.admin.base import read_day
from chatdesk.admin.hours_forms import HolidaysForm, SpecialDayForm, WeekForm
from chatdesk.models import Department, SpecialDay, Storefront
from chatdesk.selectors.holidays import has_presets, list_holidays
from chatdesk.selectors.hours import get_timetable
from chatdesk.services import hours
from chatdesk.services.hours import NamedDay, Place
from chatdesk.timetable import Span, Timetable

PERMISSION = "chatdesk.change_storefront"


@dataclass(frozen=True, slots=True)
class DayLine:
    """A special day in words."""

    date: date
    name: str
    hours: str
    by_hand: bool


@dataclass
class Page:
    """What the page shows, with the forms as they were sent."""

    place: Place
    week: WeekForm
    day: SpecialDayForm
    holidays: HolidaysForm
    preview: list[Any]


def show_hours(request: HttpRequest, site: AdminSite, storefront: int) -> HttpResponse:
    """Show the hours of a storefront or department, and do what a form asks."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    place = _find_place(request, storefront)
    at = clock.now()
    page = Page(
        place=place,
        week=WeekForm(week=_own_week(place)),
        day=SpecialDayForm(),
        holidays=HolidaysForm(),
        preview=[],
    )
    if request.method == "POST":
        act = ACTIONS.get(request.POST.get("action", ""))
        if act is not None and act(request, page, at):
            return HttpResponseRedirect(request.get_full_path())
    request.current_app = site.name
    context = {**site.each_context(request), **_describe(page, at)}
    return TemplateResponse(request, "admin/chatdesk/hours.html", context)


def _find_place(request: HttpRequest, storefront: int) -> Place:
    if not Storefront.objects.filter(pk=storefront).exists():
        raise Http404
    given = request.GET.get("department", "")
    department = int(given) if given.isdecimal() and len(given) < 10 else None
    if department and not Department.objects.filter(pk=department).exists():
        raise Http404
    return Place(storefront, department or None)


def _own_week(place: Place) -> list[list[Span]]:
    week: list[list[Span]] = [[] for _day in range(7)]
    for row in hours.list_week_rows(place=place):
        week[row.weekday].append(row.span)
    return week


def _save_week(request: HttpRequest, page: Page, _at: datetime) -> bool:
    page.week = WeekForm(request.POST)
    if not page.week.is_valid():
        return False
    hours.set_week(place=page.place, week=page.week.cleaned_data["week"])
    messages.success(request, _("The week was saved."))
    return True


def _add_day(request: HttpRequest, page: Page, _at: datetime) -> bool:
    page.day = SpecialDayForm(request.POST)
    if not page.day.is_valid():
        return False
    data = page.day.cleaned_data
    hours.set_special_days(place=page.place, days=[NamedDay(**data)])
    messages.success(request, _("The day was saved."))
    return True


def _remove_day(request: HttpRequest, page: Page, _at: datetime) -> bool:
    day = read_day(request.POST.get("date", ""))
    if day is not None:
        hours.remove_special_day(place=page.place, day=day)
    return True


def _preview(request: HttpRequest, page: Page, _at: datetime) -> bool:
    page.holidays = HolidaysForm(request.POST)
    if page.holidays.is_valid():
        page.preview = list_holidays(
            **page.holidays.cleaned_data, language=get_language() or "en"
        )
    return False


def _save_holidays(request: HttpRequest, page: Page, at: datetime) -> bool:
    _preview(request, page, at)
    chosen = set(request.POST.getlist("chosen"))
    days = [
        NamedDay(each.date, each.name)
        for each in page.preview
        if each.date.isoformat() in chosen
    ]
    number = hours.set_special_days(place=page.place, days=days)
    text = _("New closed days: %(number)s.") % {"number": number}
    messages.success(request, text)
    return True


def _close(request: HttpRequest, page: Page, at: datetime) -> bool:
    hours.close_today(place=page.place, at=at)
    messages.success(request, _("Closed for today. Visitors see it within seconds."))
    return True


def _reopen(request: HttpRequest, page: Page, _at: datetime) -> bool:
    hours.reopen_today(place=page.place)
    messages.success(request, _("The usual hours count again."))
    return True


ACTIONS = {
    "week": _save_week,
    "day": _add_day,
    "remove": _remove_day,
    "preview": _preview,
    "holidays": _save_holidays,
    "close": _close,
    "reopen": _reopen,
}


def _describe(page: Page, at: datetime) -> dict[str, Any]:
    place = page.place
    table = get_timetable(**place.keys)
    today = at.astimezone(table.zone).date()
    rows = SpecialDay.objects.filter(**place.keys, date__gte=today)
    days = [_line(row) for row in rows]
    departments = Department.objects.filter(is_active=True).order_by("position", "pk")
    return {
        "title": _("Working hours"),
        "opts": Storefront._meta,
        "storefront": Storefront.objects.get(pk=place.storefront_id),
        "departments": departments,
        "department": place.department_id,
        "week": page.week,
        "day_form": page.day,
        "holidays": page.holidays,
        "preview": page.preview,
        "has_presets": has_presets(),
        "days": days,
        "is_open": table.is_open(at),
        "is_closed_by_hand": any(row.by_hand for row in days),
        "now": _now(table, at),
        "zone": table.zone.key,
    }


def _line(row: SpecialDay) -> DayLine:
    spans = ", ".join(f"{_clock(span.begin)}-{_clock(span.end)}" for span in row.hours)
    return DayLine(row.date, row.name, spans or _("closed"), row.by_hand)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _now(table: Timetable, at: datetime) -> str:
    if table.is_always_open:
        return _("No hours are set: the shop is always open.")
    if table.is_open(at):
        until = table.next_closing(at)
        if until is None:
            return _("Open.")
        return _("Open until %(time)s.") % {"time": _moment(table, until)}
    opening = table.next_opening(at)
    if opening is None:
        return _("Closed, and no opening is in sight.")
    return _("Closed until %(time)s.") % {"time": _moment(table, opening)}


def _moment(table: Timetable, at: datetime) -> str:
    return formats.date_format(at.astimezone(table.zone), "l, j E, H:i")
