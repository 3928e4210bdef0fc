"""What a cart costs. Cart, checkout and orders from the chat all ask here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from shop_demo.delivery import FREE_FROM, price_delivery
from shop_demo.models import CartLine, Discount, OrderLine
from shop_demo.money import CENT

NOTHING = Decimal("0.00")

Line = CartLine | OrderLine


@dataclass(frozen=True)
class Totals:
    """The sums of a cart with one way of delivery.

    ``discounts`` has what each line is cheaper, in the order of the lines; they add
    up to ``discount``.
    """

    goods: Decimal
    discount: Decimal
    discounts: tuple[Decimal, ...]
    delivery: Decimal
    applied: Discount | None = None

    @property
    def discounted(self) -> Decimal:
        """What the goods cost after the discount."""
        return self.goods - self.discount

    @property
    def total(self) -> Decimal:
        return self.discounted + self.delivery

    def delivered_by(self, way: str) -> "Totals":
        """Return the same goods with another way of delivery."""
        price = price_delivery(delivery=way, goods=self.discounted)
        return replace(self, delivery=price)

    @property
    def until_free(self) -> Decimal:
        """What is missing to a free parcel; zero when it is free."""
        return max(FREE_FROM - self.discounted, NOTHING)


def calculate_totals(
    lines: Sequence[CartLine],
    *,
    delivery: str,
    at: datetime,
    coupon: Discount | None = None,
) -> Totals:
    """Add up lines, the best discount and the delivery; one query.

    Discounts do not add up: of the coupon and those that come by themselves the one
    that takes off most is taken. A coupon that no longer holds takes off nothing.
    """
    goods = sum((line.total for line in lines), NOTHING)
    best: Discount | None = None
    most = NOTHING
    for discount in list_discounts(coupon, at=at):
        off = saving_of(discount, lines=lines, goods=goods)
        if off > most:
            best, most = discount, off
    return Totals(
        goods=goods,
        discount=most,
        discounts=share_out(most, lines=lines, discount=best),
        delivery=price_delivery(delivery=delivery, goods=goods - most),
        applied=best,
    )


def list_discounts(coupon: Discount | None, *, at: datetime) -> Sequence[Discount]:
    """Return what may be applied: the coupon, while it holds, and what has no code."""
    held = Discount.objects.in_force(at)
    return [
        discount
        for discount in held
        if not discount.code or (coupon is not None and discount.pk == coupon.pk)
    ]


def saving_of(discount: Discount, *, lines: Sequence[Line], goods: Decimal) -> Decimal:
    """Return what a discount takes off these lines; nothing below its sum."""
    if goods < discount.from_goods:
        return NOTHING
    base = sum((line.total for line in lines if covers(discount, line)), NOTHING)
    if discount.percent:
        return (base * discount.percent / 100).quantize(CENT, ROUND_HALF_UP)
    return min(discount.amount, base)


def covers(discount: Discount, line: Line) -> bool:
    """Return whether a discount is for this line: for its shelf, or for all."""
    if discount.category_id is None:
        return True
    return line.product is not None and line.product.category_id == discount.category_id


def share_out(
    amount: Decimal, *, lines: Sequence[Line], discount: Discount | None
) -> tuple[Decimal, ...]:
    """Divide a discount among the lines it is for, to the cent, by what they cost.

    Each line gets its part rounded down; the cents left over go to those that lost
    most by it. So the parts add up exactly.
    """
    if discount is None or not amount:
        return tuple(NOTHING for _line in lines)
    weights = [line.total if covers(discount, line) else NOTHING for line in lines]
    whole = sum(weights, NOTHING)
    cents = int(amount / CENT)
    exact = [cents * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    loss = sorted(
        range(len(parts)), key=lambda number: (parts[number] - exact[number], number)
    )
    for number in loss[: cents - sum(parts)]:
        parts[number] += 1
    return tuple(part * CENT for part in parts)
