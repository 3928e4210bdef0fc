"""Commission: accrued when an order is paid, taken back as far as it is given back.

For every credit and plan there is one accrual. What the operator is entitled to is
computed anew from what is left of the order, rounded once, and the difference to what
the ledger says is written as a reversal: so an order that was given back altogether
comes to exactly nothing, however many refunds it took.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.errors import Invalid
from chatdesk.models import CommissionPlan, LedgerLine, SaleCredit, SoldOrder
from chatdesk.services.ledger import Sum, write_line
from chatdesk.services.sums import NOTHING, divide_by_weight, round_to_coin

Kind = LedgerLine.Kind


def settle_commission(order: SoldOrder, *, at: datetime) -> None:
    """Bring the ledger in step with an order whose row the caller holds."""
    if order.paid_at is None:
        return
    credits_ = list(order.credits.all())
    if not credits_:
        return
    accruals = list(LedgerLine.objects.filter(credit__in=credits_, kind=Kind.ACCRUAL))
    if not accruals:
        plans = list_plans(order.paid_at)
        accruals = [
            line
            for credit in credits_
            for line in _accrue(order, credit, plans, at=order.paid_at)
        ]
    _take_back(order, accruals, at=at)


def list_plans(at: datetime) -> list[CommissionPlan]:
    """Return the plans in force at a moment, the one that comes first in front."""
    day = timezone.localtime(at, timezone.get_default_timezone()).date()
    plans = [
        plan
        for plan in CommissionPlan.objects.filter(is_active=True)
        if plan.holds_on(day)
    ]
    return sorted(
        plans, key=lambda plan: (plan.priority, plan.conditions, plan.pk), reverse=True
    )


def plan_for(
    credit: SaleCredit, line: Mapping[str, str], plans: Iterable[CommissionPlan]
) -> CommissionPlan | None:
    """Return the first plan that fits an operator's part of a line, if any does."""
    for plan in plans:
        fits = (
            plan.operator_id in (None, credit.operator_id)
            and plan.department_id in (None, credit.department_id)
            and plan.product_group in ("", line["group"])
            and (plan.basis == CommissionPlan.Basis.AMOUNT or line["cost"] is not None)
        )
        if fits:
            return plan
    return None


def adjust_commission(  # noqa: PLR0913 - all by keyword, all needed
    *,
    operator_id: int,
    amount: Decimal,
    reason: str,
    author_id: int,
    at: datetime,
    key: str = "",
) -> LedgerLine:
    """Add or take off a sum by hand; refused without a reason or a sum."""
    if not reason.strip() or not amount:
        raise Invalid
    sum_ = Sum(
        key=f"adjustment:{key or uuid4().hex}",
        kind=Kind.ADJUSTMENT,
        operator_id=operator_id,
        amount=amount,
        currency=get_settings().currency,
        facts={"reason": reason.strip()[:300], "author_id": author_id},
    )
    return write_line(sum_, at=at)


def left_of(order: SoldOrder) -> dict[str, Fraction]:
    """Return which part of each line stayed sold, from 1 to 0."""
    if order.is_void:
        return {line["ref"]: Fraction(0) for line in order.lines}
    given: dict[str, Decimal] = defaultdict(Decimal)
    for refund in order.refunds.values():
        for ref, amount in refund.items():
            given[ref] += Decimal(amount)
    _spread_unnamed(order, given)
    return {line["ref"]: _part_left(line, given[line["ref"]]) for line in order.lines}


def entitled_to(accrual: LedgerLine, left: Mapping[str, Fraction]) -> Decimal:
    """Return what is due for an accrual when so much of each line stayed sold."""
    percent = Fraction(accrual.percent or 0)
    bases = [
        Fraction(base) * left.get(ref, Fraction(0))
        for ref, base in accrual.bases.items()
    ]
    base = sum(bases, Fraction(0))
    return round_to_coin(base * percent / 100, accrual.currency)


def _accrue(
    order: SoldOrder,
    credit: SaleCredit,
    plans: list[CommissionPlan],
    *,
    at: datetime,
) -> list[LedgerLine]:
    bases: dict[int, dict[str, str]] = defaultdict(dict)
    chosen: dict[int, CommissionPlan] = {}
    for line in order.lines:
        plan = plan_for(credit, line, plans)
        if plan is not None:
            chosen[plan.pk] = plan
            bases[plan.pk][line["ref"]] = str(_base_of(plan, credit, line))
    written = []
    for pk, plan in chosen.items():
        accrual = LedgerLine(
            percent=plan.percent, bases=bases[pk], currency=order.currency
        )
        sum_ = Sum(
            key=f"accrual:{credit.pk}:{pk}",
            kind=Kind.ACCRUAL,
            operator_id=credit.operator_id,
            amount=entitled_to(accrual, dict.fromkeys(bases[pk], Fraction(1))),
            currency=order.currency,
            facts={
                "credit": credit,
                "plan": plan,
                "percent": plan.percent,
                "bases": bases[pk],
            },
        )
        written.append(write_line(sum_, at=at))
    return written


def _base_of(
    plan: CommissionPlan, credit: SaleCredit, line: Mapping[str, str]
) -> Decimal | Fraction:
    share = Decimal(credit.parts[line["ref"]])
    if plan.basis == CommissionPlan.Basis.AMOUNT:
        return share
    amount, cost = Decimal(line["amount"]), Decimal(line["cost"])
    if not amount:
        return NOTHING
    # As much of the margin as he has of the line; a line sold at a loss earns nothing.
    return Fraction(share) * Fraction(max(amount - cost, NOTHING)) / Fraction(amount)


def _take_back(
    order: SoldOrder, accruals: Iterable[LedgerLine], *, at: datetime
) -> None:
    left = left_of(order)
    if all(part == 1 for part in left.values()):
        return
    for accrual in accruals:
        # Added up here: SQLite adds decimals as floats.
        amounts = accrual.reversals.values_list("amount", flat=True)
        back = sum(amounts, NOTHING)
        due = entitled_to(accrual, left)
        if due == accrual.amount + back:
            continue
        sum_ = Sum(
            key=f"reversal:{accrual.pk}:{due}",
            kind=Kind.REVERSAL,
            operator_id=accrual.operator_id,
            amount=due - accrual.amount - back,
            currency=accrual.currency,
            facts={
                "credit_id": accrual.credit_id,
                "accrual": accrual,
                "plan_id": accrual.plan_id,
                "percent": accrual.percent,
            },
        )
        write_line(sum_, at=at)


def _part_left(line: Mapping[str, str], given: Decimal) -> Fraction:
    amount = Fraction(line["amount"])
    if amount <= 0:
        return Fraction(1)
    return max(amount - Fraction(given), Fraction(0)) / amount


def _spread_unnamed(order: SoldOrder, given: dict[str, Decimal]) -> None:
    """Take what was given back for no line in particular off what is left of each."""
    unnamed = given.pop("", NOTHING)
    if not unnamed:
        return
    rest = [
        max(Decimal(line["amount"]) - given[line["ref"]], NOTHING)
        for line in order.lines
    ]
    spread = min(unnamed, sum(rest, NOTHING))
    for line, amount in zip(
        order.lines, divide_by_weight(spread, rest, order.currency), strict=True
    ):
        given[line["ref"]] += amount
