"""What a shop's own code may call."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.errors import NotFound
from chatdesk.selectors.archive import has_dialogs
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of, get_visitor
from chatdesk.services.canned import keep_canned_reply
from chatdesk.services.carts import note_shop_key, share_cart_change
from chatdesk.services.imports import import_dialogs, import_presence
from chatdesk.services.operators import enrol_operator
from chatdesk.services.order_news import OrderNews, tell_of_order
from chatdesk.services.past import PastDialog, PastEntry, PastPresence, PastVisitor
from chatdesk.services.storefronts import describe_storefront
from chatdesk.shop.types import OrderEvent
from chatdesk.tokens import read_visitor_cookie

if TYPE_CHECKING:
    from chatdesk.models import Visitor

__all__ = [
    "OrderEvent",
    "OrderNews",
    "PastDialog",
    "PastEntry",
    "PastPresence",
    "PastVisitor",
    "cart_changed",
    "describe_storefront",
    "enrol_operator",
    "has_dialogs",
    "import_dialogs",
    "import_presence",
    "keep_canned_reply",
    "order_news",
    "status",
    "unread_count",
]


def status() -> str:
    """Return ``online``, ``busy`` or ``away``: whether anybody would answer now."""
    return get_availability(at=timezone.now()).state


def cart_changed(request: HttpRequest) -> None:
    """Say that the cart of whoever makes this request is another now.

    Operators who have his dialog open see the new one at once. Costs no query for
    somebody who never wrote.
    """
    visitor = _visitor_of(request)
    if visitor is not None:
        note_shop_key(visitor=visitor, request=request)
        share_cart_change(visitor=visitor, at=timezone.now())


def order_news(news: OrderNews, *, conversation_ids: Collection[int] = ()) -> int:
    """Tell the dialogs that led to an order what happened to it; see ``OrderNews``."""
    return tell_of_order(news, at=timezone.now(), conversation_ids=conversation_ids)


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
