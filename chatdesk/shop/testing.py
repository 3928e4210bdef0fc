"""A test kit for adapters: any shop runs it in its own tests.

::

    @pytest.mark.django_db
    class TestOurAdapter(AdapterTests):
        def make_world(self):
            ...  # products, a customer with a cart and orders
            return World(shopper=..., products=["A1"], sold_out="B2", words="kettle")

It works for ``django.test.TestCase`` too: list the kit before it among the bases. What
the shop leaves out is skipped. Each test says what it found wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from typing import Any
from unittest import SkipTest

from django.db import connection, transaction
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from chatdesk.shop.adapter import ShopAdapter, get_adapter
from chatdesk.shop.types import (
    Cart,
    DraftLine,
    Order,
    OrderDraft,
    Quote,
    Shopper,
    ShopRefusal,
)

HOSTILE = (
    "",
    "0",
    "-1",
    "no-such-thing",
    "9" * 60,
    "' OR 1=1 --",
    "../../etc/passwd",
    "<script>",
    "\N{PILE OF POO}",
    "a\nb",
)
LONGEST_REF = 120


@dataclass(frozen=True, slots=True)
class World:
    """What a shop prepared for the tests.

    ``shopper`` has an account or a key, a cart with something in it and at least one
    order. ``request`` is that of a browser that may buy, with session and user.
    ``details`` answers what ``order_fields`` asks for.
    """

    shopper: Shopper
    products: Sequence[str]
    words: str = ""
    sold_out: str = ""
    request: HttpRequest | None = None
    details: Mapping[str, str] = field(default_factory=dict)


class AdapterTests:
    """What every adapter must keep to; override ``make_world``."""

    def make_world(self) -> World:
        """Return what to test with; called at the start of each test."""
        raise NotImplementedError

    def make_adapter(self) -> ShopAdapter:
        """Return the adapter; by default the one that the settings name."""
        return get_adapter()

    # Products

    def test_products_are_well_formed(self) -> None:
        """References, sums and texts are of the kind that the types name."""
        world, shop = self._world("get_products")
        found = shop.get_products(list(world.products), shopper=world.shopper)
        _equal({each.ref for each in found}, set(world.products), "products by ref")
        for product in found:
            _check(product)
            _require(product.price >= 0, f"{product.ref} has a negative price")

    def test_unknown_products_are_left_out(self) -> None:
        """A reference that is none is unknown, whatever it looks like."""
        world, shop = self._world("get_products")
        known = world.products[0]
        found = shop.get_products([*HOSTILE, known], shopper=world.shopper)
        _equal([each.ref for each in found], [known], "products of forged references")

    def test_many_products_cost_no_more_queries_than_one(self) -> None:
        """Cards of a whole dialog are asked for at once."""
        world, shop = self._world("get_products")
        if len(world.products) < 2:
            raise SkipTest("needs two products")
        counts = []
        for refs in (world.products[:1], world.products):
            with CaptureQueriesContext(connection) as queries:
                _walk(shop.get_products(list(refs), shopper=world.shopper))
            counts.append(len(queries))
        _require(counts[1] <= counts[0] + 1, f"queries for one and for all: {counts}")

    def test_search_finds_what_can_be_had_first(self) -> None:
        """The limit holds, and nothing sold out stands before what is there."""
        world, shop = self._world("search_products")
        found = list(shop.search_products(world.words, shopper=world.shopper, limit=5))
        _require(0 < len(found) <= 5, f"{len(found)} found for {world.words!r}")
        _walk(found)
        order = [each.stock.can_be_had for each in found]
        _equal(order, sorted(order, reverse=True), "what can be had comes first")

    def test_search_takes_any_words(self) -> None:
        """What people type is not code."""
        world, shop = self._world("search_products")
        for words in HOSTILE:
            _walk(shop.search_products(words, shopper=world.shopper, limit=5))

    # Customer, cart, orders

    def test_a_stranger_has_nothing(self) -> None:
        """Without account and key there is no cart, no order and no customer."""
        _, shop = self._world()
        for stranger in (Shopper(), *(Shopper(key=key) for key in HOSTILE)):
            _require(shop.get_customer(stranger) is None, f"{stranger} is a customer")
            cart = shop.get_cart(stranger)
            _require(cart is None or not cart.lines, f"{stranger} has a cart")
            _equal(list(shop.list_orders(stranger, limit=5)), [], "orders of nobody")

    def test_an_address_alone_proves_nothing(self) -> None:
        """Who says that an e-mail address is his sees nothing because of it."""
        world, shop = self._world("list_orders")
        for order in shop.list_orders(world.shopper, limit=5):
            claims = Shopper(email=order.email)
            _equal(list(shop.list_orders(claims, limit=5)), [], "orders by address")

    def test_the_customer_is_well_formed(self) -> None:
        """The shopper of the tests is somebody."""
        world, shop = self._world("get_customer")
        if world.shopper.is_guest:
            raise SkipTest("the shopper is a guest")
        customer = shop.get_customer(world.shopper)
        _require(customer is not None, "the shopper has an account, but is nobody")
        _check(customer)

    def test_the_cart_adds_up(self) -> None:
        """Lines, discount and total of a cart are one calculation."""
        world, shop = self._world("get_cart")
        cart = shop.get_cart(world.shopper)
        if cart is None:
            raise AssertionError("the shopper has no cart")
        _require(bool(cart.lines), "the cart of the shopper is empty")
        _check(cart)
        _check_sums(cart)

    def test_orders_add_up_and_can_be_found_again(self) -> None:
        """The newest stands first, references are unique, sums agree."""
        world, shop = self._world("list_orders")
        orders = list(shop.list_orders(world.shopper, limit=5))
        _require(bool(orders), "the shopper has no order")
        moments = [order.placed_at for order in orders]
        _equal(moments, sorted(moments, reverse=True), "the newest order comes first")
        references = {order.reference for order in orders}
        _equal(len(references), len(orders), "references of orders")
        _equal(len(shop.list_orders(world.shopper, limit=1)), 1, "orders under a limit")
        for order in orders:
            _check_order(order)
            again = shop.get_order(order.reference)
            _require(
                again is not None and again.reference == order.reference,
                f"get_order does not find {order.reference}",
            )

    def test_unknown_orders_are_not_found(self) -> None:
        """A forged reference of an order is nothing."""
        _, shop = self._world("get_order")
        for reference in HOSTILE:
            _equal(shop.get_order(reference), None, f"order {reference!r}")

    def test_deliveries_are_well_formed(self) -> None:
        """Each way has a code of its own."""
        world, shop = self._world("list_deliveries")
        found = shop.list_deliveries(world.shopper)
        _walk(found)
        _equal(len({each.code for each in found}), len(found), "codes of deliveries")

    # What a visitor does

    def test_a_product_goes_into_the_cart(self) -> None:
        """The cart holds what was added, as many as it says."""
        world, shop = self._world("add_to_cart")
        request, product = _request(world), world.products[0]
        added = shop.add_to_cart(request, product, 1)
        _check(added)
        _require(added.is_added, f"{product} was not added: {added.text}")

    def test_what_cannot_be_had_is_refused_in_words(self) -> None:
        """Sold out and unknown products do not go into a cart."""
        world, shop = self._world("add_to_cart")
        request = _request(world)
        for product in filter(None, [world.sold_out, *HOSTILE[1:]]):
            text = _refusal(lambda ref=product: shop.add_to_cart(request, ref, 1))
            _require(bool(text), f"{product!r} is refused without a word")

    # What an operator does

    def test_an_operator_sets_what_the_cart_holds(self) -> None:
        """One piece is one piece, again is the same, and 0 takes the product out."""
        world, shop = self._world("set_in_cart")
        product = world.products[0]
        for quantity in (1, 1, 0):
            with transaction.atomic():
                done = shop.set_in_cart(world.shopper, product, quantity)
            _check(done)
            _equal(done.quantity, quantity, f"pieces of {product}")
            _equal(_held(shop, world.shopper, product), quantity, "pieces in the cart")

    def test_an_operator_puts_nothing_in_that_cannot_be_had(self) -> None:
        """Sold out and unknown products are refused in words, and so is a stranger."""
        world, shop = self._world("set_in_cart")
        for product in filter(None, [world.sold_out, *HOSTILE]):
            text = _refusal(
                lambda ref=product: shop.set_in_cart(world.shopper, ref, 1), atomic=True
            )
            _require(bool(text), f"{product!r} is refused without a word")
        for stranger in (Shopper(), *(Shopper(key=key) for key in HOSTILE)):
            text = _refusal(
                lambda who=stranger: shop.set_in_cart(who, world.products[0], 1),
                atomic=True,
            )
            _require(bool(text), f"{stranger} is refused without a word")

    # Orders from a dialog

    def test_a_draft_costs_what_its_order_costs(self) -> None:
        """The quote is the checkout's sum, and the same draft makes one order."""
        world, shop = self._world("create_order")
        draft = _draft(world, shop, [world.products[0]])
        quote = shop.quote_order(draft, shopper=world.shopper)
        if quote is None:
            raise AssertionError("quote_order knows nothing, but create_order is there")
        _equal(tuple(quote.problems), (), "what stands in the way")
        _check(quote)
        _check_sums(quote)
        with transaction.atomic():
            order = shop.create_order(draft, shopper=world.shopper)
            again = shop.create_order(draft, shopper=world.shopper)
        _check_order(order)
        _equal(order.total, quote.total, "total of the order and of its quote")
        _equal(again.reference, order.reference, "the order of the same draft")
        _equal(order.draft, draft.key, "draft that the order names")

    def test_a_draft_of_what_cannot_be_had_says_so(self) -> None:
        """An unknown or sold out product is a problem in words, and makes no order."""
        world, shop = self._world("create_order")
        for product in filter(None, [world.sold_out, "no-such-thing"]):
            draft = _draft(world, shop, [product])
            quote = shop.quote_order(draft, shopper=world.shopper)
            _require(bool(quote and quote.problems), f"{product!r} is no problem")
            _refusal(
                lambda each=draft: shop.create_order(each, shopper=world.shopper),
                atomic=True,
            )

    def _world(self, method: str = "") -> tuple[World, ShopAdapter]:
        shop = self.make_adapter()
        if method and getattr(type(shop), method) is getattr(ShopAdapter, method):
            raise SkipTest(f"the shop has no {method}")
        return self.make_world(), shop


def _draft(world: World, shop: ShopAdapter, products: Iterable[str]) -> OrderDraft:
    ways = shop.list_deliveries(world.shopper)
    return OrderDraft(
        key="0" * 31 + "1",
        lines=tuple(DraftLine(product, 1) for product in products),
        delivery=ways[0].code if ways else "",
        details=world.details,
    )


def _held(shop: ShopAdapter, shopper: Shopper, product: str) -> int:
    cart = shop.get_cart(shopper)
    lines = cart.lines if cart else ()
    return sum(line.quantity for line in lines if line.product == product)


def _request(world: World) -> HttpRequest:
    if world.request is None:
        raise SkipTest("the world has no request")
    return world.request


def _refusal(action: Any, *, atomic: bool = False) -> str:
    """Return with what words the shop refuses; an answer of nothing counts too."""
    try:
        if atomic:
            with transaction.atomic():
                found = action()
        else:
            found = action()
    except ShopRefusal as refusal:
        return str(refusal.text)
    _require(not getattr(found, "is_added", True), f"the shop does not refuse: {found}")
    return str(found.text)


def _check_order(order: Order) -> None:
    _check(order)
    _equal(order.goods - order.discount + order.delivery, order.total, order.number)
    amounts = sum((line.amount for line in order.lines), Decimal(0))
    _equal(amounts, order.goods - order.discount, f"lines of {order.number}")
    _require(order.refunded <= order.total, f"{order.number} gave back too much")
    lines = {line.ref for line in order.lines}
    _equal(len(lines), len(order.lines), f"references of lines of {order.number}")
    for refund in order.refunds:
        named = {line.line for line in refund.lines}
        _require(named <= lines, f"a refund of {order.number} names no line of it")


def _check_sums(found: Cart | Quote) -> None:
    total = sum((line.total for line in found.lines), Decimal(0))
    delivery = found.delivery if isinstance(found, Quote) else Decimal(0)
    # A shop may take a discount off the lines or off the sum.
    sums = (found.goods, found.goods - found.discount)
    _require(total in sums, f"lines come to {total}, goods to {found.goods}")
    _equal(found.goods - found.discount + delivery, found.total, "total")


def _walk(found: Iterable[Any]) -> None:
    for each in found:
        _check(each)


def _check(found: Any) -> None:
    """Look at every field: real texts, exact sums, three letters of currency."""
    for each in fields(found):
        value, where = getattr(found, each.name), f"{type(found).__name__}.{each.name}"
        if each.name == "user_id":
            continue
        if each.name in ("ref", "reference", "product"):
            _require(0 < len(value) <= LONGEST_REF, f"{where} is {value!r}")
        if each.name == "currency" and value:
            is_code = len(value) == 3 and value.isalpha() and value.isupper()
            _require(is_code, f"{where} is {value!r}, not an ISO code")
        _check_value(value, str(each.type), where)


def _check_value(value: Any, kind: str, where: str) -> None:
    if is_dataclass(value):
        _check(value)
    elif isinstance(value, tuple):
        for item in value:
            if is_dataclass(item):
                _check(item)
    elif isinstance(value, Decimal):
        _require(value.is_finite(), f"{where} is {value}")
    elif "Decimal" in kind and value is not None:
        raise AssertionError(f"{where} is {value!r}, not a Decimal")
    elif "'str'" in kind:
        _require(isinstance(value, str), f"{where} is a {type(value).__name__}")


def _equal(found: Any, expected: Any, what: object) -> None:
    _require(found == expected, f"{what}: {found!r}, expected {expected!r}")


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 - an assertion
    if not condition:
        raise AssertionError(message)
