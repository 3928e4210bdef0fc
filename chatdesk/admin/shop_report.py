"""The report for the shop: what is asked, what is searched, who orders with a chat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chatdesk import clock
from chatdesk.admin.base import may_see_performance
from chatdesk.admin.csv_file import answer_csv
from chatdesk.kpi.period import Period, last_days
from chatdesk.kpi.shop import (
    CHAT_COUNTS_FOR,
    AskedProduct,
    Cut,
    Funnel,
    asked_products,
    countries,
    funnels,
    has_orders,
    searched_words,
)
from chatdesk.models import Operator, Visit
from chatdesk.selectors.shop import product_names

USUAL = 7
PERIODS = (7, 30, 90)
FIRST = 8
"""So many rows a table has until somebody asks for all of them."""

Table = tuple[Sequence[object], list[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Side:
    """A line of the funnel in words."""

    label: str | Promise
    visits: str
    ordered: str
    conversion: str
    mean: str


def show_shop_report(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the page, or one of its tables as a file, to who may see the figures."""
    if not may_see_performance(request):
        raise PermissionDenied
    days = _days(request)
    period = last_days(days, at=clock.now())
    cut = _cut(request)
    table = FILES.get(request.GET.get("csv", ""))
    if table is not None:
        head, rows = table(period, cut)
        return answer_csv(f"{request.GET['csv']}-{days}", head, rows)
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "title": _("Report for the shop"),
        "opts": Operator._meta,
        "days": days,
        "periods": PERIODS,
        "cut": cut,
        "query": urlencode({"source": cut.source, "country": cut.country}),
        "sources": Visit.Source.choices,
        "countries": countries(period),
        "may_read": request.user.has_perm("chatdesk.view_conversation"),
        **_describe(period, cut, all_of=request.GET.get("all", "")),
    }
    return TemplateResponse(request, "admin/chatdesk/shop_report.html", context)


def _describe(period: Period, cut: Cut, *, all_of: str) -> dict[str, Any]:
    chatted, silent = funnels(period, cut)
    products, searches = asked_products(period, cut), searched_words(period, cut)
    return {
        "products": _named(products if all_of == "questions" else products[:FIRST]),
        "products_left": 0 if all_of == "questions" else len(products[FIRST:]),
        "searches": searches if all_of == "searches" else searches[:FIRST],
        "searches_left": 0 if all_of == "searches" else len(searches[FIRST:]),
        "sides": (
            _side(gettext_lazy("With a chat"), chatted),
            _side(gettext_lazy("Without a chat"), silent),
        ),
        "visits": chatted.visits + silent.visits,
        "has_orders": has_orders(),
        "chat_days": CHAT_COUNTS_FOR.days,
    }


def _named(products: Sequence[AskedProduct]) -> list[AskedProduct]:
    """Call products as the shop calls them to this reader, not as the visitor saw."""
    names = product_names([row.ref for row in products])
    return [replace(row, title=names.get(row.ref, row.title)) for row in products]


def _side(label: str | Promise, funnel: Funnel) -> Side:
    share = funnel.conversion
    return Side(
        label=label,
        visits=number_format(funnel.visits),
        ordered=number_format(funnel.ordered),
        conversion="–" if share is None else f"{number_format(share * 100, 1)} %",
        mean=", ".join(
            f"{number_format(mean, 2)} {currency}".strip()
            for currency, (_total, mean) in funnel.sums.items()
        )
        or "–",
    )


def _days(request: HttpRequest) -> int:
    known = {str(days): days for days in PERIODS}
    return known.get(request.GET.get("period", ""), USUAL)


def _cut(request: HttpRequest) -> Cut:
    source = request.GET.get("source", "")
    country = request.GET.get("country", "").upper()
    is_country = len(country) == 2 and country.isascii() and country.isalpha()
    return Cut(
        source=source if source in Visit.Source.values else "",
        country=country if is_country else "",
    )


def _product_table(period: Period, cut: Cut) -> Table:
    title = pgettext("of a thing", "Name")
    head = (_("Product"), title, _("Asked"), _("Before"), _("Questions"))
    return head, [
        (
            row.ref,
            row.title,
            row.asked,
            row.before,
            " | ".join(question.text for question in row.questions),
        )
        for row in _named(asked_products(period, cut))
    ]


def _search_table(period: Period, cut: Cut) -> Table:
    head = (_("Words"), _("Searches"), _("Found"), _("Dialogs"))
    return head, [
        (row.words, row.searches, row.found_most, row.dialogs)
        for row in searched_words(period, cut)
    ]


def _funnel_table(period: Period, cut: Cut) -> Table:
    head = (
        *("", _("Visits"), _("With an order"), _("Orders")),
        *(_("Currency"), _("Sum"), _("Average order")),
    )
    chatted, silent = funnels(period, cut)
    sides = ((_("With a chat"), chatted), (_("Without a chat"), silent))
    return head, [row for label, side in sides for row in _funnel_rows(label, side)]


def _funnel_rows(label: str, side: Funnel) -> Iterator[Sequence[object]]:
    counts = (label, side.visits, side.ordered, side.orders)
    if not side.sums:
        yield (*counts, "", "", "")
    for currency, (total, mean) in side.sums.items():
        yield (*counts, currency, round(total, 2), round(mean, 2))


FILES: dict[str, Callable[[Period, Cut], Table]] = {
    "questions": _product_table,
    "searches": _search_table,
    "funnel": _funnel_table,
}
