"""What a shop tells chatdesk: plain frozen facts, no models and no foreign keys.

Things are named by references, strings that the shop chose and can find again: a
primary key, an article, a slug. Sums are ``Decimal`` in the currency named beside
them (ISO 4217); one cart or order has one currency. Texts are in the language that is
active when the adapter is asked.
"""

from chatdesk.shop.goods import (
    ZERO,
    Added,
    Availability,
    Cart,
    CartLine,
    Delivery,
    Place,
    Product,
    Stock,
)
from chatdesk.shop.orders import (
    DraftLine,
    Order,
    OrderDraft,
    OrderEvent,
    OrderField,
    OrderLine,
    Payment,
    Progress,
    Quote,
    Refund,
    RefundLine,
)
from chatdesk.shop.people import (
    Customer,
    Fact,
    RoutingFacts,
    Shopper,
    ShopRefusal,
)

__all__ = [
    "ZERO",
    "Added",
    "Availability",
    "Cart",
    "CartLine",
    "Customer",
    "Delivery",
    "DraftLine",
    "Fact",
    "Order",
    "OrderDraft",
    "OrderEvent",
    "OrderField",
    "OrderLine",
    "Payment",
    "Place",
    "Product",
    "Progress",
    "Quote",
    "Refund",
    "RefundLine",
    "RoutingFacts",
    "ShopRefusal",
    "Shopper",
    "Stock",
]
