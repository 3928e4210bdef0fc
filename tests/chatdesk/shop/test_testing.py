"""The test kit finds what is wrong with an adapter, and nothing with a good one."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from unittest import SkipTest

import pytest
from django.test import RequestFactory

from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.testing import AdapterTests, World
from chatdesk.shop.types import (
    Added,
    Availability,
    Cart,
    CartLine,
    Customer,
    Order,
    OrderLine,
    Refund,
    RefundLine,
    Shopper,
    ShopRefusal,
    Stock,
)
from tests.factories import NOON
from tests.stall import KETTLE, MILL, Stall

pytestmark = pytest.mark.django_db

VERA = Shopper(user_id=1)
SOLD_OUT = replace(MILL, ref="CUP", name="Cup", stock=Stock(Availability.OUT, 0))
LINE = CartLine("KETTLE", "Kettle", 2, Decimal(64), Decimal(128))
CART = Cart("1", "EUR", (LINE,), goods=Decimal(128), total=Decimal(128))
KNOWN = Customer(ref="1", name="Vera", currency="EUR")


class GoodStall(Stall):
    """A stall that keeps to all that the kit asks for."""

    def __init__(self):
        super().__init__()
        self.goods["CUP"] = SOLD_OUT

    def get_customer(self, shopper):
        return None if shopper.is_guest else KNOWN

    def get_cart(self, shopper):
        if shopper.is_guest:
            return None
        return super().get_cart(shopper) if self.held else CART

    def set_in_cart(self, shopper, product, quantity):
        if shopper.is_guest:
            raise ShopRefusal("Nobody has no cart.")
        if product == "CUP":
            raise ShopRefusal("There is none.")
        # The other line keeps the cart from being empty.
        self.held.setdefault("MILL", 1)
        return super().set_in_cart(shopper, product, quantity)

    def list_orders(self, shopper, *, limit):
        return () if shopper.is_guest else super().list_orders(shopper, limit=limit)

    def search_products(self, words, *, shopper, limit) -> Sequence:
        found = super().search_products(words, shopper=shopper, limit=99)
        return sorted(found, key=lambda each: not each.stock.can_be_had)[:limit]

    def list_deliveries(self, shopper):
        return ()

    def quote_order(self, draft, *, shopper):
        quote = super().quote_order(draft, shopper=shopper)
        known = [self.goods.get(line.product) for line in draft.lines]
        if all(each and each.stock.can_be_had for each in known):
            return quote
        return replace(quote, problems=("There is none.",))

    def create_order(self, draft, *, shopper):
        if self.quote_order(draft, shopper=shopper).problems:
            raise ShopRefusal("There is none.")
        return super().create_order(draft, shopper=shopper)


class Kit(AdapterTests):
    """The kit with one stall, which a test has broken."""

    __test__ = False

    def __init__(self, shop, **changes):
        self.shop, self.changes = shop, changes

    def make_adapter(self):
        return self.shop

    def make_world(self):
        world = World(
            shopper=VERA,
            products=["KETTLE", "MILL"],
            sold_out="CUP",
            request=RequestFactory().post("/"),
        )
        if not self.shop.made:
            self.shop.made["0"] = ORDER
        return replace(world, **self.changes)


ORDER = Order(
    reference="N-0",
    number="N-0",
    placed_at=NOON,
    currency="EUR",
    goods=Decimal(64),
    total=Decimal(64),
    lines=(OrderLine("1", "KETTLE", "Kettle", 1, Decimal(64)),),
    email="vera@mail.example",
)
MANY = "test_many_products_cost_no_more_queries_than_one"
TESTS = [name for name in dir(AdapterTests) if name.startswith("test_")]


def answering(method, answer):
    """Return a stall of which one method answers so."""
    shop = GoodStall()
    setattr(shop, method, lambda *_args, **_kwargs: answer)
    return shop


@pytest.mark.parametrize("name", TESTS)
def test_a_good_shop_passes(name):
    getattr(Kit(GoodStall()), name)()


@pytest.mark.parametrize("name", [each for each in TESTS if "stranger" not in each])
def test_what_a_shop_leaves_out_is_skipped(name):
    with pytest.raises(SkipTest, match="the shop has no"):
        getattr(Kit(ShopAdapter()), name)()


@pytest.mark.parametrize(
    ("changes", "name", "why"),
    [
        ({"request": None}, "test_a_product_goes_into_the_cart", "no request"),
        (
            {"products": ["MILL"]},
            "test_many_products_cost_no_more_queries_than_one",
            "two",
        ),
        ({"shopper": Shopper(key="k")}, "test_the_customer_is_well_formed", "guest"),
    ],
)
def test_what_a_world_lacks_is_skipped(changes, name, why):
    with pytest.raises(SkipTest, match=why):
        getattr(Kit(GoodStall(), **changes), name)()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"price": Decimal(-1)}, "negative price"),
        ({"price": Decimal("NaN")}, "NaN"),
        ({"price": 64.0}, "not a Decimal"),
        ({"cost": 30}, "not a Decimal"),
        ({"currency": "eur"}, "not an ISO code"),
        ({"currency": "EURO"}, "not an ISO code"),
        ({"ref": ""}, "products by ref"),
        ({"ref": "x" * 121}, "products by ref"),
        ({"name": 5}, "Product.name is a int"),
        ({"stock": Stock(text=5)}, "Stock.text is a int"),
    ],
)
def test_a_product_of_a_wrong_kind_is_found(changes, complaint):
    shop = answering("get_products", [replace(KETTLE, **changes), MILL])
    with pytest.raises((AssertionError, TypeError), match=complaint):
        Kit(shop).test_products_are_well_formed()


@pytest.mark.parametrize(
    ("method", "answer", "name", "complaint"),
    [
        ("get_products", [KETTLE, MILL], "unknown_products_are_left_out", "forged"),
        ("search_products", [], "search_finds_what_can_be_had_first", "0 found"),
        (
            "search_products",
            [MILL] * 6,
            "search_finds_what_can_be_had_first",
            "6 f",
        ),
        (
            "search_products",
            [SOLD_OUT, MILL],
            "search_finds_what_can_be_had_first",
            "comes first",
        ),
        ("get_customer", KNOWN, "a_stranger_has_nothing", "is a customer"),
        ("get_cart", CART, "a_stranger_has_nothing", "has a cart"),
        ("list_orders", [ORDER], "a_stranger_has_nothing", "orders of nobody"),
        (
            "list_orders",
            [ORDER],
            "an_address_alone_proves_nothing",
            "by address",
        ),
        ("get_customer", None, "the_customer_is_well_formed", "is nobody"),
        ("get_cart", None, "the_cart_adds_up", "has no cart"),
        ("get_cart", Cart("1", "EUR"), "the_cart_adds_up", "is empty"),
        ("get_cart", replace(CART, total=Decimal(1)), "the_cart_adds_up", "total"),
        ("get_cart", replace(CART, goods=Decimal(1)), "the_cart_adds_up", "lines come"),
        ("list_orders", [], "orders_add_up_and_can_be_found_again", "has no order"),
        (
            "list_orders",
            [ORDER, ORDER],
            "orders_add_up_and_can_be_found_again",
            "references",
        ),
        ("get_order", None, "orders_add_up_and_can_be_found_again", "does not find"),
        ("get_order", ORDER, "unknown_orders_are_not_found", "order ''"),
        ("add_to_cart", Added(0, "No"), "a_product_goes_into_the_cart", "not added"),
        ("add_to_cart", Added(1), "what_cannot_be_had_is_refused_in_words", "refuse"),
        ("add_to_cart", Added(0), "what_cannot_be_had_is_refused_in_words", "word"),
        ("set_in_cart", Added(3), "an_operator_sets_what_the_cart_holds", "pieces of"),
        (
            "set_in_cart",
            Added(1),
            "an_operator_sets_what_the_cart_holds",
            "in the cart",
        ),
        (
            "set_in_cart",
            Added(1),
            "an_operator_puts_nothing_in_that_cannot_be_had",
            "refuse",
        ),
        (
            "set_in_cart",
            Added(0),
            "an_operator_puts_nothing_in_that_cannot_be_had",
            "word",
        ),
        ("quote_order", None, "a_draft_costs_what_its_order_costs", "knows nothing"),
        ("create_order", ORDER, "a_draft_costs_what_its_order_costs", "draft"),
        ("create_order", ORDER, "a_draft_of_what_cannot_be_had_says_so", "not refuse"),
    ],
)
def test_a_broken_answer_is_found(method, answer, name, complaint):
    with pytest.raises(AssertionError, match=complaint):
        getattr(Kit(answering(method, answer)), f"test_{name}")()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"total": Decimal(60)}, "N-0"),
        ({"delivery": Decimal("4.90")}, "N-0"),
        ({"lines": ()}, "lines of N-0"),
        ({"lines": (replace(ORDER.lines[0], amount=Decimal(32)),) * 2}, "references"),
        ({"refunds": (Refund("r", ORDER.placed_at, Decimal(65)),)}, "too much"),
        (
            {
                "refunds": (
                    Refund(
                        "r",
                        ORDER.placed_at,
                        Decimal(5),
                        (RefundLine("9", 1, Decimal(5)),),
                    ),
                )
            },
            "names no line",
        ),
    ],
)
def test_an_order_that_does_not_add_up_is_found(changes, complaint):
    shop = GoodStall()
    shop.made["0"] = replace(ORDER, **changes)
    with pytest.raises(AssertionError, match=complaint):
        Kit(shop).test_orders_add_up_and_can_be_found_again()
