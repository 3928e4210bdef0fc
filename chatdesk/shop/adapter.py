"""The one class a shop writes so that chatdesk knows its carts, orders and products.

Every method is optional: what a shop leaves out is simply not shown. Methods are sync,
may use the ORM, and are called with the language of the reader active. They may raise:
chatdesk goes on without the block, says so in it and logs the error once. A method that
reads has two seconds.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.module_loading import import_string

from chatdesk.conf import get_settings
from chatdesk.shop.pages import Page, page_at
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
    RoutingFacts,
    Shopper,
    ShopRefusal,
)


class ShopAdapter:
    """A shop that tells nothing; a real one overrides what it has."""

    permissions: Mapping[str, str] = {}
    """Which Django permission a field of the workspace needs: ``{"customer.phone":
    "shop.view_phone", "product.cost": "shop.view_cost", "order.create":
    "shop.add_order"}``. A field that is not named is for every operator. Names are
    ``customer``, ``cart``, ``orders``, ``stock`` for whole blocks, ``block.field`` for
    one field, and ``product.send``, ``cart.change``, ``order.create`` for what may be
    done."""

    # Who it is

    def key_of(self, request: HttpRequest) -> str:
        """Return what finds this guest's cart again, such as its secret key.

        Called for requests of the visitor's own browser and kept with the visitor, at
        most 120 characters. Empty when there is nothing to find.
        """
        return ""

    def get_customer(self, shopper: Shopper) -> Customer | None:
        """Return what the shop knows of the person, or None for a stranger."""
        return None

    def routing_facts(self, shopper: Shopper) -> RoutingFacts:
        """Return what routing rules may ask; by default from customer and cart."""
        customer = self.get_customer(shopper)
        cart = self.get_cart(shopper)
        return RoutingFacts(
            customer_group=customer.group if customer else "",
            cart_total=cart.total if cart else None,
            currency=cart.currency if cart else "",
        )

    def page_at(self, path: str) -> Page | None:
        """Return what the page at an address is about: ``Page("product", "heron")``.

        By default what ``chatdesk_page`` says of its view. Rules of departments by
        category need it: a product's ``group`` is asked for, the reference of a page of
        kind ``category`` is the code itself. Addresses may come from anybody.
        """
        return page_at(path)

    # Cart and orders

    def get_cart(self, shopper: Shopper) -> Cart | None:
        """Return the cart as it is now, or None when there is none."""
        return None

    def list_orders(self, shopper: Shopper, *, limit: int) -> Sequence[Order]:
        """Return the person's orders, the newest first. A guest has his own only."""
        return ()

    def get_order(self, reference: str) -> Order | None:
        """Return the order with this reference, or None; also for sale credit."""
        return None

    # Catalogue

    def search_products(
        self, words: str, *, shopper: Shopper, limit: int
    ) -> Sequence[Product]:
        """Return products that match every word, what is in stock first.

        Without words: what an operator would most likely send.
        """
        return ()

    def get_products(
        self, refs: Sequence[str], *, shopper: Shopper
    ) -> Sequence[Product]:
        """Return the products of these references, in any order; unknown ones left out.

        Prices are those for the shopper. References may come from anybody: a reference
        that is not one is unknown, not an error.
        """
        return ()

    def list_deliveries(self, shopper: Shopper) -> Sequence[Delivery]:
        """Return the ways of delivery for this shopper and his cart."""
        return ()

    def answer_facts(self, shopper: Shopper) -> Mapping[str, str]:
        """Return words for canned replies by the name between their braces.

        ``{"delivery": "Post 4.90 €, 2-4 days"}`` fills ``{{ delivery }}``.
        """
        return {}

    # What a visitor or an operator does

    def add_to_cart(self, request: HttpRequest, product: str, quantity: int) -> Added:
        """Put a product into the cart of the browser that asks, by the shop's rules.

        The request is the visitor's own, with session and login and a checked token.
        """
        raise ShopRefusal("")

    def set_in_cart(self, shopper: Shopper, product: str, quantity: int) -> Added:
        """Set how many pieces of a product the person's cart holds; 0 takes it out.

        An operator asks, with the permission ``cart.change``, in the database
        transaction that is open: the dialog says what was changed. Returns how many
        pieces the cart holds now, which may be fewer than asked for. Raises
        ``ShopRefusal`` with words, such as for a guest who has no cart yet.
        """
        raise ShopRefusal("")

    def order_fields(self, shopper: Shopper) -> Sequence[OrderField]:
        """Return what must be known to take an order, filled in as far as it is."""
        return ()

    def quote_order(self, draft: OrderDraft, *, shopper: Shopper) -> Quote | None:
        """Return what the draft costs, by the calculation of the checkout.

        None when the shop takes no orders from a dialog.
        """
        return None

    def create_order(self, draft: OrderDraft, *, shopper: Shopper) -> Order:
        """Make the order in the database transaction that is open; the same draft once.

        What went into the order leaves the cart. Raises ``ShopRefusal`` with words.
        """
        raise ShopRefusal("")

    # Who may see what

    def may(self, user: Any, field: str) -> bool:
        """Return whether a member of staff may see or do what ``field`` names."""
        permission = self.permissions.get(field, "")
        return not permission or user.has_perm(permission)

    # How it is written

    def write_money(self, amount: Any, currency: str) -> str:
        """Return a sum as people read it in the active language."""
        return f"{number_format(amount, 2, force_grouping=True)} {currency}".strip()


@cache
def get_adapter() -> ShopAdapter:
    """Return the adapter that ``CHATDESK["SHOP_ADAPTER"]`` names, made once a process.

    Without the setting the shop tells nothing. Raises ``ImproperlyConfigured`` for a
    path that leads to no adapter.
    """
    path = get_settings().shop_adapter
    if not path:
        return ShopAdapter()
    try:
        found = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(f"SHOP_ADAPTER: {error}") from error
    adapter = found() if isinstance(found, type) else found
    if not isinstance(adapter, ShopAdapter):
        raise ImproperlyConfigured(f"SHOP_ADAPTER: {path} is no ShopAdapter")
    return adapter


def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting == "CHATDESK":
        get_adapter.cache_clear()


setting_changed.connect(_forget, dispatch_uid="chatdesk.shop.adapter")
