"""Orders of two months, recomputed in plain Python: what was sold with a chat."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from chatdesk.kpi.period import last_days, site_zone
from chatdesk.kpi.sales import SALES_REGISTRY, build_sales_report, has_sales
from chatdesk.models import LedgerLine, LedgerMonth, Operator, SaleCredit, SoldOrder
from tests.factories import make_operator

AT = datetime(2026, 10, 28, 15, 30, tzinfo=UTC)  # The week has a day of 25 hours.
ORDERS = 150
DAYS = 45
CENT = Decimal("0.01")

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@dataclass
class Told:
    """One order as it was drawn: who sold it, and what each has of what is left."""

    placed_at: datetime
    currency: str
    is_void: bool
    parts: dict[int, Decimal]
    given_back: Decimal
    goods: Decimal


@dataclass
class Written:
    """One line of the ledger as it was drawn."""

    at: datetime
    operator: int
    kind: str
    currency: str
    amount: Decimal


@dataclass
class Months:
    """What was drawn, and what it was drawn for."""

    orders: list[Told]
    lines: list[Written]
    operators: list[Operator]


def cents(dice: random.Random, most: int) -> Decimal:
    return Decimal(dice.randrange(1, most)) * CENT


def draw_order(dice: random.Random, operators: list[Operator]) -> Told:
    """Draw an order: alone or shared, in one of two currencies, with refunds."""
    goods = cents(dice, 40_000)
    sellers = dice.sample(operators, dice.choice((0, 0, 1, 1, 1, 2)))
    share = (goods / len(sellers)).quantize(CENT) if sellers else goods
    parts = dict.fromkeys((each.pk for each in sellers), share)
    if len(sellers) == 2:
        parts[sellers[1].pk] = goods - share
    return Told(
        placed_at=AT - timedelta(seconds=dice.uniform(0, DAYS * 86400)),
        currency=dice.choices(("EUR", "USD"), (9, 1))[0],
        is_void=dice.random() < 0.1,
        parts=parts,
        given_back=cents(dice, int(goods * 100) + 2)
        if dice.random() < 0.2
        else CENT * 0,
        goods=goods,
    )


def draw_line(dice: random.Random, operators: list[Operator]) -> Written:
    kind = dice.choices(("accrual", "reversal", "adjustment"), (8, 2, 1))[0]
    sign = -1 if kind == "reversal" else 1
    return Written(
        at=AT - timedelta(seconds=dice.uniform(0, DAYS * 86400)),
        operator=dice.choice(operators).pk,
        kind=kind,
        currency=dice.choices(("EUR", "USD"), (9, 1))[0],
        amount=sign * cents(dice, 3000),
    )


def store(months: Months) -> None:
    """Write the rows as the services would have left them."""
    numbered = list(enumerate(months.orders))
    rows = SoldOrder.objects.bulk_create(
        SoldOrder(
            reference=f"NB-{number}",
            number=f"NB-{number}",
            currency=told.currency,
            goods=told.goods,
            refunds={"r": {"": str(told.given_back)}} if told.given_back else {},
            is_void=told.is_void,
            placed_at=told.placed_at,
            changed_at=told.placed_at,
        )
        for number, told in numbered
    )
    SaleCredit.objects.bulk_create(
        SaleCredit(
            order=row,
            operator_id=pk,
            amount=amount,
            rule="shared",
            reason="spoke",
            answered_at=told.placed_at,
            dialogs=1,
            sharers=len(told.parts),
            credited_at=told.placed_at,
        )
        for row, told in zip(rows, months.orders, strict=True)
        for pk, amount in told.parts.items()
    )
    month = LedgerMonth.objects.create(first_day=date(2026, 10, 1))
    LedgerLine.objects.bulk_create(
        LedgerLine(
            operator_id=line.operator,
            kind=line.kind,
            amount=line.amount,
            currency=line.currency,
            month=month,
            key=f"line:{number}",
            at=line.at,
        )
        for number, line in enumerate(months.lines)
    )


@pytest.fixture
def months() -> Months:
    dice = random.Random(20261028)
    operators = [make_operator(name=name) for name in ("anna", "dmitry", "leila")]
    drawn = Months(
        [draw_order(dice, operators) for _ in range(ORDERS)],
        [draw_line(dice, operators) for _ in range(ORDERS)],
        operators,
    )
    store(drawn)
    return drawn


def kept(told: Told, amount: Decimal) -> Decimal:
    """Return what is left of a part, by the part of the order that is left."""
    left = max(told.goods - told.given_back, Decimal(0))
    exact = amount * left / told.goods
    return exact.quantize(CENT, "ROUND_HALF_UP")


def expect(months: Months, start: datetime, end: datetime) -> dict[str, object]:
    """Recompute every figure of a span, in euros."""
    orders = [
        told
        for told in months.orders
        if start <= told.placed_at < end and not told.is_void
    ]
    sold = [told for told in orders if told.parts]
    revenue = [
        kept(told, amount)
        for told in sold
        for amount in told.parts.values()
        if told.currency == "EUR"
    ]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in months.lines:
        if start <= line.at < end and line.currency == "EUR":
            sums[line.kind] += line.amount
    return {
        "sales": len(sold),
        "revenue": float(sum(revenue)),
        "sales_share": len(sold) / len(orders) if orders else None,
        "accrued": float(sums["accrual"]),
        "reversed": float(-sums["reversal"]),
    }


@pytest.mark.parametrize("days", [1, 7, 30])
def test_every_figure_agrees_with_the_orders_that_were_drawn(
    months: Months, days: int
) -> None:
    period = last_days(days, at=AT)
    before = period.previous()

    report = build_sales_report(period)

    readings = report.readings
    assert set(readings) == set(SALES_REGISTRY)
    now = {key: reading.now.value for key, reading in readings.items()}
    earlier = {key: reading.before.value for key, reading in readings.items()}
    assert now == expect(months, period.start, period.end)
    assert earlier == expect(months, before.start, before.end)


def test_every_operators_figures_agree_to_the_cent(months: Months) -> None:
    period = last_days(30, at=AT)

    report = build_sales_report(period)

    for operator in months.operators:
        sold = [
            (told, told.parts[operator.pk])
            for told in months.orders
            if period.start <= told.placed_at < period.end
            and not told.is_void
            and operator.pk in told.parts
        ]
        own = report.operators[operator.pk]
        assert len(own.credited) == len(sold)
        for currency in ("EUR", "USD"):
            assert own.revenue[currency] == sum(
                (kept(told, part) for told, part in sold if told.currency == currency),
                Decimal(0),
            )
            assert own.commission[currency] == sum(
                (
                    line.amount
                    for line in months.lines
                    if line.operator == operator.pk
                    and line.currency == currency
                    and period.start <= line.at < period.end
                ),
                Decimal(0),
            )


def test_the_days_of_a_series_add_up_to_the_period(months: Months) -> None:
    period = last_days(30, at=AT)

    report = build_sales_report(period)

    assert {len(values) for values in report.series.values()} == {30}
    for key in ("sales", "revenue", "accrued", "reversed"):
        whole = report.readings[key].now.value
        assert sum(report.series[key]) == pytest.approx(whole)
    today = AT.astimezone(site_zone()).date()
    assert report.series["sales"][-1] == sum(
        told.placed_at.astimezone(site_zone()).date() == today
        and bool(told.parts)
        and not told.is_void
        for told in months.orders
    )


def test_a_shared_order_counts_once_for_the_shop(months: Months) -> None:
    report = build_sales_report(last_days(30, at=AT))

    of_each = sum(len(own.credited) for own in report.operators.values())
    assert of_each > report.readings["sales"].now.value


@pytest.mark.usefixtures("months")
def test_it_takes_four_queries_whatever_was_sold(django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        build_sales_report(last_days(30, at=AT))


def test_a_shop_that_told_of_nothing_has_no_sales(django_assert_num_queries) -> None:
    assert not has_sales()
    with django_assert_num_queries(4):
        report = build_sales_report(last_days(7, at=AT))

    figures = {key: reading.now.value for key, reading in report.readings.items()}
    assert figures == {
        "sales": 0,
        "revenue": 0,
        "sales_share": None,
        "accrued": 0,
        "reversed": 0,
    }
    assert report.operators == {}


def test_where_the_shop_never_sold_in_its_own_currency_the_only_one_is_shown(
    settings,
) -> None:
    settings.CHATDESK = {"CURRENCY": "GBP"}
    operator = make_operator()
    line = Written(AT, operator.pk, "accrual", "USD", Decimal("5.00"))
    store(Months([], [line], [operator]))

    figure = build_sales_report(last_days(7, at=AT + timedelta(1))).readings["accrued"]

    assert (figure.now.value, figure.now.currency) == (5.0, "USD")


def test_every_figure_of_sales_is_explained_in_both_languages() -> None:
    for kpi in SALES_REGISTRY.values():
        with translation.override("en"):
            english = kpi.name, kpi.explanation
        with translation.override("ru"):
            russian = kpi.name, kpi.explanation
        assert len(english[1]) > 30
        pairs = zip(english, russian, strict=True)
        assert all(ours != theirs for ours, theirs in pairs)
