"""The performance page: who is at the desk now, and the figures of a period."""

from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatdesk import clock
from chatdesk.admin.base import may_see_performance
from chatdesk.admin.figures import describe_figures, time_per_order
from chatdesk.admin.line_figures import describe_line
from chatdesk.admin.presence import describe_presence
from chatdesk.admin.sales_figures import describe_sales
from chatdesk.kpi.period import last_days
from chatdesk.kpi.report import build_report
from chatdesk.models import Operator

USUAL = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the periods to look at."""

    days: int
    label: Promise


CHOICES = (
    Choice(1, gettext_lazy("Today")),
    Choice(7, gettext_lazy("7 days")),
    Choice(30, gettext_lazy("30 days")),
)


def show_performance(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the page to whoever may see everybody's figures."""
    if not may_see_performance(request):
        raise PermissionDenied
    at = clock.now()
    days = _days(request)
    period = last_days(days, at=at)
    report = build_report(period, at=at)
    sales = describe_sales(period, user=request.user)
    orders = sales["sales"]["all"].orders if sales else 0
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "title": _("Performance"),
        "opts": Operator._meta,
        "days": days,
        "choices": CHOICES,
        "may_read": request.user.has_perm("chatdesk.view_conversation"),
        "presence": describe_presence(at=at),
        "line_tiles": describe_line(report.period, at=at),
        **describe_figures(report, sales.get("sales_of", {})),
        "per_order": time_per_order(report.led, orders),
        **sales,
    }
    return TemplateResponse(request, "admin/chatdesk/performance.html", context)


def show_presence(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the presence board alone, for a page that keeps itself up to date."""
    if not may_see_performance(request):
        raise PermissionDenied
    request.current_app = site.name
    context = {"presence": describe_presence(at=clock.now())}
    response = TemplateResponse(request, "chatdesk/admin/presence.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _days(request: HttpRequest) -> int:
    chosen = request.GET.get("period", "")
    known = {str(choice.days): choice.days for choice in CHOICES}
    return known.get(chosen, USUAL)
