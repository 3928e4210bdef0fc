"""What the shop tells chatdesk of its orders, in the transaction that changes them."""

from chatdesk import integration
from shop_demo.chat_orders import describe_order
from shop_demo.models import Order


def tell_placed(order: Order, *, visitor: str) -> None:
    """An order was placed by the person whom chatdesk calls ``visitor``."""
    integration.order_placed(describe_order(order), visitor=visitor)


def tell_paid(order: Order) -> None:
    """The money came in."""
    integration.order_paid(describe_order(order))


def tell_refunded(order: Order) -> None:
    """Money was given back."""
    integration.order_refunded(describe_order(order))


def tell_cancelled(order: Order) -> None:
    """The order was cancelled."""
    integration.order_cancelled(describe_order(order))


def tell_changed(order: Order) -> None:
    """The parcel left or arrived."""
    integration.order_changed(describe_order(order))
