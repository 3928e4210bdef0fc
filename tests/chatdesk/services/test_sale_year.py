"""A year of dialogs and orders, recomputed in plain Python from what was played.

``CHATDESK_YEAR_ORDERS=5000`` plays a longer year.
"""

import os
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from chatdesk.models import CommissionPlan, LedgerLine, SaleCredit
from chatdesk.services.imports import import_dialogs
from chatdesk.services.past import PastDialog, PastEntry, PastVisitor
from chatdesk.services.sales import note_order, settle_all
from chatdesk.shop.types import Order, Payment, Progress, Refund, RefundLine
from tests.factories import make_operator
from tests.sales import line

ORDERS = int(os.environ.get("CHATDESK_YEAR_ORDERS", "18"))
# A short year is a dense one: most orders still have a dialog before them.
DAYS = min(365, ORDERS * 4)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=400)
WINDOW = timedelta(days=7)
CENT = Decimal("0.01")
GROUPS = {"tea": Decimal("7.5"), "pots": Decimal("3.25")}
OTHERS = Decimal(5)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@dataclass(frozen=True)
class Answer:
    """An operator said something to a person in a dialog."""

    person: UUID
    dialog: UUID
    operator: int
    at: datetime


def draw_dialogs(
    dice: random.Random, people: list[UUID], operators: list[int]
) -> Iterator[PastDialog]:
    """Draw dialogs of the year, three for every two orders."""
    moments = sorted(draw_moment(dice) for _number in range(ORDERS * 3 // 2))
    for moment in moments:
        at, entries = moment, [PastEntry(moment, text="Does it fit?")]
        for _turn in range(dice.randrange(4)):
            operator = dice.choice(operators)
            at += timedelta(seconds=dice.randrange(5, 300))
            entries.append(PastEntry(at, "taken", operator, data={"name": "x"}))
            entries.append(PastEntry(at, "message", operator, "It does."))
        entries.append(PastEntry(at, "closed"))
        yield PastDialog(
            key=UUID(int=dice.getrandbits(128), version=4),
            visitor=PastVisitor(key=dice.choice(people)),
            begun_online=True,
            entries=tuple(entries),
        )


def draw_moment(dice: random.Random) -> datetime:
    return BEGIN + timedelta(seconds=dice.randrange(DAYS * 86400))


def draw_order(dice: random.Random, number: int) -> Order:
    """Draw an order with all that becomes of it."""
    placed_at = draw_moment(dice)
    lines = tuple(
        line(
            f"{number}-{place}",
            f"{dice.randrange(1, 20000)}e-2",
            group=dice.choice(("tea", "pots", "books")),
        )
        for place in range(dice.randrange(1, 5))
    )
    goods = sum((each.amount for each in lines), Decimal("0.00"))
    order = Order(
        reference=f"NB-{number}",
        number=f"NB-{number}",
        placed_at=placed_at,
        currency="EUR",
        goods=goods,
        total=goods,
        lines=lines,
    )
    if dice.random() < 0.9:
        order = replace(
            order,
            payment=Payment.PAID,
            paid_at=placed_at + timedelta(hours=dice.randrange(90)),
        )
    if dice.random() < 0.1:
        at = placed_at + timedelta(days=5)
        return replace(order, progress=Progress.CANCELLED, cancelled_at=at)
    if order.is_paid and dice.random() < 0.3:
        order = replace(
            order,
            payment=Payment.PARTLY_REFUNDED,
            refunds=tuple(draw_refunds(dice, order)),
        )
    return order


def draw_refunds(dice: random.Random, order: Order) -> Iterator[Refund]:
    """Draw what is given back: part of a line, then perhaps the rest of it."""
    for each in dice.sample(order.lines, dice.randrange(1, len(order.lines) + 1)):
        cents = int(each.amount / CENT)
        first = dice.randrange(1, cents + 1)
        parts = [first, cents - first] if dice.random() < 0.5 else [first]
        for number, part in enumerate(part for part in parts if part):
            amount = part * CENT
            yield Refund(
                ref=f"{each.ref}-{number}",
                at=order.placed_at + timedelta(days=10 + number),
                amount=amount,
                lines=(RefundLine(line=each.ref, quantity=1, amount=amount),),
            )


def reports_of(dice: random.Random, order: Order) -> list[Order]:
    """Return what the shop tells: step by step, some of it twice or out of turn."""
    bare = replace(
        order,
        payment=Payment.UNPAID,
        paid_at=None,
        refunds=(),
        progress=Progress.NEW,
        cancelled_at=None,
    )
    reports = [bare]
    if order.is_paid:
        reports.append(replace(bare, payment=Payment.PAID, paid_at=order.paid_at))
    reports += [
        replace(order, refunds=order.refunds[: number + 1])
        for number in range(len(order.refunds))
    ]
    reports += [order, *dice.sample(reports, dice.randrange(len(reports)))]
    return reports


def expected_credits(
    order: Order, person: UUID, answers: list[Answer], rule: str
) -> dict[int, dict[str, Decimal]]:
    """Return each operator's part of each line."""
    heard: dict[tuple[UUID, int], datetime] = {}
    for each in answers:
        if each.person == person and each.at <= order.placed_at:
            key = (each.dialog, each.operator)
            heard[key] = max(heard.get(key, each.at), each.at)
    latest: dict[int, datetime] = {}
    for (_dialog, operator), at in heard.items():
        if at >= order.placed_at - WINDOW:
            latest[operator] = max(latest.get(operator, at), at)
    chosen = sorted(latest, key=lambda operator: latest[operator], reverse=True)
    if rule == "last":
        chosen = chosen[:1]
    parts: dict[int, dict[str, Decimal]] = {operator: {} for operator in chosen}
    for place, each in enumerate(order.lines if chosen else ()):
        cents, number = int(each.amount / CENT), len(chosen)
        for order_of, operator in enumerate(chosen):
            odd = (order_of - place) % number < cents % number
            parts[operator][each.ref] = (cents // number + odd) * CENT
    return parts


def expected_commission(order: Order, parts: dict[str, Decimal]) -> Decimal:
    """Return what an operator has of an order when all is over."""
    if not order.is_paid or order.is_cancelled:
        return Decimal("0.00")
    bases: dict[Decimal, Fraction] = defaultdict(Fraction)
    for each in order.lines:
        given = sum(
            part.amount
            for refund in order.refunds
            for part in refund.lines
            if part.line == each.ref
        )
        left = Fraction(each.amount - given) / Fraction(each.amount)
        bases[GROUPS.get(each.group, OTHERS)] += left * Fraction(parts[each.ref])
    sums = [rounded(base * Fraction(percent) / 100) for percent, base in bases.items()]
    return sum(sums, Decimal("0.00"))


def rounded(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(CENT, ROUND_HALF_UP)


def rows() -> list[Any]:
    """Return everything that was written, to compare before and after."""
    return [
        list(LedgerLine.objects.order_by("pk").values_list()),
        list(SaleCredit.objects.order_by("pk").values_list()),
    ]


@pytest.mark.parametrize("rule", ["last", "shared"])
def test_the_ledger_equals_a_recomputation(rule: str, settings: Any) -> None:
    settings.CHATDESK = {"SALE_RULE": rule}
    dice = random.Random(f"a year, {rule}")
    for group, percent in GROUPS.items():
        CommissionPlan.objects.create(name=group, percent=percent, product_group=group)
    CommissionPlan.objects.create(name="Others", percent=OTHERS)
    operators = [make_operator(name=name).pk for name in ("anna", "dmitry", "maria")]
    people = [UUID(int=dice.getrandbits(128), version=4) for _person in range(3)]
    dialogs = list(draw_dialogs(dice, people, operators))
    import_dialogs(dialogs, at=END)
    answers = [
        Answer(dialog.visitor.key, dialog.key, entry.operator_id, entry.at)
        for dialog in dialogs
        for entry in dialog.entries
        if entry.kind == "message" and entry.operator_id is not None
    ]
    bought = [(draw_order(dice, each), dice.choice(people)) for each in range(ORDERS)]
    told = [
        (report, person)
        for order, person in bought
        for report in reports_of(dice, order)
    ]
    for report, person in told:
        note_order(report, visitor=person, at=END)

    expected: dict[int, Decimal] = defaultdict(Decimal)
    credited = 0
    for order, person in bought:
        for operator, parts in expected_credits(order, person, answers, rule).items():
            credited += 1
            expected[operator] += expected_commission(order, parts)
    found: dict[int, Decimal] = defaultdict(Decimal)
    for entry in LedgerLine.objects.all():
        found[entry.operator_id] += entry.amount
    assert SaleCredit.objects.count() == credited > ORDERS // 10
    assert dict(found) == {key: sum_ for key, sum_ in expected.items() if key in found}
    assert set(expected) == set(found)

    before = rows()
    for report, person in dice.sample(told, len(told) // 3):
        note_order(report, visitor=person, at=END + timedelta(days=1))
    assert settle_all(at=END + timedelta(days=2)) == ORDERS
    assert rows() == before
