"""What this shop tells chatdesk: an adapter, and an example of one.

A reference of a product is its page address; a variant's has its article behind a
colon. A reference of an order is its number. A guest's key is that of his cart.
"""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.pages import Page
from chatdesk.shop.types import (
    Added,
    Cart,
    Customer,
    Delivery,
    Order,
    OrderDraft,
    OrderField,
    Product,
    Quote,
    Shopper,
    ShopRefusal,
)
from shop_demo import carts, chat_cart, chat_draft, chat_products, delivery, models
from shop_demo.chat_customer import describe_customer
from shop_demo.chat_orders import CURRENCY, describe_order
from shop_demo.money import format_money


class NorthbrewAdapter(ShopAdapter):
    """The demo shop in the dialog."""

    permissions = {
        "customer.email": "shop_demo.view_order",
        "customer.phone": "shop_demo.view_order",
        "cart.change": "shop_demo.change_cart",
        "order.admin_url": "shop_demo.change_order",
        "order.create": "shop_demo.add_order",
        "product.cost": "shop_demo.view_product",
        "product.admin_url": "shop_demo.change_product",
    }

    def key_of(self, request: HttpRequest) -> str:
        """Return the key of a guest's cart."""
        if request.user.is_authenticated:
            return ""
        return str(request.session.get(carts.SESSION_KEY, ""))

    def page_at(self, path: str) -> Page | None:
        """Return the product or the shelf of an address; its views name them late."""
        try:
            match = resolve(path)
        except Resolver404:
            return None
        kind = {"shop:product": "product", "shop:category": "category"}
        found = kind.get(match.view_name)
        return Page(found, match.kwargs["slug"]) if found else None

    def get_customer(self, shopper: Shopper) -> Customer | None:
        """Return the account with what it bought."""
        return describe_customer(shopper)

    def get_cart(self, shopper: Shopper) -> Cart | None:
        """Return the cart with the best discount, as the cart page has it."""
        cart = chat_cart.find_cart(shopper)
        return None if cart is None else chat_cart.describe_cart(cart)

    def list_orders(self, shopper: Shopper, *, limit: int) -> Sequence[Order]:
        """Return the orders of an account, or those made from a guest's cart."""
        found = orders_of(shopper).prefetch_related("lines__product", "refunds__lines")
        return [describe_order(order) for order in found[:limit]]

    def get_order(self, reference: str) -> Order | None:
        """Return the order with this number."""
        order = models.Order.objects.filter(number=reference).first()
        return None if order is None else describe_order(order)

    def search_products(
        self, words: str, *, shopper: Shopper, limit: int
    ) -> Sequence[Product]:
        """Search as the site does; without words the most bought stand first."""
        return chat_products.search(words, limit=limit)

    def get_products(
        self, refs: Sequence[str], *, shopper: Shopper
    ) -> Sequence[Product]:
        """Return products and variants by reference."""
        return chat_products.find(refs)

    def list_deliveries(self, shopper: Shopper) -> Sequence[Delivery]:
        """Return every way with its price for this cart."""
        return chat_cart.list_deliveries(shopper)

    def answer_facts(self, shopper: Shopper) -> Mapping[str, str]:
        """Return what operators are asked most, from the rules of the checkout."""
        ways = chat_cart.list_deliveries(shopper)
        told = [f"{way.name}: {format_money(way.price)}" for way in ways]
        return {
            "delivery": "; ".join(told),
            "free_from": format_money(delivery.FREE_FROM),
        }

    def add_to_cart(self, request: HttpRequest, product: str, quantity: int) -> Added:
        """Add by the rules of the shop's own button."""
        return chat_cart.add(request, product, quantity)

    def set_in_cart(self, shopper: Shopper, product: str, quantity: int) -> Added:
        """Change the cart as its page does, whoever asks."""
        return chat_cart.put(shopper, product, quantity)

    def order_fields(self, shopper: Shopper) -> Sequence[OrderField]:
        """Return the fields of the checkout, filled in from the last order."""
        return chat_draft.list_fields(shopper)

    def quote_order(self, draft: OrderDraft, *, shopper: Shopper) -> Quote | None:
        """Return what the checkout would ask."""
        return chat_draft.quote(draft, shopper=shopper)

    def create_order(self, draft: OrderDraft, *, shopper: Shopper) -> Order:
        """Place the order as the checkout does."""
        known = models.Order.objects.filter(draft=draft.key).first()
        if known is None:
            quote = chat_draft.quote(draft, shopper=shopper)
            if quote.problems:
                raise ShopRefusal(" ".join(quote.problems))
            known = chat_draft.place(draft, shopper=shopper)
        return describe_order(known)

    def write_money(self, amount: object, currency: str) -> str:
        """Return a sum as the pages of the shop write it."""
        if currency != CURRENCY:
            return super().write_money(amount, currency)
        return format_money(amount)  # type: ignore[arg-type]


def orders_of(shopper: Shopper) -> "QuerySet[models.Order]":
    """Return whose orders they are: an account's, or those of a guest's own cart."""
    if not shopper.is_guest:
        owner = Q(user_id=shopper.user_id)
    elif shopper.key:
        owner = Q(user=None, cart_key=shopper.key)
    else:
        return models.Order.objects.none()
    return models.Order.objects.filter(owner).order_by("-placed_at", "-pk")
