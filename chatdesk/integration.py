"""What a shop's own code may call."""

import logging
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.errors import NotFound
from chatdesk.insight.seen import CartSeen, Happened
from chatdesk.insight.told import tell
from chatdesk.selectors.archive import has_dialogs
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of, get_visitor
from chatdesk.services.canned import keep_canned_reply
from chatdesk.services.carts import note_shop_key, share_cart_change
from chatdesk.services.departments import keep_department
from chatdesk.services.import_orders import PastOrder, import_orders
from chatdesk.services.import_visits import import_visits
from chatdesk.services.imports import import_dialogs, import_presence
from chatdesk.services.operators import enrol_operator
from chatdesk.services.order_news import OrderNews, tell_of_order
from chatdesk.services.past import PastDialog, PastEntry, PastPresence, PastVisitor
from chatdesk.services.past_visits import PastEvent, PastPage, PastVisit
from chatdesk.services.plans import keep_commission_plan
from chatdesk.services.sales import note_order, tell_dialogs
from chatdesk.services.storefronts import describe_storefront
from chatdesk.shop.types import Order, OrderEvent, Progress
from chatdesk.tokens import read_visitor_cookie

if TYPE_CHECKING:
    from chatdesk.models import Visitor

__all__ = [
    "OrderEvent",
    "OrderNews",
    "PastDialog",
    "PastEntry",
    "PastEvent",
    "PastOrder",
    "PastPage",
    "PastPresence",
    "PastVisit",
    "PastVisitor",
    "cart_changed",
    "cart_worth",
    "checkout_failed",
    "describe_storefront",
    "enrol_operator",
    "has_dialogs",
    "import_dialogs",
    "import_orders",
    "import_presence",
    "import_visits",
    "keep_canned_reply",
    "keep_commission_plan",
    "keep_department",
    "order_cancelled",
    "order_changed",
    "order_news",
    "order_paid",
    "order_placed",
    "order_refunded",
    "payment_declined",
    "placed_order",
    "searched",
    "sold_out",
    "status",
    "unread_count",
    "visitor_of",
]

logger = logging.getLogger(__name__)


def status() -> str:
    """Return ``online``, ``busy`` or ``away``: whether anybody would answer now."""
    return get_availability(at=clock.now()).state


def cart_changed(request: HttpRequest) -> None:
    """Say that the cart of whoever makes this request is another now.

    Operators who have his dialog open see the new one at once. Costs no query for
    somebody who never wrote.
    """
    visitor = _visitor_of(request)
    if visitor is not None:
        note_shop_key(visitor=visitor, request=request)
        share_cart_change(visitor=visitor, at=clock.now())


def order_news(news: OrderNews, *, conversation_ids: Collection[int] = ()) -> int:
    """Tell the dialogs that led to an order what happened to it; see ``OrderNews``."""
    return tell_of_order(news, at=clock.now(), conversation_ids=conversation_ids)


def unread_count(request: HttpRequest) -> int:
    """Return how many answers the person behind a request has not read yet.

    Costs no query for somebody who never wrote. Keep it out of pages that a shared
    cache holds: it is about one person.
    """
    visitor = _visitor_of(request)
    return 0 if visitor is None else unread_of_visitor(actor=actor_of(visitor))


def _visitor_of(request: HttpRequest) -> "Visitor | None":
    cookie = request.COOKIES.get(get_settings().visitor_cookie, "")
    public_id = read_visitor_cookie(cookie)
    if public_id is None:
        return None
    user = getattr(request, "user", None)
    user_id = user.pk if user is not None and user.is_authenticated else None
    try:
        return get_visitor(public_id=public_id, user_id=user_id)
    except NotFound:
        return None


def searched(request: HttpRequest, words: str, *, hits: int) -> None:
    """Tell that the visitor searched the shop, and how much was found."""
    kind = "searched" if hits else "found_nothing"
    _tell(request, kind, words=words, number=hits)


def sold_out(
    request: HttpRequest, ref: object, *, title: str = "", variant: str = ""
) -> None:
    """Tell that the visitor wanted a product, or a size of it, that is sold out."""
    _tell(request, "sold_out", ref=str(ref), title=title, words=variant)


def checkout_failed(request: HttpRequest, fields: Iterable[str]) -> None:
    """Tell which fields of the checkout were refused: their names, never what is in."""
    _tell(request, "form_error", data={"fields": [str(field) for field in fields]})


def payment_declined(request: HttpRequest, reason: str = "") -> None:
    """Tell that a payment was declined, with the shop's own word for why."""
    _tell(request, "declined", words=reason)


def placed_order(
    request: HttpRequest, reference: object, *, total: Decimal, currency: str = ""
) -> None:
    """Tell that this visit led to an order, for the funnel of the shop's report."""
    _tell(request, "ordered", ref=str(reference), amount=total, currency=currency)


def cart_worth(
    request: HttpRequest, *, total: Decimal, currency: str = "", pieces: int = 1
) -> None:
    """Tell what the visitor's cart holds now, after each change of it."""
    at = clock.now()
    fact = partial(CartSeen, at=at, total=total, currency=currency, pieces=pieces)
    tell(request, lambda browser: fact(browser=browser))


def _tell(request: HttpRequest, kind: str, **facts: object) -> None:
    fact = partial(Happened, kind=kind, at=clock.now(), **facts)  # type: ignore[arg-type]
    tell(request, lambda browser: fact(browser=browser))


def visitor_of(request: HttpRequest) -> str:
    """Return chatdesk's name of the person behind a request, empty for a stranger.

    A shop hands it to ``order_placed``, so that a guest's order finds his dialogs.
    """
    cookie = request.COOKIES.get(get_settings().visitor_cookie, "")
    public_id = read_visitor_cookie(cookie)
    return "" if public_id is None else public_id.hex


def order_placed(order: Order, *, visitor: str = "") -> None:
    """Tell that an order was placed; its dialogs are credited now, once for ever.

    All five functions of orders take the order as it is after the change and may be
    called inside the shop's own transaction, again, and out of turn. They raise
    nothing: a report that cannot be is logged, and what fails on our side is tried
    again by the sweep.
    """
    _note(order, visitor)


def order_paid(order: Order, *, visitor: str = "") -> None:
    """Tell that an order was paid: commission is accrued."""
    _note(order, visitor, event=OrderEvent.PAID)


def order_refunded(order: Order) -> None:
    """Tell that money was given back, which ``order.refunds`` lists, old ones too."""
    _note(order, event=OrderEvent.REFUNDED)


def order_cancelled(order: Order) -> None:
    """Tell that an order was cancelled: all its commission is taken back."""
    _note(order, event=OrderEvent.CANCELLED)


def order_changed(order: Order) -> None:
    """Tell that anything else became of an order: sent, delivered, changed."""
    _note(order, event=PROGRESSED.get(order.progress))


PROGRESSED = {
    Progress.SENT: OrderEvent.SENT,
    Progress.DELIVERED: OrderEvent.DELIVERED,
}


def _note(order: Order, visitor: str = "", *, event: OrderEvent | None = None) -> None:
    at = clock.now()
    try:
        with transaction.atomic():
            note_order(order, visitor=UUID(visitor) if visitor else None, at=at)
        if event is not None:
            with transaction.atomic():
                tell_dialogs(order, event, at=at)
    except Exception:
        logger.exception("What the shop told of order %s is not noted", order.reference)
