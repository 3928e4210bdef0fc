"""What of the shop is shown beside and inside a dialog; sums are words by then.

A field that a member of staff may not see is as empty as one the shop left out.
"""

from typing import Annotated

import msgspec

from chatdesk.wire.frames import Seq
from chatdesk.wire.objects import Wire

MAX_LINES = 50
MAX_QUANTITY = 999

Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Code = Annotated[str, msgspec.Meta(max_length=60)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=MAX_QUANTITY)]
Pieces = Annotated[int, msgspec.Meta(ge=0, le=MAX_QUANTITY)]
Detail = Annotated[str, msgspec.Meta(max_length=500)]


class ProductCard(Wire, frozen=True, kw_only=True):
    """A product as it is now; ``gone`` when the shop knows it no more.

    ``seq`` is the entry it was sent with. ``was`` is the price at sending where it is
    another by now. ``stock`` is ``in_stock few out unknown``; ``in_cart`` how many
    pieces the visitor's cart holds; ``wished`` that he waits for word of it being in
    stock. ``cost`` and ``admin_url`` are for staff.
    """

    product: str
    name: str = ""
    seq: int = 0
    variant: str = ""
    sku: str = ""
    group: str = ""
    price: str = ""
    old_price: str = ""
    was: str = ""
    stock: str = "unknown"
    stock_text: str = ""
    places: tuple[tuple[str, int], ...] = ()
    url: str = ""
    image: str = ""
    in_cart: int = 0
    cart_url: str = ""
    gone: bool = False
    wished: bool = False
    cost: str = ""
    admin_url: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Cards(Wire, frozen=True, kw_only=True):
    """Product cards, and the token with which the visitor may add one to the cart.

    ``trouble`` is ``failed`` or ``slow`` when the shop did not tell.
    """

    cards: tuple[ProductCard, ...] = ()
    trouble: str = ""
    token: str = ""


class CartRow(Wire, frozen=True, kw_only=True):
    """A line of a cart or of a proposed order."""

    product: str
    name: str
    quantity: int
    total: str = ""
    price: str = ""
    variant: str = ""
    image: str = ""
    url: str = ""
    stock: str = "unknown"
    stock_text: str = ""


class CartPanel(Wire, frozen=True, kw_only=True):
    """The visitor's cart as it is now."""

    lines: tuple[CartRow, ...] = ()
    pieces: int = 0
    goods: str = ""
    discount: str = ""
    total: str = ""
    coupon: str = ""
    note: str = ""


class OrderRow(Wire, frozen=True, kw_only=True):
    """An order; ``progress`` and ``payment`` are codes, their names the shop's."""

    reference: str
    number: str
    placed_at: int = 0
    progress: str = ""
    status_name: str = ""
    payment: str = ""
    payment_name: str = ""
    total: str = ""
    delivery_name: str = ""
    tracking: str = ""
    goods: str = ""
    url: str = ""
    pay_url: str = ""
    admin_url: str = ""


class CustomerPanel(Wire, frozen=True, kw_only=True):
    """What the shop knows of the person."""

    name: str = ""
    email: str = ""
    phone: str = ""
    group_name: str = ""
    since: int = 0
    orders: int = 0
    spent: str = ""
    debt: str = ""
    admin_url: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class DeliveryRow(Wire, frozen=True, kw_only=True):
    """A way of delivery for this visitor's cart."""

    code: str
    name: str
    price: str = ""
    text: str = ""


class ShopPanel(Wire, frozen=True, kw_only=True):
    """All blocks of the shop beside a dialog.

    A block that this member of staff may not see, or that the shop does not have, is
    absent. ``troubles`` says by block ``failed`` or ``slow``. ``answers`` fill canned
    replies. ``may_send``, ``may_order`` and ``may_change`` (the cart) say what he may
    do.
    """

    customer: CustomerPanel | None = None
    cart: CartPanel | None = None
    orders: tuple[OrderRow, ...] = ()
    deliveries: tuple[DeliveryRow, ...] = ()
    answers: dict[str, str] = {}
    troubles: dict[str, str] = {}
    may_send: bool = False
    may_order: bool = False
    may_change: bool = False


class QuoteAnswer(Wire, frozen=True, kw_only=True):
    """What a proposed order costs by the shop's own calculation."""

    lines: tuple[CartRow, ...] = ()
    goods: str = ""
    discount: str = ""
    delivery: str = ""
    delivery_name: str = ""
    total: str = ""
    amount: str = ""
    currency: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()


class Field(Wire, frozen=True, kw_only=True):
    """Something the shop must know to take an order."""

    name: str
    label: str
    value: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


class OfferCard(Wire, frozen=True, kw_only=True):
    """A proposed order as it stands: ``proposed confirmed withdrawn``.

    ``quote.amount`` goes back with the confirmation: who confirms another total than
    the shop now asks is shown the new one first.
    """

    offer: str
    state: str
    quote: QuoteAnswer | None = None
    fields: tuple[Field, ...] = ()
    order: OrderRow | None = None
    trouble: str = ""
    token: str = ""


class CartAnswer(Wire, frozen=True, kw_only=True):
    """What adding to the cart came to."""

    in_cart: int
    text: str = ""
    cart_url: str = ""


class PostProduct(msgspec.Struct, frozen=True, kw_only=True):
    """The product whose card is to be sent."""

    product: Ref


class PostCartChange(msgspec.Struct, frozen=True, kw_only=True):
    """How many pieces the visitor's cart shall hold; ``was`` is how many were seen."""

    product: Ref
    was: Pieces
    quantity: Pieces


class PostCart(msgspec.Struct, frozen=True, kw_only=True):
    """The card whose product goes into the visitor's own cart."""

    seq: Seq
    quantity: Quantity = 1


class PostWish(msgspec.Struct, frozen=True, kw_only=True):
    """The card of a sold out product that the visitor wants to hear of."""

    seq: Seq


class OfferLine(msgspec.Struct, frozen=True, kw_only=True):
    """A product of a proposed order."""

    product: Ref
    quantity: Quantity = 1


class PostOrderOffer(msgspec.Struct, frozen=True, kw_only=True):
    """An order to be quoted or proposed."""

    lines: Annotated[list[OfferLine], msgspec.Meta(min_length=1, max_length=MAX_LINES)]
    delivery: Code = ""
    coupon: Code = ""


class PostConfirm(msgspec.Struct, frozen=True, kw_only=True):
    """The total that the visitor saw, and what the shop asked for."""

    amount: Annotated[str, msgspec.Meta(max_length=20)]
    details: Annotated[dict[Code, Detail], msgspec.Meta(max_length=30)] = {}
