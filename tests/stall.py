"""A stall: the smallest shop, all of it in memory, whose answers a test may break."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone

from chatdesk.shop.adapter import ShopAdapter, get_adapter
from chatdesk.shop.types import (
    Added,
    Availability,
    Cart,
    CartLine,
    Customer,
    Delivery,
    Fact,
    Order,
    OrderDraft,
    OrderLine,
    Product,
    Quote,
    Shopper,
    ShopRefusal,
    Stock,
)

KETTLE = Product(
    ref="KETTLE",
    name="Kettle",
    price=Decimal("64.00"),
    currency="EUR",
    sku="K-1",
    stock=Stock(Availability.IN_STOCK, 6),
    url="/kettle/",
    cost=Decimal("30.00"),
)
MILL = Product(ref="MILL", name="Mill", price=Decimal("89.00"), currency="EUR")


class Stall(ShopAdapter):
    """Sells kettles and mills. ``asked`` counts questions by name."""

    permissions: ClassVar[dict[str, str]] = {
        "customer.phone": "auth.view_user",
        "product.cost": "auth.view_user",
        "orders": "auth.view_group",
        "order.create": "auth.view_group",
        "cart.change": "auth.view_group",
    }

    def __init__(self) -> None:
        self.goods = {"KETTLE": KETTLE, "MILL": MILL}
        self.held: dict[str, int] = {}
        self.made: dict[str, Order] = {}
        self.asked: list[str] = []

    def key_of(self, request: HttpRequest) -> str:
        return request.headers.get("X-Basket", "")

    def get_customer(self, shopper: Shopper) -> Customer | None:
        self.asked.append("customer")
        facts = (Fact("Margin", "40 %", "auth.view_user"), Fact("Club", "gold"))
        return Customer(ref="1", name="Vera", phone="+49 1", facts=facts)

    def get_cart(self, shopper: Shopper) -> Cart | None:
        self.asked.append("cart")
        lines = tuple(self.line(ref, pieces) for ref, pieces in self.held.items())
        goods = sum((line.total for line in lines), Decimal("0.00"))
        return Cart(
            ref="1", currency="EUR", lines=lines, goods=goods, total=goods, url="/cart/"
        )

    def line(self, ref: str, pieces: int) -> CartLine:
        good = self.goods[ref]
        return CartLine(ref, good.name, pieces, good.price, good.price * pieces)

    def list_orders(self, shopper: Shopper, *, limit: int) -> Sequence[Order]:
        return list(self.made.values())[:limit]

    def get_order(self, reference: str) -> Order | None:
        found = [each for each in self.made.values() if each.reference == reference]
        return found[0] if found else None

    def search_products(
        self, words: str, *, shopper: Shopper, limit: int
    ) -> Sequence[Product]:
        found = self.goods.values()
        return [good for good in found if words.lower() in good.name.lower()][:limit]

    def get_products(
        self, refs: Sequence[str], *, shopper: Shopper
    ) -> Sequence[Product]:
        return [self.goods[ref] for ref in refs if ref in self.goods]

    def list_deliveries(self, shopper: Shopper) -> Sequence[Delivery]:
        return [Delivery("post", "By post", Decimal("4.90"), "EUR")]

    def add_to_cart(self, request: HttpRequest, product: str, quantity: int) -> Added:
        good = self.goods.get(product)
        if good is None or not good.stock.can_be_had:
            raise ShopRefusal("The last one was just sold.")
        self.held[product] = self.held.get(product, 0) + quantity
        return Added(quantity=self.held[product], cart_url="/cart/")

    def set_in_cart(self, shopper: Shopper, product: str, quantity: int) -> Added:
        if product not in self.goods:
            raise ShopRefusal("There is no such product.")
        self.held.pop(product, None)
        if quantity:
            self.held[product] = min(quantity, 6)
        return Added(quantity=self.held.get(product, 0), cart_url="/cart/")

    def quote_order(self, draft: OrderDraft, *, shopper: Shopper) -> Quote | None:
        known = [line for line in draft.lines if line.product in self.goods]
        lines = tuple(self.line(line.product, line.quantity) for line in known)
        goods = sum((line.total for line in lines), Decimal("0.00"))
        is_whole = len(known) == len(draft.lines)
        return Quote(
            currency="EUR",
            lines=lines,
            goods=goods,
            total=goods,
            problems=() if is_whole else ("There is no such product.",),
        )

    def create_order(self, draft: OrderDraft, *, shopper: Shopper) -> Order:
        if draft.key in self.made:
            return self.made[draft.key]
        quote = self.quote_order(draft, shopper=shopper)
        assert quote is not None
        number = f"N-{len(self.made) + 1}"
        self.made[draft.key] = Order(
            reference=number,
            number=number,
            placed_at=timezone.now(),
            currency="EUR",
            goods=quote.goods,
            total=quote.total,
            lines=tuple(
                OrderLine(line.product, line.product, line.name, 1, line.total)
                for line in quote.lines
            ),
            draft=draft.key,
            url=f"/order/{number}/",
            admin_url=f"/admin/order/{number}/",
        )
        return self.made[draft.key]


def stall() -> Stall:
    """Return the stall of this test; the setting has to name it."""
    found = get_adapter()
    assert isinstance(found, Stall)
    return found


def reprice(ref: str, **changes: Any) -> None:
    """Change a product: its price, its stock."""
    stall().goods[ref] = replace(stall().goods[ref], **changes)
