"""What a shop's own code may call."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from django.http import HttpRequest
from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.errors import NotFound
from chatdesk.insight.seen import CartSeen, Happened
from chatdesk.insight.told import tell
from chatdesk.selectors.archive import has_dialogs
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of, get_visitor
from chatdesk.services.canned import keep_canned_reply
from chatdesk.services.imports import import_dialogs, import_presence
from chatdesk.services.operators import enrol_operator
from chatdesk.services.past import PastDialog, PastEntry, PastPresence, PastVisitor
from chatdesk.services.storefronts import describe_storefront
from chatdesk.tokens import read_visitor_cookie

__all__ = [
    "PastDialog",
    "PastEntry",
    "PastPresence",
    "PastVisitor",
    "cart_worth",
    "checkout_failed",
    "describe_storefront",
    "enrol_operator",
    "has_dialogs",
    "import_dialogs",
    "import_presence",
    "keep_canned_reply",
    "payment_declined",
    "searched",
    "sold_out",
    "status",
    "unread_count",
]


def status() -> str:
    """Return ``online``, ``busy`` or ``away``: whether anybody would answer now."""
    return get_availability(at=timezone.now()).state


def unread_count(request: HttpRequest) -> int:
    """Return how many answers the person behind a request has not read yet.

    Costs no query for somebody who never wrote. Keep it out of pages that a shared
    cache holds: it is about one person.
    """
    cookie = request.COOKIES.get(get_settings().visitor_cookie, "")
    public_id = read_visitor_cookie(cookie)
    if public_id is None:
        return 0
    user = getattr(request, "user", None)
    user_id = user.pk if user is not None and user.is_authenticated else None
    try:
        visitor = get_visitor(public_id=public_id, user_id=user_id)
    except NotFound:
        return 0
    return unread_of_visitor(actor=actor_of(visitor))


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


def cart_worth(
    request: HttpRequest, *, total: Decimal, currency: str = "", pieces: int = 1
) -> None:
    """Tell what the visitor's cart holds now, after each change of it."""
    at = timezone.now()
    fact = partial(CartSeen, at=at, total=total, currency=currency, pieces=pieces)
    tell(request, lambda browser: fact(browser=browser))


def _tell(request: HttpRequest, kind: str, **facts: object) -> None:
    fact = partial(Happened, kind=kind, at=timezone.now(), **facts)  # type: ignore[arg-type]
    tell(request, lambda browser: fact(browser=browser))
