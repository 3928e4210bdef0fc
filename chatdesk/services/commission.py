"""Commission: accrued when an order is paid, taken back as far as it is given back.

For every credit and plan there is one accrual. What the operator is entitled to is
computed anew from what is left of the order, rounded once, and the difference to what
the ledger says is written as a reversal: so an order that was given back altogether
comes to exactly nothing, however many refunds it took.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.errors import Invalid
from chatdesk.models import CommissionPlan, LedgerLine, SaleCredit, SoldOrder
from chatdesk.services.ledger import Sum, write_line, write_lines
from chatdesk.services.sums import NOTHING, divide_by_weight, round_to_coin

Kind = LedgerLine.Kind


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order that was paid and has no line yet; ``at`` is what befell it last."""

    order: SoldOrder
    credits: Sequence[SaleCredit]
    paid_at: datetime
    at: datetime


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
            write_line(sum_, at=order.paid_at)
            for credit in credits_
            for sum_ in _accruals_of(order, credit, plans)
        ]
    _take_back(order, accruals, at=at)


def settle_new(paid: Sequence[PaidOrder]) -> None:
    """Accrue and take back what is due for many orders with a few statements."""
    plans = list(CommissionPlan.objects.filter(is_active=True))
    accruals = write_lines(
        [
            (sum_, each.paid_at)
            for each in paid
            for credit in each.credits
            for sum_ in _accruals_of(each.order, credit, _in_force(plans, each.paid_at))
        ]
    )
    of_credit: dict[int | None, list[LedgerLine]] = defaultdict(list)
    for line in accruals:
        of_credit[line.credit_id].append(line)
    due = (
        (_reversal_of(line, left_of(each.order), back=NOTHING), each.at)
        for each in paid
        for credit in each.credits
        for line in of_credit[credit.pk]
    )
    write_lines([(sum_, at) for sum_, at in due if sum_ is not None])


def list_plans(at: datetime) -> list[CommissionPlan]:
    """Return the plans in force at a moment, the one that comes first in front."""
    return _in_force(CommissionPlan.objects.filter(is_active=True), at)


def _in_force(plans: Iterable[CommissionPlan], at: datetime) -> list[CommissionPlan]:
    day = timezone.localtime(at, timezone.get_default_timezone()).date()
    return sorted(
        (plan for plan in plans if plan.holds_on(day)),
        key=lambda plan: (plan.priority, plan.conditions, plan.pk),
        reverse=True,
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


def _accruals_of(
    order: SoldOrder, credit: SaleCredit, plans: list[CommissionPlan]
) -> list[Sum]:
    bases: dict[int, dict[str, str]] = defaultdict(dict)
    chosen: dict[int, CommissionPlan] = {}
    for line in order.lines:
        plan = plan_for(credit, line, plans)
        if plan is not None:
            chosen[plan.pk] = plan
            bases[plan.pk][line["ref"]] = str(_base_of(plan, credit, line))
    sums = []
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
        sums.append(sum_)
    return sums


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
        sum_ = _reversal_of(accrual, left, back=sum(amounts, NOTHING))
        if sum_ is not None:
            write_line(sum_, at=at)


def _reversal_of(
    accrual: LedgerLine, left: Mapping[str, Fraction], *, back: Decimal
) -> Sum | None:
    """Return what is to be taken back beside ``back``, if anything is."""
    due = entitled_to(accrual, left)
    if due == accrual.amount + back:
        return None
    return Sum(
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
