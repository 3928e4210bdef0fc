"""What the shop tells, in words: for visitors, for staff, for staff who may less."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils.functional import lazystr
from django.utils.translation import override

from chatdesk.selectors import shop_words as words
from chatdesk.shop.types import (
    Availability,
    Cart,
    CartLine,
    Customer,
    Delivery,
    Fact,
    Order,
    OrderField,
    OrderLine,
    Place,
    Quote,
    Stock,
)
from tests.stall import KETTLE, MILL, Stall

pytestmark = pytest.mark.usefixtures("open_stall")

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
MS = 1_772_452_800_000


class Staff:
    """A member of staff with these permissions."""

    def __init__(self, *permissions):
        self.permissions = permissions

    def has_perm(self, permission):
        return permission in self.permissions


NOVICE, TRUSTED = Staff(), Staff("auth.view_user", "auth.view_group", "x.see")


def make_order(**changes):
    lines = (
        OrderLine("1", "KETTLE", "Kettle", 2, Decimal(128), variant="red"),
        OrderLine("2", "MILL", "Mill", 1, Decimal(89)),
    )
    order = Order(
        reference="7",
        number="N-7",
        placed_at=AT,
        currency="EUR",
        goods=Decimal(217),
        total=Decimal("221.90"),
        lines=lines,
        status_name="Packed",
        payment_name="By card",
        delivery_name="By post",
        tracking="RR 1",
        url="/order/7/secret/",
        pay_url="/pay/7/",
        admin_url="/admin/order/7/",
    )
    return replace(order, **changes)


# Sums


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", Decimal("64.00"), "64.00 EUR"),
        ("en", Decimal(0), "0.00 EUR"),
        ("en", Decimal("1234567.5"), "1,234,567.50 EUR"),
        ("en", Decimal("-4.9"), "-4.90 EUR"),
        ("ru", Decimal("1234.50"), "1\N{NO-BREAK SPACE}234,50 EUR"),
        ("en", None, ""),
    ],
)
def test_a_sum_is_written_as_its_reader_writes_it(language, amount, text):
    with override(language):
        assert words.money(amount, "EUR") == text


def test_a_sum_without_a_currency_ends_with_its_digits():
    assert words.money(Decimal(5), "") == "5.00"


def test_a_shop_writes_sums_in_its_own_way(monkeypatch):
    monkeypatch.setattr(Stall, "write_money", lambda _self, sum_, _of: f"€{sum_}")
    assert words.card_of(KETTLE).price == "€64.00"


# Stock


@pytest.mark.parametrize(
    ("stock", "english", "russian"),
    [
        (Stock(), "", ""),
        (Stock(Availability.OUT), "Sold out", "Нет в наличии"),
        (Stock(Availability.OUT, 0), "Sold out", "Нет в наличии"),
        (Stock(Availability.IN_STOCK), "In stock", "В наличии"),
        (Stock(Availability.FEW), "Few left", "Осталось мало"),
        (Stock(Availability.UNKNOWN, 5), "", ""),
        (Stock(Availability.OUT, text="Back in May"), "Back in May", "Back in May"),
    ],
)
def test_stock_is_said_in_the_shops_words_or_ours(stock, english, russian):
    with override("en"):
        assert words.stock_text(stock) == english
    with override("ru"):
        assert words.stock_text(stock) == russian


@pytest.mark.parametrize("state", [Availability.FEW, Availability.IN_STOCK])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 21])
def test_a_number_of_pieces_is_named(state, count):
    assert words.stock_text(Stock(state, count)) == f"In stock, {count} left"


@pytest.mark.parametrize("state", list(Availability))
def test_only_what_is_out_cannot_be_had(state):
    assert Stock(state).can_be_had is (state != Availability.OUT)


# Products


def test_a_card_for_anybody_holds_nothing_of_the_staff():
    product = replace(
        KETTLE,
        admin_url="/admin/kettle/",
        facts=(Fact("Margin", "40 %"),),
        stock=Stock(Availability.FEW, 2, places=(Place("Riga", 2),)),
    )
    card = words.card_of(product)
    assert (card.cost, card.admin_url, card.facts, card.places) == ("", "", (), ())
    assert (card.price, card.stock, card.stock_text) == (
        "64.00 EUR",
        "few",
        "In stock, 2 left",
    )


def test_a_card_for_staff_says_where_the_pieces_are():
    places = (Place("Riga", 2), Place("Berlin", 0))
    product = replace(KETTLE, stock=Stock(Availability.FEW, 2, places=places))
    card = words.staff_card_of(product, user=TRUSTED)
    assert card.places == (("Riga", 2), ("Berlin", 0))
    assert card.cost == "30.00 EUR"


def test_a_product_without_old_price_and_cost_has_none_in_words():
    card = words.staff_card_of(MILL, user=TRUSTED)
    assert (card.old_price, card.cost) == ("", "")


def test_lazy_words_of_a_shop_become_text():
    product = replace(
        MILL,
        name=lazystr("Mill"),
        variant=lazystr("oak"),
        group_name=lazystr("Mills"),
        stock=Stock(text=lazystr("Tomorrow")),
    )
    card = words.card_of(product)
    told = (card.name, card.variant, card.group, card.stock_text)
    assert told == ("Mill", "oak", "Mills", "Tomorrow")
    assert {type(each) for each in told} == {str}


@pytest.mark.parametrize("field", ["cost", "sku", "places", "old_price", "admin_url"])
def test_a_field_of_a_product_is_hidden_from_who_may_not_see_it(monkeypatch, field):
    monkeypatch.setattr(Stall, "permissions", {f"product.{field}": "x.see"})
    stock = Stock(Availability.FEW, 1, places=(Place("Riga", 1),))
    product = replace(KETTLE, old_price=Decimal(70), admin_url="/k/", stock=stock)

    hidden = words.staff_card_of(product, user=NOVICE)
    shown = words.staff_card_of(product, user=TRUSTED)

    assert getattr(shown, field)
    assert not getattr(hidden, field)
    assert (hidden.name, hidden.price) == ("Kettle", "64.00 EUR")


@pytest.mark.parametrize("field", ["product", "name"])
def test_a_field_that_must_be_there_is_hidden_as_an_empty_one(monkeypatch, field):
    monkeypatch.setattr(Stall, "permissions", {f"product.{field}": "x.see"})
    assert getattr(words.staff_card_of(KETTLE, user=NOVICE), field) == ""


@pytest.mark.parametrize(
    ("permission", "user", "told"),
    [
        ("", NOVICE, (("Margin", "40 %"),)),
        ("x.see", NOVICE, ()),
        ("x.see", TRUSTED, (("Margin", "40 %"),)),
        ("x.other", TRUSTED, ()),
    ],
)
def test_a_fact_is_for_whom_its_permission_lets_read_it(permission, user, told):
    facts = (Fact("Margin", "40 %", permission),)
    assert words.facts_of(facts, user=user) == told


def test_nothing_hidden_is_the_same_thing():
    card = words.card_of(KETTLE)
    assert words.veil(card, "unheard_of", user=NOVICE) is card


# Customers


@pytest.mark.parametrize(
    "field",
    ["name", "email", "phone", "group_name", "since", "orders", "spent", "debt"],
)
def test_a_field_of_a_customer_is_hidden_from_who_may_not_see_it(monkeypatch, field):
    monkeypatch.setattr(Stall, "permissions", {f"customer.{field}": "x.see"})
    customer = Customer(
        ref="1",
        name="Vera",
        email="vera@mail.example",
        phone="+49 1",
        group_name="Club",
        since=AT,
        orders=3,
        spent=Decimal(300),
        debt=Decimal(5),
        currency="EUR",
    )
    assert getattr(words.customer_of(customer, user=TRUSTED), field)
    assert not getattr(words.customer_of(customer, user=NOVICE), field)


@pytest.mark.parametrize(
    ("facts", "field", "told"),
    [
        ({"group": "wholesale", "group_name": "Wholesale"}, "group_name", "Wholesale"),
        ({"group": "wholesale"}, "group_name", "wholesale"),
        ({}, "group_name", ""),
        ({"since": AT}, "since", MS),
        ({}, "since", 0),
        ({"spent": Decimal(0), "currency": "EUR"}, "spent", "0.00 EUR"),
        ({}, "spent", ""),
        ({"debt": Decimal("12.5"), "currency": "EUR"}, "debt", "12.50 EUR"),
        ({"debt": Decimal(0), "currency": "EUR"}, "debt", ""),
    ],
)
def test_a_customer_is_said_in_words(facts, field, told):
    panel = words.customer_of(Customer(ref="1", **facts), user=TRUSTED)
    assert getattr(panel, field) == told


# Carts and orders


def test_a_cart_says_its_sums_and_lines():
    stock = Stock(Availability.OUT)
    line = CartLine("A", "Cup", 3, Decimal(5), Decimal(14), variant="blue", stock=stock)
    cart = Cart(
        ref="1",
        currency="EUR",
        lines=(line, replace(line, product="B", quantity=2)),
        goods=Decimal(28),
        discount=Decimal(2),
        total=Decimal(26),
        coupon="MAY",
        note=lazystr("4.00 to a free parcel"),
    )
    panel = words.cart_of(cart)
    assert (panel.pieces, panel.goods, panel.discount, panel.total) == (
        5,
        "28.00 EUR",
        "2.00 EUR",
        "26.00 EUR",
    )
    assert (panel.coupon, panel.note) == ("MAY", "4.00 to a free parcel")
    row = panel.lines[0]
    assert (row.price, row.total, row.stock_text) == (
        "5.00 EUR",
        "14.00 EUR",
        "Sold out",
    )


def test_no_discount_is_not_mentioned():
    assert words.cart_of(Cart(ref="1", currency="EUR")).discount == ""
    assert words.quote_of(Quote(currency="EUR")).discount == ""


def test_a_buyer_sees_his_order_with_its_pages():
    row = words.order_of(make_order())
    assert row.goods == "2 × Kettle red, 1 × Mill"
    assert (row.url, row.pay_url, row.admin_url) == ("/order/7/secret/", "/pay/7/", "")
    assert (row.placed_at, row.total, row.progress) == (MS, "221.90 EUR", "new")


def test_staff_see_an_order_without_the_pages_of_its_buyer():
    row = words.staff_order_of(make_order(), user=NOVICE)
    assert (row.url, row.pay_url, row.admin_url) == ("", "", "/admin/order/7/")


@pytest.mark.parametrize("field", ["total", "tracking", "goods", "payment_name"])
def test_a_field_of_an_order_is_hidden_from_who_may_not_see_it(monkeypatch, field):
    monkeypatch.setattr(Stall, "permissions", {f"order.{field}": "x.see"})
    assert getattr(words.staff_order_of(make_order(), user=TRUSTED), field)
    assert not getattr(words.staff_order_of(make_order(), user=NOVICE), field)


def test_an_order_without_lines_has_no_goods_in_words():
    assert words.order_of(make_order(lines=())).goods == ""


def test_a_quote_names_the_sum_that_is_confirmed_exactly():
    quote = Quote(
        currency="EUR",
        goods=Decimal("1E+3"),
        delivery=Decimal("4.90"),
        total=Decimal("1004.90"),
        delivery_name=lazystr("By post"),
        problems=(lazystr("Sold out."),),
    )
    told = words.quote_of(quote)
    assert (told.amount, told.total) == ("1004.90", "1,004.90 EUR")
    assert (told.goods, told.delivery) == ("1,000.00 EUR", "4.90 EUR")
    assert (told.delivery_name, told.problems) == ("By post", ("Sold out.",))


def test_a_way_of_delivery_is_said_in_words():
    way = Delivery("post", lazystr("Post"), Decimal(0), "EUR", lazystr("2 to 4 days"))
    told = words.delivery_of(way)
    assert (told.code, told.name, told.price, told.text) == (
        "post",
        "Post",
        "0.00 EUR",
        "2 to 4 days",
    )


def test_a_question_of_the_shop_keeps_its_choices():
    asked = OrderField(
        "country",
        lazystr("Country"),
        value="LV",
        required=False,
        choices=(("LV", lazystr("Latvia")),),
    )
    told = words.field_of(asked)
    assert (told.label, told.value, told.required) == ("Country", "LV", False)
    assert told.choices == (("LV", "Latvia"),)


def test_words_for_replies_are_no_longer_than_a_message():
    told = words.answers_of({"delivery": "x" * 3000, "pay": lazystr("By card")})
    assert len(told["delivery"]) == 2000
    assert told["pay"] == "By card"
