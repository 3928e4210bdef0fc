"""What came back of the orders of two months: whole parcels, single pieces."""

import random
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from shop_demo.models import Order, OrderLine, Refund, RefundLine
from shop_demo.money import CENT

SOME_CAME_BACK = 0.06
REASONS = ("Does not fit my stove", "Ordered one too many", "Chipped in transit")
DAY = timedelta(days=1)


def give_back(
    dice: random.Random, order: Order, lines: Sequence[OrderLine]
) -> tuple[Refund, list[RefundLine]] | None:
    """Draw what of an order was given back, if anything was, and note its sum."""
    status = Order.Status
    if order.paid_at is None:
        return None
    if order.status == status.CANCELLED:
        return _whole(order, lines, key="cancelled", reason="")
    if order.status == status.RETURNED:
        return _whole(order, lines, key="returned", reason=dice.choice(REASONS))
    if order.status == status.DELIVERED and dice.random() < SOME_CAME_BACK:
        return _one_piece(dice, order, lines)
    return None


def _whole(
    order: Order, lines: Sequence[OrderLine], *, key: str, reason: str
) -> tuple[Refund, list[RefundLine]]:
    at = order.cancelled_at or order.placed_at + 6 * DAY
    refund = Refund(
        order=order,
        key=key,
        amount=order.total,
        delivery_amount=order.delivery_total,
        reason=reason,
        at=at,
    )
    order.refunded_total = order.total
    return refund, [
        RefundLine(refund=refund, line=line, quantity=line.quantity, amount=line.paid)
        for line in lines
    ]


def _one_piece(
    dice: random.Random, order: Order, lines: Sequence[OrderLine]
) -> tuple[Refund, list[RefundLine]]:
    line = dice.choice(lines)
    amount = (line.paid / line.quantity).quantize(CENT, ROUND_HALF_UP)
    refund = Refund(
        order=order,
        key="piece",
        amount=amount,
        delivery_amount=Decimal("0.00"),
        reason=dice.choice(REASONS),
        at=order.placed_at + 4 * DAY,
    )
    order.refunded_total = amount
    piece = RefundLine(refund=refund, line=line, quantity=1, amount=amount)
    return refund, [piece]
