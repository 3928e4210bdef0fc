"""Carts: they are the shop's. Here is told that one changed, and asked for a change.

What an operator changes is said in the dialog, always and at the same moment: nobody
finds his cart another without reading by whom.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import override

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.doorbell.listeners import Whisper
from chatdesk.doorbell.whisper import whisper
from chatdesk.errors import Closed, Forbidden, ShopSaysNo, ShopSilent
from chatdesk.models import Conversation, Entry, Visitor
from chatdesk.selectors.shop import find_product, get_sent_product, shopper_of
from chatdesk.selectors.shop_words import name_of
from chatdesk.services.audit import CHANGED_CART, record_act
from chatdesk.services.log import ADMITTED, Admission, Appended, Draft, append
from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.guard import act, ask_all, ask_here
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


@dataclass(frozen=True, slots=True)
class CartChange:
    """An operator sets how many pieces of a product the visitor's cart holds.

    ``was`` is how many he saw there; ``cmid`` was made once for that press.
    """

    conversation: Conversation
    actor: OperatorActor
    cmid: UUID
    product: str
    was: int
    quantity: int


def change_cart(change: CartChange, *, at: datetime) -> Appended:
    """Change the visitor's cart and say so in his dialog; the same press does it once.

    Only who leads the dialog may, or a manager. Cart, entry and audit are committed
    together. Raises ``ShopSaysNo`` when the cart is another by now, or in the shop's
    words, and ``ShopSilent``.
    """
    conversation, actor = change.conversation, change.actor
    _admit_change(actor, conversation, at)
    known = Entry.objects.filter(conversation=conversation, cmid=change.cmid).first()
    if known is not None:
        return Appended(known, conversation, is_repeat=True)
    title, held = _look(change)
    if held != change.was:
        raise ShopSaysNo(_("The cart is another by now. Please look at it once more."))
    if not title:
        raise ShopSaysNo(_("The shop does not know this product."))
    shop, shopper = get_adapter(), shopper_of(conversation.visitor)
    with transaction.atomic():
        record_act(
            user_id=actor.user_id,
            conversation_id=conversation.pk,
            act=CHANGED_CART,
            at=at,
        )
        done = act(
            "set_in_cart",
            partial(shop.set_in_cart, shopper, change.product, change.quantity),
        )
        if done.quantity == change.was:
            raise ShopSaysNo(done.text or _("The cart can hold no more of it."))
        share_cart_change(visitor=conversation.visitor, at=at)
        return append(_changed(change, title, done.quantity), at=at)


def _look(change: CartChange) -> tuple[str, int]:
    """Return what the visitor calls the product, and how many his cart holds now."""
    shop, shopper = get_adapter(), shopper_of(change.conversation.visitor)
    product = partial(find_product, ref=change.product, shopper=shopper)
    with override(change.conversation.language or None):
        found = ask_all(
            {"get_cart": partial(shop.get_cart, shopper), "get_products": product},
            {"get_cart": None, "get_products": None},
        )
        if any(each.trouble for each in found.values()):
            raise ShopSilent
        known, cart = found["get_products"].value, found["get_cart"].value
        lines = {line.product: line for line in cart.lines} if cart else {}
        line = lines.get(change.product)
        # Out of the cart goes even what is sold no more.
        title = name_of(known) if known else str(line.name) if line else ""
    return title, line.quantity if line else 0


def _changed(change: CartChange, title: str, pieces: int) -> Draft:
    return Draft(
        conversation_id=change.conversation.pk,
        author_kind=change.actor.author_kind,
        author_id=change.actor.id,
        cmid=change.cmid,
        kind=Entry.Kind.CART,
        admit=partial(_admit_change, change.actor),
        text=f"{title}: {change.was} → {pieces}",
        data={
            "product": change.product,
            "title": title,
            "was": change.was,
            "now": pieces,
        },
    )


def _admit_change(
    actor: OperatorActor, conversation: Conversation, _at: datetime
) -> Admission:
    if conversation.is_closed:
        raise Closed
    if not (actor.is_manager or conversation.is_held_by(actor.id)):
        raise Forbidden
    return ADMITTED
