"""The orders of two months are told to chatdesk, some of them after a dialog."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from chatdesk.integration import (
    PastDialog,
    PastOrder,
    import_orders,
    keep_commission_plan,
)
from shop_demo.chat_orders import describe_order
from shop_demo.models import Order

BOUGHT_WITHIN = timedelta(hours=36)
SALE = "sale"
BOUGHT_AFTER_SALE = 0.32
BOUGHT_ANYWAY = 0.01
"""How many of those whose dialog was closed otherwise come back and buy."""


def seed_plans() -> None:
    """Pay two percent of everything, more for grinders, a part of the margin of tea."""
    keep_commission_plan(name="Everything", percent=2)
    keep_commission_plan(
        name="Grinders", percent=Decimal("3.5"), product_group="grinders"
    )
    keep_commission_plan(
        name="Tea, of the margin", percent=8, product_group="tea", basis="margin"
    )


def seed_sales(dialogs: Sequence[PastDialog], *, at: datetime) -> dict[str, PastDialog]:
    """Tell all orders as they are now; return the dialogs by the orders they led to."""
    seed_plans()
    orders = Order.objects.order_by("placed_at").select_related("user")
    rows = list(orders.prefetch_related("lines__product", "refunds__lines"))
    led_to = match_orders(rows, dialogs)
    import_orders(
        [
            PastOrder(
                describe_order(order),
                led_to[order.number].visitor.key if order.number in led_to else None,
            )
            for order in rows
        ],
        at=at,
    )
    return led_to


def match_orders(
    orders: Sequence[Order], dialogs: Sequence[PastDialog]
) -> dict[str, PastDialog]:
    """Give each buyer's dialog the next order in the same language."""
    dice = random.Random(43)  # noqa: S311 - the same sales at every start.
    free = list(orders)
    found: dict[str, PastDialog] = {}
    for dialog in dialogs:
        if not led_to_sale(dice, dialog):
            continue
        asked_at = dialog.entries[-1].at
        order = next(
            (
                each
                for each in free
                if asked_at < each.placed_at < asked_at + BOUGHT_WITHIN
                and each.language == dialog.visitor.language
            ),
            None,
        )
        if order is not None:
            free.remove(order)
            found[order.number] = dialog
    return found


def led_to_sale(dice: random.Random, dialog: PastDialog) -> bool:
    """Return whether somebody answered, and the visitor bought."""
    if not any(entry.operator_id for entry in dialog.entries):
        return False
    closings = [entry.data or {} for entry in dialog.entries if entry.kind == "closed"]
    is_sale = closings[-1].get("outcome") == SALE
    return dice.random() < (BOUGHT_AFTER_SALE if is_sale else BOUGHT_ANYWAY)
