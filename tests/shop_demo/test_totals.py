"""What a cart costs: discounts by code and by themselves, shared out, and delivery."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from shop_demo.carts import apply_coupon
from shop_demo.delivery import price_delivery
from shop_demo.models import Cart, CartLine, Category, Discount, Product
from shop_demo.money import format_money
from shop_demo.orders import DiscountGone, use_discount
from shop_demo.totals import calculate_totals, covers, saving_of, share_out
from tests.shop_demo.shelves import stock_few

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def catalogue(db):
    """Three products are enough here, and no discounts but those of a test."""
    stock_few()
    Discount.objects.all().delete()


def line(price, *, quantity=1, shelf=None):
    """Return a line of a cart, not saved."""
    product = Product(price=Decimal(price), category_id=shelf)
    return CartLine(product=product, quantity=quantity)


def discount(code="", **facts):
    """Make a discount."""
    return Discount.objects.create(
        code=code, name_en=code or "By itself", name_ru="Скидка", **facts
    )


def totals(*lines, coupon=None, delivery="post"):
    """Return what the lines cost."""
    return calculate_totals(lines, delivery=delivery, at=NOW, coupon=coupon)


@pytest.mark.parametrize(
    ("delivery", "goods", "price"),
    [
        ("post", "79.99", "4.90"),
        ("post", "80.00", "0.00"),
        ("locker", "79.99", "3.90"),
        ("locker", "80.00", "0.00"),
        ("courier", "10.00", "9.90"),
        ("courier", "500.00", "9.90"),
        ("pickup", "0.00", "0.00"),
    ],
)
def test_each_way_has_its_price(delivery, goods, price):
    assert price_delivery(delivery=delivery, goods=Decimal(goods)) == Decimal(price)


def test_a_way_that_is_none_has_no_price():
    with pytest.raises(ValueError, match="pigeon"):
        price_delivery(delivery="pigeon", goods=Decimal(1))


@pytest.mark.parametrize(
    ("facts", "off"),
    [
        ({"percent": 10}, "6.00"),
        ({"percent": 100}, "60.00"),
        ({"percent": 33}, "19.80"),
        ({"amount": Decimal("12.00")}, "12.00"),
        ({"amount": Decimal("100.00")}, "60.00"),
        ({"percent": 10, "from_goods": Decimal("60.00")}, "6.00"),
        ({"percent": 10, "from_goods": Decimal("60.01")}, "0.00"),
        ({}, "0.00"),
    ],
)
def test_a_discount_takes_off_what_it_says(facts, off):
    lines = [line("20.00", quantity=2), line("20.00")]
    saved = saving_of(Discount(**facts), lines=lines, goods=Decimal("60.00"))
    assert saved == Decimal(off)


def test_half_a_cent_is_saved_whole():
    saved = saving_of(Discount(percent=10), lines=[line("0.05")], goods=Decimal("0.05"))
    assert saved == Decimal("0.01")


@pytest.mark.parametrize(
    ("shelf", "answer"), [(None, True), (1, True), (2, False)], ids=["all", "own", "no"]
)
def test_a_discount_covers_its_shelf(shelf, answer):
    assert covers(Discount(category_id=shelf), line("1.00", shelf=1)) is answer


def test_a_discount_of_a_shelf_counts_the_goods_of_all():
    tea = Category.objects.get(slug="tea").pk
    facts = {"percent": 50, "from_goods": Decimal("50.00"), "category_id": tea}
    lines = [line("10.00", shelf=tea), line("40.00", shelf=tea + 1)]
    saved = saving_of(Discount(**facts), lines=lines, goods=Decimal("50.00"))
    assert saved == Decimal("5.00")


def test_the_better_of_two_discounts_is_taken_and_they_do_not_add_up():
    coupon = discount("TEN", percent=10)
    discount(amount=Decimal("12.00"), from_goods=Decimal("100.00"))
    cheap, dear = (
        totals(line("100.00"), coupon=coupon),
        totals(line("130.00"), coupon=coupon),
    )
    assert (cheap.discount, str(cheap.applied)) == (Decimal("12.00"), "By itself")
    assert (dear.discount, str(dear.applied)) == (Decimal("13.00"), "TEN")


def test_a_coupon_that_is_not_in_the_cart_takes_off_nothing():
    discount("TEN", percent=10)
    assert totals(line("100.00")).discount == 0


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"begins_at": NOW}, True),
        ({"begins_at": NOW + DAY}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + DAY}, True),
        ({"uses_left": 0}, False),
        ({"uses_left": 1}, True),
    ],
)
def test_a_coupon_holds_in_its_time(facts, holds):
    coupon = discount("TEN", percent=10, **facts)
    cart = Cart.objects.create()
    assert (apply_coupon(cart=cart, code="TEN", at=NOW) == coupon) is holds
    assert (totals(line("10.00"), coupon=coupon).discount > 0) is holds


@pytest.mark.parametrize("code", ["TEN", "ten", "  Ten "])
def test_a_code_is_read_as_people_write_it(code):
    coupon = discount("TEN", percent=10)
    cart = Cart.objects.create()
    assert apply_coupon(cart=cart, code=code, at=NOW) == coupon
    assert Cart.objects.get(pk=cart.pk).coupon == coupon


@pytest.mark.parametrize("code", ["", "  ", "TE", "TEN'--", "%", "T_N"])
def test_a_code_that_is_none_takes_the_coupon_out(code):
    discount(percent=1)
    cart = Cart.objects.create(coupon=discount("TEN", percent=10))
    assert apply_coupon(cart=cart, code=code, at=NOW) is None
    assert Cart.objects.get(pk=cart.pk).coupon is None


def test_the_parcel_is_free_by_what_is_paid_not_by_what_it_cost_before():
    coupon = discount("TEN", percent=10)
    full, less = totals(line("85.00")), totals(line("85.00"), coupon=coupon)
    assert (full.delivery, full.until_free) == (0, 0)
    assert (less.delivery, less.until_free) == (Decimal("4.90"), Decimal("3.50"))
    assert less.total == Decimal("81.40")


def test_another_delivery_leaves_the_goods_as_they_are():
    told = totals(line("10.00"), delivery="pickup")
    courier = told.delivered_by("courier")
    assert (told.total, courier.total) == (Decimal("10.00"), Decimal("19.90"))
    assert courier.goods == told.goods


def test_an_empty_cart_costs_its_delivery():
    discount(percent=10)
    told = totals()
    assert (told.goods, told.discount, told.discounts) == (0, 0, ())


@pytest.mark.parametrize(
    ("amount", "prices", "parts"),
    [
        ("6.00", "20.00 40.00", "2.00 4.00"),
        ("0.01", "1.00 1.00", "0.01 0.00"),
        ("0.10", "1.00 1.00 1.00", "0.04 0.03 0.03"),
        ("3.00", "0.00 9.00", "0.00 3.00"),
        ("0.00", "5.00 5.00", "0.00 0.00"),
    ],
)
def test_a_discount_is_shared_out_to_the_cent(amount, prices, parts):
    lines = [line(price) for price in prices.split()]
    shared = share_out(Decimal(amount), lines=lines, discount=Discount())
    assert shared == tuple(Decimal(part) for part in parts.split())


def test_lines_of_other_shelves_get_no_part():
    lines = [line("10.00", shelf=1), line("10.00", shelf=2)]
    shared = share_out(Decimal("5.00"), lines=lines, discount=Discount(category_id=2))
    assert shared == (Decimal(0), Decimal("5.00"))


def test_all_questions_of_discounts_are_one_query(django_assert_num_queries):
    for number in range(5):
        discount(f"C{number}", percent=number)
    with django_assert_num_queries(1):
        totals(line("10.00"), line("20.00"))


def test_the_last_use_of_a_coupon_is_one():
    coupon = discount("LAST", percent=10, uses_left=1)
    use_discount(coupon)
    with pytest.raises(DiscountGone):
        use_discount(coupon)
    assert Discount.objects.get().uses_left == 0


def test_what_is_not_limited_is_not_counted(django_assert_num_queries):
    coupon = discount("ALWAYS", percent=10)
    with django_assert_num_queries(0):
        use_discount(coupon)
        use_discount(None)


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", "1064", "€1,064.00"),
        ("en", "0.5", "€0.50"),
        ("ru", "1064", "1\xa0064,00\xa0€"),
        ("ru", "0.5", "0,50\xa0€"),
        ("de", "9.99", "€9.99"),
    ],
)
def test_a_sum_is_written_as_the_language_does(language, amount, text):
    with override(language):
        assert format_money(Decimal(amount)) == text
