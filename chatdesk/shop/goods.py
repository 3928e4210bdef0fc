"""Products, carts, stock and delivery, as a shop tells of them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chatdesk.shop.people import Fact

ZERO = Decimal("0.00")


class Availability(StrEnum):
    """Whether a product can be had."""

    IN_STOCK = "in_stock"
    FEW = "few"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """How many pieces one store or warehouse holds."""

    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Stock:
    """Whether and where a product can be had; ``text`` in the shop's own words."""

    state: Availability = Availability.UNKNOWN
    quantity: int | None = None
    text: str = ""
    places: tuple[Place, ...] = ()

    @property
    def can_be_had(self) -> bool:
        """Whether a buyer may put it into a cart."""
        return self.state != Availability.OUT


@dataclass(frozen=True, slots=True)
class Product:
    """A product or one variant of it, at the price for the shopper asked about.

    ``ref`` names exactly what goes into a cart: where a product comes in sizes, each
    size is a ``Product`` of its own with its ``variant`` in words. ``group`` is the
    code of the product group that commission plans and routing rules name. ``cost`` is
    for staff with the permission only.
    """

    ref: str
    name: str
    price: Decimal
    currency: str
    old_price: Decimal | None = None
    sku: str = ""
    variant: str = ""
    group: str = ""
    group_name: str = ""
    stock: Stock = field(default_factory=Stock)
    url: str = ""
    image: str = ""
    admin_url: str = ""
    cost: Decimal | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class CartLine:
    """A product of a cart with what it costs there, discounts of the line included."""

    product: str
    name: str
    quantity: int
    price: Decimal
    total: Decimal
    variant: str = ""
    group: str = ""
    url: str = ""
    image: str = ""
    stock: Stock = field(default_factory=Stock)


@dataclass(frozen=True, slots=True)
class Cart:
    """What somebody means to buy. ``discount`` is what offers take off, positive."""

    ref: str
    currency: str
    lines: tuple[CartLine, ...] = ()
    goods: Decimal = ZERO
    discount: Decimal = ZERO
    total: Decimal = ZERO
    """What the goods cost after discounts, without delivery."""
    coupon: str = ""
    note: str = ""
    """A line in the shop's words, such as what is missing to a free parcel."""
    url: str = ""
    """Page of the cart."""
    changed_at: datetime | None = None

    @property
    def pieces(self) -> int:
        """How many pieces the cart holds."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way of delivery for this shopper and cart."""

    code: str
    name: str
    price: Decimal
    currency: str
    text: str = ""
    """When it arrives or what it needs, in the shop's words."""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding to a cart came to: how many pieces it holds now, and a word on it."""

    quantity: int
    text: str = ""
    cart_url: str = ""

    @property
    def is_added(self) -> bool:
        """Whether the cart holds the product now."""
        return self.quantity > 0
