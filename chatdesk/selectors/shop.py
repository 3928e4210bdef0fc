"""What the shop knows: read when it is looked at, never copied and never kept."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from chatdesk.errors import Forbidden, NotFound
from chatdesk.models import Conversation, Entry, Offer, StockWish, Visitor
from chatdesk.selectors import shop_words as words
from chatdesk.shop.adapter import ShopAdapter, get_adapter
from chatdesk.shop.guard import ask, ask_all, may
from chatdesk.shop.types import (
    Availability,
    DraftLine,
    OrderDraft,
    Product,
    Shopper,
)
from chatdesk.wire import shop as wire

MOST_CARDS = 50
MOST_FOUND = 12
MOST_ORDERS = 10


@dataclass(frozen=True, slots=True)
class _SentCard:
    """A product card in the log, and what it cost when it was sent."""

    seq: int
    product: str
    name: str
    said: str


def shopper_of(visitor: Visitor) -> Shopper:
    """Return the person as the shop may know him."""
    return Shopper(
        user_id=visitor.user_id,
        key=visitor.shop_key,
        visitor=visitor.public_id.hex,
        language=visitor.language,
        email=visitor.email,
    )


def require(user: Any, what: str) -> None:
    """Raise ``Forbidden`` unless this member of staff may do something."""
    if not may(user, what):
        raise Forbidden


def panel_of(*, visitor: Visitor, user: Any) -> wire.ShopPanel:
    """Return the blocks of the shop that this member of staff may see."""
    questions = _panel_questions(shopper_of(visitor), user)
    seen = {name: question for name, question in questions.items() if may(user, name)}
    found = ask_all(seen, dict.fromkeys(questions))
    told = {name: each.value for name, each in found.items()}
    return wire.ShopPanel(
        customer=told.get("customer"),
        cart=told.get("cart"),
        orders=told.get("orders") or (),
        deliveries=told.get("deliveries") or (),
        answers=told.get("answers") or {},
        troubles={name: each.trouble for name, each in found.items() if each.trouble},
        may_send=may(user, "product.send"),
        may_order=may(user, "order.create"),
        may_change=can_change_carts()
        and may(user, "cart")
        and may(user, "cart.change"),
    )


def can_change_carts() -> bool:
    """Return whether the shop lets operators change a cart at all."""
    return type(get_adapter()).set_in_cart is not ShopAdapter.set_in_cart


def _panel_questions(shopper: Shopper, user: Any) -> dict[str, Callable[[], Any]]:
    """Return what fills each block; what a shop leaves out is None or empty."""
    shop = get_adapter()

    def customer() -> wire.CustomerPanel | None:
        found = shop.get_customer(shopper)
        return words.customer_of(found, user=user) if found else None

    def cart() -> wire.CartPanel | None:
        found = shop.get_cart(shopper)
        return words.veil(words.cart_of(found), "cart", user=user) if found else None

    def orders() -> tuple[wire.OrderRow, ...]:
        found = shop.list_orders(shopper, limit=MOST_ORDERS) or ()
        return tuple(words.staff_order_of(each, user=user) for each in found)

    def deliveries() -> tuple[wire.DeliveryRow, ...]:
        return tuple(map(words.delivery_of, shop.list_deliveries(shopper) or ()))

    return {
        "customer": customer,
        "cart": cart,
        "orders": orders,
        "deliveries": deliveries,
        "answers": lambda: words.answers_of(shop.answer_facts(shopper) or {}),
    }


def find_products(*, visitor: Visitor, user: Any, text: str) -> wire.Cards:
    """Search the catalogue for a visitor's dialog, at his prices."""
    shopper, shop = shopper_of(visitor), get_adapter()

    def cards() -> tuple[wire.ProductCard, ...]:
        found = shop.search_products(text, shopper=shopper, limit=MOST_FOUND) or ()
        return tuple(words.staff_card_of(each, user=user) for each in found)

    nothing: tuple[wire.ProductCard, ...] = ()
    found = ask("search_products", cards, nothing)
    return wire.Cards(cards=found.value[:MOST_FOUND], trouble=found.trouble)


def find_product(*, ref: str, shopper: Shopper) -> Product | None:
    """Return one product as it is now; None when the shop knows no such thing.

    Called within ``guard``: raises what the adapter raises.
    """
    found = get_adapter().get_products([ref], shopper=shopper) or ()
    return next((each for each in found if each.ref == ref), None)


def product_names(refs: Collection[str]) -> dict[str, str]:
    """Return what the shop calls products now, in the language of who reads.

    What it does not know or cannot tell is left out.
    """
    shop = get_adapter()

    def names() -> dict[str, str]:
        found = shop.get_products(list(refs), shopper=Shopper()) or ()
        return {each.ref: words.name_of(each) for each in found}

    nothing: dict[str, str] = {}
    return ask("get_products", names, nothing).value if refs else nothing


def cards_of(
    *, conversation: Conversation, seqs: Collection[int], user: Any = None
) -> wire.Cards:
    """Return the product cards of these entries as they are now.

    Only what was sent in this dialog is told. ``user`` is the member of staff who
    looks, None for the visitor.
    """
    sent = _sent_cards(conversation, seqs)
    shopper, refs = shopper_of(conversation.visitor), [each.product for each in sent]
    if not sent:
        return wire.Cards()
    shop = get_adapter()

    def known() -> dict[str, wire.ProductCard]:
        found = shop.get_products(refs, shopper=shopper) or ()
        if user is None:
            return {each.ref: words.card_of(each) for each in found}
        return {each.ref: words.staff_card_of(each, user=user) for each in found}

    def held() -> dict[str, tuple[int, str]]:
        cart = shop.get_cart(shopper)
        lines = cart.lines if cart else ()
        return {line.product: (line.quantity, cart.url) for line in lines if cart}

    found = ask_all(
        {"get_products": known, "get_cart": held}, {"get_products": {}, "get_cart": {}}
    )
    products, cart = found["get_products"], found["get_cart"].value
    if products.trouble:
        return wire.Cards(trouble=products.trouble)
    cards = [_card(each, products.value.get(each.product), cart) for each in sent]
    return wire.Cards(cards=_wished(conversation, cards))


def _wished(
    conversation: Conversation, cards: Collection[wire.ProductCard]
) -> tuple[wire.ProductCard, ...]:
    """Mark the cards of sold out products that the visitor wants to hear of."""
    out = {card.product for card in cards if card.stock == Availability.OUT}
    wishes = StockWish.objects.filter(conversation=conversation, told_at=None)
    wished = (
        set(wishes.filter(product__in=out).values_list("product", flat=True))
        if out
        else set()
    )
    return tuple(
        msgspec.structs.replace(card, wished=card.product in wished) for card in cards
    )


def get_sent_product(*, conversation: Conversation, seq: int) -> str:
    """Return the product of a card that was sent here; raises ``NotFound``."""
    sent = _sent_cards(conversation, [seq])
    if not sent:
        raise NotFound
    return sent[0].product


def _sent_cards(conversation: Conversation, seqs: Collection[int]) -> list[_SentCard]:
    rows = Entry.objects.filter(
        conversation=conversation,
        seq__in=list(seqs)[:MOST_CARDS],
        kind=Entry.Kind.PRODUCT,
    )
    return [
        _SentCard(seq, data["product"], data.get("name", ""), data.get("said", ""))
        for seq, data in rows.order_by("seq").values_list("seq", "data")
        if data
    ]


def _card(
    sent: _SentCard,
    card: wire.ProductCard | None,
    cart: Mapping[str, tuple[int, str]],
) -> wire.ProductCard:
    if card is None:
        return wire.ProductCard(
            product=sent.product, name=sent.name, seq=sent.seq, gone=True
        )
    in_cart, cart_url = cart.get(sent.product, (0, ""))
    was = sent.said if card.price and sent.said != card.price else ""
    return msgspec.structs.replace(
        card, seq=sent.seq, was=was, in_cart=in_cart, cart_url=cart_url
    )


def get_offer(*, public_id: UUID, conversation: Conversation) -> Offer:
    """Return a proposed order of this very dialog; raises ``NotFound``."""
    offer = Offer.objects.filter(public_id=public_id, conversation=conversation).first()
    if offer is None:
        raise NotFound
    return offer


def draft_of(offer: Offer, details: Mapping[str, str] | None = None) -> OrderDraft:
    """Return a proposed order as the shop is asked about it."""
    return OrderDraft(
        key=offer.public_id.hex,
        lines=tuple(DraftLine(ref, quantity) for ref, quantity in offer.lines),
        delivery=offer.delivery,
        coupon=offer.coupon,
        operator=str(offer.operator_id),
        details=details or {},
    )


def offer_card(*, offer: Offer, visitor: Visitor, user: Any = None) -> wire.OfferCard:
    """Return a proposed order with what it costs now, or the order it became."""
    shop, shopper = get_adapter(), shopper_of(visitor)
    card = wire.OfferCard(offer=offer.public_id.hex, state=offer.state)
    if offer.order_reference:
        order = ask("get_order", partial(shop.get_order, offer.order_reference), None)
        row = order.value and (
            words.order_of(order.value)
            if user is None
            else words.staff_order_of(order.value, user=user)
        )
        return msgspec.structs.replace(card, order=row, trouble=order.trouble)
    if not offer.is_proposed:
        return card
    draft = draft_of(offer)
    found = ask_all(
        {
            "quote_order": partial(shop.quote_order, draft, shopper=shopper),
            "order_fields": partial(shop.order_fields, shopper),
        },
        {"quote_order": None, "order_fields": ()},
    )
    quote = found["quote_order"].value
    return msgspec.structs.replace(
        card,
        quote=words.quote_of(quote) if quote else None,
        # An address is the visitor's to see and to change.
        fields=tuple(map(words.field_of, found["order_fields"].value or ()))
        if user is None
        else (),
        trouble=found["quote_order"].trouble,
    )
