"""The figures of sales in words: tiles, and what each operator sold and earned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chatdesk.admin import wording
from chatdesk.admin.tiles import Tile, tile_of
from chatdesk.kpi.definitions import Unit
from chatdesk.kpi.period import Period
from chatdesk.kpi.sales import SalesReport, build_sales_report, has_sales
from chatdesk.kpi.sales_facts import NOTHING, Sales
from chatdesk.selectors.shop_words import money

CREDITS = "chatdesk.view_salecredit"
LEDGER = "chatdesk.view_ledgerline"
OF_LEDGER = {"accrued": "accrual", "reversed": "reversal"}


@dataclass(frozen=True, slots=True)
class OperatorSales:
    """What one operator sold and earned, in words."""

    sales: str
    revenue: str
    commission: str
    orders: int = 0
    sales_url: str = ""
    commission_url: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may see of sales: credits, and the ledger."""

    credits: bool
    ledger: bool


def describe_sales(period: Period, *, user: Any) -> dict[str, Any]:
    """Return the tiles and the operators' columns, as far as this user may see them.

    Nothing, and one query, where the shop never told of an order.
    """
    sight = Sight(user.has_perm(CREDITS), user.has_perm(LEDGER))
    if not (sight.credits or sight.ledger) or not has_sales():
        return {}
    report = build_sales_report(period)
    return {
        "sales": {
            "tiles": [
                _tile(key, report)
                for key in report.readings
                if (sight.ledger if key in OF_LEDGER else sight.credits)
            ],
            "sight": sight,
            "all": _row(report.now, report, sight, {}),
        },
        "sales_of": {
            pk: _row(sales, report, sight, {"operator__id__exact": pk})
            for pk, sales in report.operators.items()
        },
    }


def _tile(key: str, report: SalesReport) -> Tile:
    reading = report.readings[key]
    is_comparable = bool(reading.before.value)
    tile = tile_of(reading, report.series[key], is_comparable=is_comparable)
    if key in OF_LEDGER:
        url = _ledger_url(report, {"kind__exact": OF_LEDGER[key]})
    else:
        url = _credits_url(report, {})
    tile = replace(tile, url=url, small=_small(key, report))
    # A sum needs the room of the line.
    return replace(tile, points="") if reading.kpi.unit is Unit.MONEY else tile


def _small(key: str, report: SalesReport) -> str:
    if key == "sales_share" and not report.readings[key].now.is_thin:
        figure = report.readings[key].now
        shown = {"part": figure.part, "whole": figure.whole}
        return _("%(part)s of %(whole)s") % {
            name: wording.number(value) for name, value in shown.items()
        }
    sums = {"revenue": report.now.revenue, **_ledger_sums(report.now)}.get(key, {})
    others = {code: sum_ for code, sum_ in sums.items() if code != report.currency}
    return " + ".join(_words(others)) if others else ""


def _ledger_sums(sales: Sales) -> dict[str, dict[str, Decimal]]:
    return {"accrued": sales.accrued, "reversed": sales.reversed}


def _words(sums: Mapping[str, Decimal]) -> list[str]:
    return [money(amount, currency) for currency, amount in sorted(sums.items())]


def _row(
    sales: Sales, report: SalesReport, sight: Sight, whose: dict[str, Any]
) -> OperatorSales:
    nothing = {report.currency: NOTHING}
    return OperatorSales(
        sales=wording.number(len(sales.credited)),
        revenue=" + ".join(_words(sales.revenue or nothing)),
        commission=" + ".join(_words(sales.commission or nothing)),
        orders=len(sales.credited),
        sales_url=_credits_url(report, whose) if sight.credits else "",
        commission_url=_ledger_url(report, whose) if sight.ledger else "",
    )


def _credits_url(report: SalesReport, whose: dict[str, Any]) -> str:
    span = _span("order__placed_at", report.period)
    return _list_url("salecredit", {"order__is_void__exact": 0, **span, **whose})


def _ledger_url(report: SalesReport, whose: dict[str, Any]) -> str:
    return _list_url("ledgerline", {**_span("at", report.period), **whose})


def _list_url(model: str, filters: dict[str, Any]) -> str:
    return f"{reverse(f'admin:chatdesk_{model}_changelist')}?{urlencode(filters)}"


def _span(field: str, period: Period) -> dict[str, str]:
    return {
        f"{field}__gte": period.start.isoformat(sep=" "),
        f"{field}__lt": period.end.isoformat(sep=" "),
    }
