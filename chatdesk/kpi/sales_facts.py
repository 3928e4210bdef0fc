"""The rows that figures of sales stand on: credits, lines of the ledger, orders.

An order belongs to the period in which it was placed, a line of the ledger to the one
of its own moment. Sums are added here and exactly: SQLite adds decimals as floats.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from chatdesk.kpi.period import Period, site_zone
from chatdesk.models import LedgerLine, SaleCredit, SoldOrder

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")

Kind = LedgerLine.Kind
Sums = dict[str, Decimal]


def _sums() -> Sums:
    return defaultdict(lambda: NOTHING)


@dataclass(slots=True)
class Sales:
    """What was sold in some span, with a chat and in all; sums by currency."""

    orders: int = 0
    credited: set[int] = field(default_factory=set)
    revenue: Sums = field(default_factory=_sums)
    accrued: Sums = field(default_factory=_sums)
    reversed: Sums = field(default_factory=_sums)
    adjusted: Sums = field(default_factory=_sums)

    def add_credit(self, credit: "Credit") -> None:
        """Count an operator's part of an order."""
        self.credited.add(credit.order_id)
        self.revenue[credit.currency] += credit.kept

    def add_line(self, line: "Line") -> None:
        """Count a line of the ledger; what was taken back counts as above zero."""
        match line.kind:
            case Kind.ACCRUAL:
                self.accrued[line.currency] += line.amount
            case Kind.REVERSAL:
                self.reversed[line.currency] -= line.amount
            case _:
                self.adjusted[line.currency] += line.amount

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold and nothing written into the ledger."""
        sums = (self.revenue, self.accrued, self.reversed, self.adjusted)
        return not self.credited and not any(sums)

    @property
    def commission(self) -> Sums:
        """What is left to be paid out: accrued, taken back and adjusted."""
        left = _sums()
        for sums, sign in ((self.accrued, 1), (self.reversed, -1), (self.adjusted, 1)):
            for currency, amount in sums.items():
                left[currency] += sign * amount
        return left


@dataclass(frozen=True, slots=True)
class Credit:
    """An operator's part of one order, and what of it was not given back."""

    order_id: int
    operator_id: int
    placed_at: datetime
    currency: str
    kept: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger."""

    operator_id: int
    at: datetime
    kind: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """All credits and lines of some time, to be counted by parts of it."""

    credits: Sequence[Credit]
    lines: Sequence[Line]

    def sum_up(self, period: Period) -> Sales:
        """Count what falls into a period; the orders of all are not known here."""
        sales = Sales()
        for credit in self.credits:
            if period.start <= credit.placed_at < period.end:
                sales.add_credit(credit)
        for line in self.lines:
            if period.start <= line.at < period.end:
                sales.add_line(line)
        return sales

    def by_operator(self, period: Period) -> dict[int, Sales]:
        """Count what falls into a period, by operator."""
        pks = {each.operator_id for each in self.credits}
        pks |= {each.operator_id for each in self.lines}
        found = {pk: self._of(pk).sum_up(period) for pk in sorted(pks)}
        return {pk: sales for pk, sales in found.items() if not sales.is_empty}

    def by_day(self, period: Period, *, orders: Mapping[date, int]) -> list[Sales]:
        """Count by the shop's calendar day; every day of the period has its counts."""
        days = {day: Sales(orders=orders.get(day, 0)) for day in period.dates}
        zone = site_zone()
        for credit in self.credits:
            day = days.get(credit.placed_at.astimezone(zone).date())
            if day is not None:
                day.add_credit(credit)
        for line in self.lines:
            day = days.get(line.at.astimezone(zone).date())
            if day is not None:
                day.add_line(line)
        return list(days.values())

    def _of(self, operator_id: int) -> "Book":
        return Book(
            [each for each in self.credits if each.operator_id == operator_id],
            [each for each in self.lines if each.operator_id == operator_id],
        )


def read_book(start: datetime, end: datetime) -> Book:
    """Fetch the credits and lines of some time, with two queries."""
    return Book(_list_credits(start, end), _list_lines(start, end))


def count_sold(period: Period) -> int:
    """Count the orders of the period that stayed sold, credited or not."""
    return _sold(period).count()


def count_sold_by_day(period: Period) -> dict[date, int]:
    """Count them by the shop's calendar day."""
    day = TruncDate("placed_at", tzinfo=site_zone())
    rows = _sold(period).annotate(day=day).values_list("day").annotate(Count("pk"))
    return dict(rows)


def _list_credits(start: datetime, end: datetime) -> Sequence[Credit]:
    rows = SaleCredit.objects.filter(
        order__is_void=False,
        order__placed_at__gte=start,
        order__placed_at__lt=end,
    ).values_list(
        "order_id",
        "operator_id",
        "order__placed_at",
        "order__currency",
        "amount",
        "order__goods",
        "order__refunds",
    )
    return [
        Credit(
            order_id, operator_id, placed_at, currency, _kept(amount, goods, refunds)
        )
        for order_id, operator_id, placed_at, currency, amount, goods, refunds in rows
    ]


def _kept(
    amount: Decimal, goods: Decimal, refunds: Mapping[str, Mapping[str, str]]
) -> Decimal:
    """Return what is left of a part of an order when so much of it was given back."""
    given = sum(
        (Decimal(each) for refund in refunds.values() for each in refund.values()),
        NOTHING,
    )
    if not given or not goods:
        return amount
    left = max(goods - given, NOTHING)
    return (amount * left / goods).quantize(CENT, ROUND_HALF_UP)


def _list_lines(start: datetime, end: datetime) -> Sequence[Line]:
    rows = LedgerLine.objects.filter(at__gte=start, at__lt=end)
    values = rows.values_list("operator_id", "at", "kind", "currency", "amount")
    return [Line(*row) for row in values]


def _sold(period: Period) -> QuerySet[SoldOrder]:
    return SoldOrder.objects.filter(
        is_void=False, placed_at__gte=period.start, placed_at__lt=period.end
    )
