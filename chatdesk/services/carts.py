"""Carts: they are the shop's. Here is only told that one changed, or one added to."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chatdesk.actors import VisitorActor
from chatdesk.doorbell.listeners import Whisper
from chatdesk.doorbell.whisper import whisper
from chatdesk.errors import ShopSaysNo
from chatdesk.models import Conversation, Visitor
from chatdesk.selectors.shop import get_sent_product
from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.guard import act, ask_here
from chatdesk.shop.types import Added
from chatdesk.wire.objects import to_ms

LONGEST_KEY = 120


@dataclass(frozen=True, slots=True)
class Pick:
    """The card that a visitor pressed, and how many pieces he wants."""

    seq: int
    quantity: int = 1


def note_shop_key(*, visitor: Visitor, request: HttpRequest) -> None:
    """Remember by what the shop finds the cart of the browser that asks."""
    shop = get_adapter()
    found = ask_here("key_of", partial(shop.key_of, request), visitor.shop_key)
    key = found.value or ""
    if len(key) <= LONGEST_KEY and key != visitor.shop_key:
        visitor.shop_key = key
        Visitor.objects.filter(pk=visitor.pk).update(shop_key=key)


def share_cart_change(*, visitor: Visitor, at: datetime) -> None:
    """Tell who has this visitor's dialog open that his cart is another, after commit.

    Nothing of the cart is told: who hears it asks the shop.
    """
    rows = Conversation.objects.in_progress().filter(visitor=visitor)
    for public_id in rows.values_list("public_id", flat=True):
        sign = Whisper(
            public_id=public_id.hex,
            author=str(VisitorActor.author_kind),
            kind="cart",
            at=to_ms(at),
        )
        transaction.on_commit(partial(whisper, sign), robust=True)


def add_card_to_cart(
    *,
    conversation: Conversation,
    request: HttpRequest,
    pick: Pick,
    at: datetime,
) -> Added:
    """Put the product of a card into the cart of the visitor's browser.

    What is added is what was sent here, whatever the browser says. Raises ``NotFound``
    for an entry that is no card and ``ShopSaysNo`` in the shop's words.
    """
    product = get_sent_product(conversation=conversation, seq=pick.seq)
    shop = get_adapter()
    added = act(
        "add_to_cart", partial(shop.add_to_cart, request, product, pick.quantity)
    )
    if not added.is_added:
        raise ShopSaysNo(added.text or _("This cannot be bought now."))
    note_shop_key(visitor=conversation.visitor, request=request)
    share_cart_change(visitor=conversation.visitor, at=at)
    return added
