"""What becomes of an order: paid, sent, delivered, cancelled, given back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from shop_demo.carts import add_product
from shop_demo.fulfilment import (
    Refused,
    Wish,
    cancel_order,
    deliver_order,
    pay_order,
    refund_order,
    returned_pieces,
    send_order,
)
from shop_demo.models import Cart, Order, Product
from shop_demo.orders import Buyer, place_order
from tests.shop_demo.conftest import GUEST
from tests.shop_demo.shelves import stock_few

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def catalogue(db):
    """Three products are enough here."""
    stock_few()


@pytest.fixture
def order(coffee, kettle):
    """Two packs of coffee at 13.90 and a kettle at 64.00, by courier for 9.90."""
    return buy((coffee, 2), (kettle, 1))


def buy(*goods, payment="transfer", delivery="courier"):
    """Place an order for these goods."""
    cart = Cart.objects.create()
    for product, quantity in goods:
        add_product(cart=cart, product=product, quantity=quantity)
    details = {**GUEST, "payment": payment, "delivery": delivery}
    buyer = Buyer(details=details, user=None, language="en")
    return place_order(cart=cart, buyer=buyer, at=AT)


def fresh(order):
    """Read an order anew."""
    return Order.objects.get(pk=order.pk)


def stock_of(product):
    """Return the pieces that are in stock now."""
    return Product.objects.get(pk=product.pk).stock


def line_of(order, product):
    """Return the line of an order that has a product."""
    return order.lines.get(product=product)


def state_of(order):
    """Return the status and where the money stands."""
    now = fresh(order)
    return str(now.status), str(now.payment_state.value)


def test_an_order_goes_its_way(order):
    assert state_of(order) == ("new", "unpaid")
    pay_order(order, at=AT)
    assert state_of(order) == ("paid", "paid")
    send_order(order, at=LATER, tracking="RR 1 FI")
    assert state_of(order) == ("shipped", "paid")
    deliver_order(order, at=LATER)
    assert state_of(order) == ("delivered", "paid")
    assert (fresh(order).paid_at, fresh(order).sent_at) == (AT, LATER)


@pytest.mark.parametrize(
    "step",
    [pay_order, send_order, deliver_order, cancel_order],
    ids=lambda step: step.__name__,
)
def test_a_step_taken_twice_is_one_step(order, step):
    step(order, at=AT)
    first = Order.objects.values().get(pk=order.pk)
    step(order, at=LATER)
    assert Order.objects.values().get(pk=order.pk) == first


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (pay_order, "cancelled and is not to be paid"),
        (send_order, "cancelled and cannot be sent"),
        (deliver_order, "cancelled and cannot be sent"),
    ],
    ids=["pay", "send", "deliver"],
)
def test_a_cancelled_order_stays_cancelled(order, step, words):
    cancel_order(order, at=AT)
    with pytest.raises(Refused) as refusal:
        step(order, at=LATER)
    assert words in refusal.value.text
    assert state_of(order) == ("cancelled", "unpaid")


def test_what_is_sent_before_it_is_paid_is_still_sent_after(order):
    send_order(order, at=AT)
    pay_order(order, at=LATER)
    assert state_of(order) == ("shipped", "paid")


def test_the_number_of_the_parcel_is_kept(order):
    send_order(order, at=AT, tracking="RR 1 FI")
    deliver_order(order, at=LATER)
    assert fresh(order).tracking == "RR 1 FI"


@pytest.mark.parametrize(
    ("payment", "state"),
    [("on_delivery", "paid"), ("transfer", "unpaid"), ("card", "unpaid")],
)
def test_what_is_paid_on_delivery_is_paid_then(coffee, payment, state):
    order = buy((coffee, 1), payment=payment)
    deliver_order(order, at=LATER)
    assert state_of(order) == ("delivered", state)


def test_a_cancelled_order_brings_its_goods_back(order, coffee, kettle):
    assert (stock_of(coffee), stock_of(kettle)) == (coffee.stock - 2, kettle.stock - 1)
    cancel_order(order, at=AT)
    cancel_order(order, at=LATER)
    assert (stock_of(coffee), stock_of(kettle)) == (coffee.stock, kettle.stock)


def test_a_paid_order_that_is_cancelled_gives_all_money_back(order):
    pay_order(order, at=AT)
    cancel_order(order, at=LATER, reason="Changed his mind")
    assert state_of(order) == ("cancelled", "refunded")
    refund = order.refunds.get()
    assert (refund.amount, refund.delivery_amount, refund.reason) == (
        order.total,
        Decimal("9.90"),
        "Changed his mind",
    )


def test_an_unpaid_order_that_is_cancelled_gives_nothing_back(order):
    cancel_order(order, at=AT)
    assert not order.refunds.exists()


def test_what_is_on_its_way_is_not_cancelled(order, coffee):
    send_order(order, at=AT)
    with pytest.raises(Refused) as refusal:
        cancel_order(order, at=LATER)
    assert "on its way" in refusal.value.text
    assert stock_of(coffee) == coffee.stock - 2


def test_pieces_that_came_back_are_not_put_back_twice(order, coffee):
    pay_order(order, at=AT)
    pieces = {line_of(order, coffee).pk: 1}
    refund_order(order, Wish("r1", pieces=pieces), at=AT)
    assert stock_of(coffee) == coffee.stock - 1
    cancel_order(order, at=LATER)
    assert stock_of(coffee) == coffee.stock
    assert fresh(order).refunded_total == order.total


def test_one_piece_of_a_line_is_given_back(order, coffee):
    pay_order(order, at=AT)
    line = line_of(order, coffee)
    refund = refund_order(order, Wish("r1", pieces={line.pk: 1}, reason="Stale"), at=AT)
    assert (refund.amount, refund.reason) == (Decimal("13.90"), "Stale")
    assert returned_pieces(line) == 1
    assert state_of(order) == ("paid", "partly_refunded")
    assert stock_of(coffee) == coffee.stock - 1


@pytest.mark.parametrize(
    ("with_delivery", "amount"), [(False, "64.00"), (True, "73.90")]
)
def test_the_delivery_is_given_back_on_wish(order, kettle, with_delivery, amount):
    pay_order(order, at=AT)
    wish = Wish(
        "r1", pieces={line_of(order, kettle).pk: 1}, with_delivery=with_delivery
    )
    assert refund_order(order, wish, at=AT).amount == Decimal(amount)


def test_the_delivery_is_given_back_once(order, coffee, kettle):
    pay_order(order, at=AT)
    for key, product in (("r1", coffee), ("r2", kettle)):
        line = line_of(order, product)
        pieces = {line.pk: line.quantity}
        refund_order(order, Wish(key, pieces=pieces, with_delivery=True), at=AT)
    assert fresh(order).refunded_total == order.total
    assert state_of(order) == ("returned", "refunded")


def test_the_same_wish_is_fulfilled_once(order, coffee):
    pay_order(order, at=AT)
    wish = Wish("r1", pieces={line_of(order, coffee).pk: 1})
    first = refund_order(order, wish, at=AT)
    assert refund_order(order, wish, at=LATER) == first
    assert fresh(order).refunded_total == Decimal("13.90")


def test_all_that_is_left_is_given_back_without_naming_pieces(order, coffee):
    pay_order(order, at=AT)
    refund_order(order, Wish("r1", pieces={line_of(order, coffee).pk: 1}), at=AT)
    rest = refund_order(order, Wish("r2"), at=LATER)
    assert rest.amount == order.total - Decimal("13.90")
    assert state_of(order) == ("returned", "refunded")
    assert stock_of(coffee) == coffee.stock


def test_more_than_was_bought_is_not_given_back(order, coffee):
    pay_order(order, at=AT)
    with pytest.raises(Refused) as refusal:
        refund_order(order, Wish("r1", pieces={line_of(order, coffee).pk: 3}), at=AT)
    assert "Only 2 of" in refusal.value.text
    assert not order.refunds.exists()


@pytest.mark.parametrize("pieces", [{}, {0: 5}], ids=["nothing", "of another order"])
def test_a_wish_for_nothing_is_refused(order, pieces):
    pay_order(order, at=AT)
    with pytest.raises(Refused) as refusal:
        refund_order(order, Wish("r1", pieces=pieces), at=AT)
    assert "nothing left" in refusal.value.text


def test_a_line_of_another_order_gives_nothing_back(order, coffee):
    other = buy((coffee, 1))
    pay_order(order, at=AT)
    with pytest.raises(Refused):
        refund_order(order, Wish("r1", pieces={line_of(other, coffee).pk: 1}), at=AT)


def test_what_was_not_paid_is_not_given_back(order):
    with pytest.raises(Refused) as refusal:
        refund_order(order, Wish("r1"), at=AT)
    assert "not paid" in refusal.value.text


def test_what_was_given_back_is_not_given_back_again(order):
    pay_order(order, at=AT)
    refund_order(order, Wish("r1"), at=AT)
    with pytest.raises(Refused) as refusal:
        refund_order(order, Wish("r2"), at=LATER)
    assert "given back already" in refusal.value.text


def test_a_product_that_is_sold_no_longer_still_gives_its_money_back(order, coffee):
    pay_order(order, at=AT)
    Product.objects.filter(pk=coffee.pk).delete()
    cancel_order(order, at=LATER)
    assert state_of(order) == ("cancelled", "refunded")


def test_the_pieces_of_a_discounted_line_add_up_to_the_cent(order, coffee):
    line = line_of(order, coffee)
    line.discount = Decimal("0.05")
    line.save()
    pay_order(order, at=AT)
    parts = [
        refund_order(order, Wish(key, pieces={line.pk: 1}), at=AT).amount
        for key in ("r1", "r2")
    ]
    assert parts == [Decimal("13.88"), Decimal("13.87")]
    assert sum(parts) == line.paid


def test_refusals_are_written_in_the_language_of_the_page(order):
    with override("ru"), pytest.raises(Refused) as refusal:
        refund_order(order, Wish("r1"), at=AT)
    assert "не оплачен" in refusal.value.text
