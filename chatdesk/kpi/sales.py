"""The figures of sales: orders with a chat, what they brought, and the commission."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chatdesk.conf import get_settings
from chatdesk.kpi.definitions import Definition, Figure, Unit, share
from chatdesk.kpi.period import Period
from chatdesk.kpi.report import Reading
from chatdesk.kpi.sales_facts import (
    NOTHING,
    Sales,
    count_sold,
    count_sold_by_day,
    read_book,
)
from chatdesk.models import SoldOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesKpi(Definition):
    """A figure of sales, computed from what was sold and in which currency."""

    compute: Callable[[Sales, str], Figure]


def _money(amounts: Mapping[str, Decimal], currency: str) -> Figure:
    return Figure(float(amounts.get(currency, NOTHING)), currency=currency)


SALES = SalesKpi(
    key="sales",
    unit=Unit.COUNT,
    title=_("Sales with a chat"),
    definition=_(
        "Orders placed in the period that are credited to a dialog; cancelled orders "
        "and those given back altogether do not count."
    ),
    compute=lambda sales, _currency: Figure(len(sales.credited)),
    good=1,
)

REVENUE = SalesKpi(
    key="revenue",
    unit=Unit.MONEY,
    title=_("Revenue with a chat"),
    definition=_(
        "What these orders brought: goods after discounts and without delivery, less "
        "what was given back until now."
    ),
    compute=lambda sales, currency: _money(sales.revenue, currency),
    good=1,
)

SHARE = SalesKpi(
    key="sales_share",
    unit=Unit.SHARE,
    title=_("Orders with a chat"),
    definition=_(
        "Share of the orders placed in the period that are credited to a dialog; "
        "cancelled orders and those given back altogether count on neither side."
    ),
    compute=lambda sales, _currency: share(len(sales.credited), sales.orders),
    good=1,
)

ACCRUED = SalesKpi(
    key="accrued",
    unit=Unit.MONEY,
    title=_("Commission accrued"),
    definition=_(
        "Commission for orders that were paid in the period; adjustments by hand are "
        "not in it."
    ),
    compute=lambda sales, currency: _money(sales.accrued, currency),
)

REVERSED = SalesKpi(
    key="reversed",
    unit=Unit.MONEY,
    title=_("Commission taken back"),
    definition=_(
        "What refunds and cancellations of the period took off commission, also of "
        "orders that were paid before it."
    ),
    compute=lambda sales, currency: _money(sales.reversed, currency),
    good=-1,
)

SALES_REGISTRY: dict[str, SalesKpi] = {
    kpi.key: kpi for kpi in (SALES, REVENUE, SHARE, ACCRUED, REVERSED)
}
"""Every figure of sales by its key, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class SalesReport:
    """All figures of sales of a period; ``operators`` by their key."""

    period: Period
    currency: str
    now: Sales
    readings: Mapping[str, Reading]
    series: Mapping[str, tuple[float | None, ...]]
    operators: Mapping[int, Sales]


def has_sales() -> bool:
    """Return whether the shop ever told of an order."""
    return SoldOrder.objects.exists()


def build_sales_report(period: Period) -> SalesReport:
    """Compute every figure of sales of the period, with four queries."""
    earlier = period.previous()
    book = read_book(earlier.start, period.end)
    now, before = book.sum_up(period), book.sum_up(earlier)
    orders = count_sold_by_day(period)
    now.orders, before.orders = sum(orders.values()), count_sold(earlier)
    currency = _currency_of(now)
    days = book.by_day(period, orders=orders)
    return SalesReport(
        period=period,
        currency=currency,
        now=now,
        readings={
            key: Reading(kpi, kpi.compute(now, currency), kpi.compute(before, currency))
            for key, kpi in SALES_REGISTRY.items()
        },
        series={
            key: tuple(kpi.compute(day, currency).value for day in days)
            for key, kpi in SALES_REGISTRY.items()
        },
        operators=book.by_operator(period),
    )


def _currency_of(sales: Sales) -> str:
    """Return the shop's own currency, or the only one that there is."""
    own = get_settings().currency
    used = {*sales.revenue, *sales.accrued, *sales.reversed}
    return own if own in used or not used else min(used)
