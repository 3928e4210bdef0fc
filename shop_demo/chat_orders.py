"""An order of this shop as chatdesk wants it told."""

from django.db.models import prefetch_related_objects
from django.urls import reverse

from chatdesk.shop import types
from shop_demo.models import Order, OrderLine, Refund

CURRENCY = "EUR"

PROGRESS = {
    Order.Status.NEW: types.Progress.NEW,
    Order.Status.PAID: types.Progress.NEW,
    Order.Status.SHIPPED: types.Progress.SENT,
    Order.Status.DELIVERED: types.Progress.DELIVERED,
    Order.Status.CANCELLED: types.Progress.CANCELLED,
    Order.Status.RETURNED: types.Progress.RETURNED,
}


def describe_order(order: Order) -> types.Order:
    """Return the order with its lines and refunds; the number is the reference."""
    # Not asked again of an order whose rows are here already.
    prefetch_related_objects([order], "lines__product", "refunds__lines")
    return types.Order(
        reference=order.number,
        number=order.number,
        placed_at=order.placed_at,
        currency=CURRENCY,
        goods=order.goods_total,
        discount=order.discount_total,
        delivery=order.delivery_total,
        total=order.total,
        lines=tuple(describe_line(line) for line in order.lines.all()),
        progress=PROGRESS[Order.Status(order.status)],
        status_name=order.get_status_display(),
        payment=types.Payment(order.payment_state.value),
        payment_name=str(order.payment_state.label),
        paid_at=order.paid_at,
        cancelled_at=order.cancelled_at,
        refunds=tuple(describe_refund(refund) for refund in order.refunds.all()),
        customer=order.name,
        user_id=order.user_id,
        shopper_key=order.cart_key,
        email=order.email,
        draft=order.draft,
        delivery_name=order.get_delivery_display(),
        tracking=order.tracking,
        url=order.get_absolute_url(),
        admin_url=reverse("admin:shop_demo_order_change", args=[order.pk]),
    )


def describe_line(line: OrderLine) -> types.OrderLine:
    """Return one line with its part of the discount taken off."""
    return types.OrderLine(
        ref=str(line.pk),
        product=line.product.slug if line.product else line.sku,
        name=line.name,
        quantity=line.quantity,
        amount=line.paid,
        group=line.group,
        sku=line.sku,
        cost=line.cost,
    )


def describe_refund(refund: Refund) -> types.Refund:
    """Return one refund with what each line gave back."""
    return types.Refund(
        ref=refund.key,
        at=refund.at,
        amount=refund.amount,
        lines=tuple(
            types.RefundLine(
                line=str(each.line_id), quantity=each.quantity, amount=each.amount
            )
            for each in refund.lines.all()
        ),
        reason=refund.reason,
        delivery=refund.delivery_amount,
    )
