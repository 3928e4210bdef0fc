"""What routing rules may ask about a question: page, category, cart, customer.

The shop is asked with a deadline, in threads of its own. One that was too slow is left
in peace for a while: whoever waits for an operator must not wait for the shop.
"""

import time
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from chatdesk.conf import get_settings
from chatdesk.models import Conversation, Visit, Visitor
from chatdesk.selectors.shop import shopper_of
from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.guard import ask_all
from chatdesk.shop.pages import Page
from chatdesk.shop.types import Shopper

REST_S = 30.0
NOTHING: tuple[str, Decimal | None, str] = ("", None, "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may ask about a question; what the shop does not tell is empty."""

    page: str = ""
    language: str = ""
    category: str = ""
    cart_total: Decimal | None = None
    customer_group: str = ""


@dataclass
class _Patience:
    """Until when a shop that was too slow is not asked again."""

    rests_until: float = 0.0


_patience = _Patience()


def facts_of(conversation: Conversation, *, asks_shop: bool = True) -> Facts:
    """Return what is known of a question; a shop that fails tells nothing."""
    visitor = conversation.visitor
    page = path_of(visitor.page_url)
    language = conversation.language or visitor.language
    if not asks_shop or not get_settings().shop_adapter:
        return Facts(page=page, language=language)
    category, total, group = _ask(visitor, page)
    return Facts(
        page=page,
        language=language,
        category=category,
        cart_total=total,
        customer_group=group,
    )


def path_of(url: str) -> str:
    """Return the path of an address, empty for what is none."""
    try:
        return urlsplit(url).path
    except ValueError:
        # The visitor's browser says it, or whoever stands for one.
        return ""


def ask_at_once() -> None:
    """Forget that the shop was too slow, as a fresh process would."""
    _patience.rests_until = 0.0


def _ask(visitor: Visitor, path: str) -> tuple[str, Decimal | None, str]:
    if time.monotonic() <= _patience.rests_until:
        return NOTHING
    shopper, seen = shopper_of(visitor), _seen_page(visitor, path)
    began = time.monotonic()
    told = ask_all(
        {
            "routing_facts": lambda: _told_of(shopper),
            "page_at": lambda: _category_of(path, seen, shopper),
        },
        {"routing_facts": NOTHING, "page_at": ""},
    )
    ended = time.monotonic()
    if ended - began > get_settings().shop_wait.total_seconds():
        _patience.rests_until = ended + REST_S
    category, total, group = told["routing_facts"].value
    return category or told["page_at"].value, total, group


def _told_of(shopper: Shopper) -> tuple[str, Decimal | None, str]:
    told = get_adapter().routing_facts(shopper)
    return (
        str(getattr(told, "category", "") or ""),
        _sum_of(told.cart_total),
        str(told.customer_group or ""),
    )


def _sum_of(told: object) -> Decimal | None:
    """Return the shop's sum as rules compare it; raises for what is none."""
    if told is None:
        return None
    total = Decimal(str(told))
    if not total.is_finite():
        raise ValueError(told)
    return total


def _seen_page(visitor: Visitor, path: str) -> Page | None:
    """Return what the shop's view said of the page on which somebody asks, if it did.

    The visit may be written a second after the question, or not at all.
    """
    rows = Visit.objects.filter(visitor=visitor, page_path=path).exclude(page_kind="")
    seen = rows.order_by("-seen_at").values_list("page_kind", "page_ref").first()
    return None if seen is None else Page(*seen)


def _category_of(path: str, seen: Page | None, shopper: Shopper) -> str:
    shop = get_adapter()
    page = seen or shop.page_at(path)
    if page is None or not page.ref:
        return ""
    if page.kind == "category":
        return str(page.ref)
    if page.kind != "product":
        return ""
    found = [
        each
        for each in shop.get_products([page.ref], shopper=shopper) or ()
        if each.ref == page.ref
    ]
    return str(found[0].group or "") if found else ""
