"""What a shop's facts say of themselves."""

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from chatdesk.shop.types import (
    Added,
    Cart,
    CartLine,
    Order,
    Payment,
    Progress,
    Refund,
    Shopper,
    ShopRefusal,
)
from tests.factories import NOON

LINE = CartLine("A", "Cup", 3, Decimal(5), Decimal(15))
ORDER = Order("7", "N-7", NOON, "EUR", goods=Decimal(15), total=Decimal(15))


def refund(ref, amount):
    return Refund(ref, NOON, Decimal(amount))


@pytest.mark.parametrize(
    ("quantities", "pieces"), [((), 0), ((3,), 3), ((1, 2, 999), 1002)]
)
def test_a_cart_counts_its_pieces(quantities, pieces):
    lines = tuple(replace(LINE, quantity=each) for each in quantities)
    assert Cart("1", "EUR", lines).pieces == pieces


@pytest.mark.parametrize(
    ("quantity", "is_added"), [(-1, False), (0, False), (1, True), (20, True)]
)
def test_added_is_what_the_cart_holds(quantity, is_added):
    assert Added(quantity).is_added is is_added


@pytest.mark.parametrize(
    ("payment", "is_paid"),
    [
        (Payment.UNPAID, False),
        (Payment.PAID, True),
        (Payment.PARTLY_REFUNDED, True),
        (Payment.REFUNDED, True),
    ],
)
def test_money_that_was_there_was_paid(payment, is_paid):
    assert replace(ORDER, payment=payment).is_paid is is_paid


@pytest.mark.parametrize(
    ("progress", "is_cancelled"),
    [
        (Progress.NEW, False),
        (Progress.SENT, False),
        (Progress.DELIVERED, False),
        (Progress.CANCELLED, True),
        (Progress.RETURNED, True),
    ],
)
def test_what_came_back_was_not_sold(progress, is_cancelled):
    assert replace(ORDER, progress=progress).is_cancelled is is_cancelled


@pytest.mark.parametrize(
    ("amounts", "total"), [((), "0.00"), (("5.00",), "5.00"), (("5", "0.10"), "5.10")]
)
def test_refunds_add_up_exactly(amounts, total):
    refunds = tuple(refund(str(n), each) for n, each in enumerate(amounts))
    refunded = replace(ORDER, refunds=refunds).refunded
    assert (refunded, type(refunded)) == (Decimal(total), Decimal)


@pytest.mark.parametrize(
    ("user_id", "is_guest"), [(None, True), (1, False), (0, False), ("u-1", False)]
)
def test_who_has_an_account_is_no_guest(user_id, is_guest):
    assert Shopper(user_id=user_id, key="k").is_guest is is_guest


@pytest.mark.parametrize("text", ["Sold out", "", "<b>no</b>"])
def test_a_refusal_keeps_its_words(text):
    assert (ShopRefusal(text).text, str(ShopRefusal(text))) == (text, text)


@pytest.mark.parametrize("fact", [LINE, ORDER, Cart("1", "EUR"), Shopper()])
def test_facts_cannot_be_changed(fact):
    name = next(iter(type(fact).__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(fact, name, "another")
