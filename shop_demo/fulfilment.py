"""What becomes of an order: paid, sent, delivered, cancelled, given back.

Each function locks the order, changes it in one transaction and may be called again:
what is done already changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from shop_demo.events import tell_cancelled, tell_changed, tell_paid, tell_refunded
from shop_demo.models import Order, OrderLine, Refund, RefundLine
from shop_demo.money import CENT
from shop_demo.orders import move_stock

NOTHING = Decimal("0.00")


@dataclass
class Refused(Exception):
    """Not possible with the order as it is; ``text`` says why in words."""

    text: str


@dataclass(frozen=True)
class Wish:
    """What is to be given back: pieces by the number of the line, and the delivery.

    ``key`` names the wish: sent twice, it is fulfilled once. Without ``pieces`` all
    that is left of the order is given back.
    """

    key: str
    pieces: Mapping[int, int] | None = None
    with_delivery: bool = False
    reason: str = ""
    author: User | None = None


def pay_order(order: Order, *, at: datetime) -> Order:
    """Note that the money came in. Raises ``Refused`` for a cancelled order."""
    with transaction.atomic():
        locked = lock_order(order)
        if locked.paid_at is not None:
            return locked
        if not locked.is_open:
            raise Refused(_("This order was cancelled and is not to be paid."))
        locked.paid_at = at
        if locked.status == Order.Status.NEW:
            locked.status = Order.Status.PAID
        locked.save(update_fields=["paid_at", "status"])
        tell_paid(locked)
    return locked


def send_order(order: Order, *, at: datetime, tracking: str = "") -> Order:
    """Note that the parcel left. Raises ``Refused`` for a cancelled order."""
    with transaction.atomic():
        locked = lock_order(order)
        if not locked.is_open:
            raise Refused(_("This order was cancelled and cannot be sent."))
        if locked.sent_at is not None:
            return locked
        locked.sent_at = at
        locked.status = Order.Status.SHIPPED
        locked.tracking = tracking or locked.tracking
        locked.save(update_fields=["sent_at", "status", "tracking"])
        tell_changed(locked)
    return locked


def deliver_order(order: Order, *, at: datetime) -> Order:
    """Note that the parcel arrived; what is paid on delivery is paid now."""
    with transaction.atomic():
        locked = send_order(order, at=at)
        locked.status = Order.Status.DELIVERED
        locked.save(update_fields=["status"])
        tell_changed(locked)
        if locked.payment == Order.Payment.ON_DELIVERY:
            locked = pay_order(locked, at=at)
    return locked


def cancel_order(
    order: Order, *, at: datetime, author: User | None = None, reason: str = ""
) -> Order:
    """Cancel an order that was not sent: goods back to stock, money to the buyer."""
    with transaction.atomic():
        locked = lock_order(order)
        if locked.status == Order.Status.CANCELLED:
            return locked
        if locked.sent_at is not None:
            raise Refused(_("This order is on its way: give it back instead."))
        for line in locked.lines.order_by("product_id", "variant_id"):
            put_back(line, pieces=line.quantity - returned_pieces(line))
        locked.status = Order.Status.CANCELLED
        locked.cancelled_at = at
        locked.save(update_fields=["status", "cancelled_at"])
        if locked.paid_at is not None:
            wish = Wish(key="cancelled", reason=reason, author=author)
            _give_back(locked, wish, at=at)
        tell_cancelled(locked)
    return locked


def refund_order(order: Order, wish: Wish, *, at: datetime) -> Refund:
    """Give money back for some pieces, or for all that is left; goods return to stock.

    Raises ``Refused`` for an order that was not paid and for more than is left. The
    same wish again returns the first refund.
    """
    with transaction.atomic():
        locked = lock_order(order)
        known = locked.refunds.filter(key=wish.key).first()
        if known is not None:
            return known
        if locked.paid_at is None:
            raise Refused(_("This order was not paid: there is nothing to give back."))
        if not locked.is_open:
            raise Refused(_("This order was cancelled or given back already."))
        refund = _give_back(locked, wish, at=at)
        for each in refund.lines.select_related("line"):
            put_back(each.line, pieces=each.quantity)
        if locked.payment_state == Order.PaymentState.REFUNDED:
            locked.status = Order.Status.RETURNED
            locked.save(update_fields=["status"])
        tell_refunded(locked)
    return refund


def lock_order(order: Order) -> Order:
    """Lock the order's row until the transaction ends and read it anew."""
    return Order.objects.select_for_update(of=("self",)).get(pk=order.pk)


def put_back(line: OrderLine, *, pieces: int) -> None:
    """Return pieces of a line to the stock, if the shop still has the product."""
    if pieces > 0 and line.product_id is not None:
        move_stock(line.product_id, line.variant_id, by=pieces)


def returned_pieces(line: OrderLine) -> int:
    """Return how many pieces of a line were given back already."""
    return line.refunds.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def _give_back(order: Order, wish: Wish, *, at: datetime) -> Refund:
    lines = [
        each for line in order.lines.all() if (each := _line_of(line, wish)) is not None
    ]
    whole = wish.pieces is None
    delivery = _delivery_left(order) if whole or wish.with_delivery else NOTHING
    amount = sum((each.amount for each in lines), delivery)
    if not amount:
        raise Refused(_("There is nothing left to give back."))
    refund = Refund.objects.create(
        order=order,
        key=wish.key,
        amount=amount,
        delivery_amount=delivery,
        reason=wish.reason,
        author=wish.author,
        at=at,
    )
    for each in lines:
        each.refund = refund
    RefundLine.objects.bulk_create(lines)
    order.refunded_total += amount
    order.save(update_fields=["refunded_total"])
    return refund


def _line_of(line: OrderLine, wish: Wish) -> RefundLine | None:
    before = returned_pieces(line)
    left = line.quantity - before
    pieces = left if wish.pieces is None else wish.pieces.get(line.pk, 0)
    if pieces > left:
        raise Refused(
            _("Only %(count)d of %(name)s can be given back.")
            % {"count": left, "name": line.name}
        )
    if pieces <= 0:
        return None
    # What the pieces before cost is known to the cent, so the last piece gets the rest.
    amount = _cost_of(line, before + pieces) - _cost_of(line, before)
    return RefundLine(line=line, quantity=pieces, amount=amount)


def _cost_of(line: OrderLine, pieces: int) -> Decimal:
    return (line.paid * pieces / line.quantity).quantize(CENT, ROUND_HALF_UP)


def _delivery_left(order: Order) -> Decimal:
    given = order.refunds.aggregate(sum=Sum("delivery_amount"))["sum"] or NOTHING
    return order.delivery_total - given
