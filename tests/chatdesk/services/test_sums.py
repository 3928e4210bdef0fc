"""Sums lose no coin, whatever they are divided by."""

from decimal import Decimal
from fractions import Fraction

import pytest

from chatdesk.services.sums import (
    coin_of,
    divide_by_weight,
    divide_evenly,
    round_to_coin,
)


def decimals(text):
    """Return the numbers of a text."""
    return [Decimal(each) for each in text.split()]


@pytest.mark.parametrize(
    ("currency", "coin"),
    [("EUR", "0.01"), ("USD", "0.01"), ("RUB", "0.01"), ("JPY", "1"), ("KRW", "1")],
)
def test_the_smallest_coin_is_that_of_the_currency(currency, coin):
    assert coin_of(currency) == Decimal(coin)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        (Fraction(1, 3), "EUR", "0.33"),
        (Fraction(2, 3), "EUR", "0.67"),
        (Fraction(1, 200), "EUR", "0.01"),
        (Fraction(-1, 200), "EUR", "-0.01"),
        (Fraction(49, 10000), "EUR", "0.00"),
        (Fraction(0), "EUR", "0.00"),
        (Fraction(1, 2), "JPY", "1.00"),
        (Fraction(149, 100), "JPY", "1.00"),
        (Fraction(-3, 2), "JPY", "-2.00"),
        (Fraction(10**12) + Fraction(1, 1000), "EUR", "1000000000000.00"),
    ],
)
def test_half_a_coin_goes_away_from_zero(amount, currency, rounded):
    assert str(round_to_coin(amount, currency)) == rounded


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("10.00", "1 1", "5.00 5.00"),
        ("10.00", "1 1 1", "3.34 3.33 3.33"),
        ("0.02", "1 1 1", "0.01 0.01 0.00"),
        ("0.01", "1 3", "0.00 0.01"),
        ("12.00", "10 20 30", "2.00 4.00 6.00"),
        ("1.00", "0 1 0", "0.00 1.00 0.00"),
        ("5.00", "0 0", "0.00 0.00"),
        ("0.00", "1 2", "0.00 0.00"),
        ("0.05", "2 1", "0.03 0.02"),
    ],
)
def test_a_sum_is_divided_by_weight(amount, weights, parts):
    divided = divide_by_weight(Decimal(amount), decimals(weights), "EUR")
    assert divided == decimals(parts)


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
@pytest.mark.parametrize("amount", ["0.00", "0.01", "1.00", "99.99", "1234.57"])
@pytest.mark.parametrize("weights", ["1", "1 1", "3 2 1", "0.01 99.99", "7 7 7 7 7"])
def test_the_parts_add_up_exactly(amount, weights, currency):
    divided = divide_by_weight(Decimal(amount), decimals(weights), currency)
    assert sum(divided) == Decimal(amount)


def test_a_whole_yen_is_never_broken():
    parts = divide_by_weight(Decimal(100), decimals("1 1 1"), "JPY")
    assert parts == decimals("34 33 33")


@pytest.mark.parametrize(
    ("first", "parts"),
    [
        (0, "0.34 0.33 0.33"),
        (1, "0.33 0.34 0.33"),
        (2, "0.33 0.33 0.34"),
        (3, "0.34 0.33 0.33"),
        (7, "0.33 0.34 0.33"),
    ],
)
def test_the_odd_coin_goes_round(first, parts):
    divided = divide_evenly(Decimal("1.00"), 3, first=first, currency="EUR")
    assert divided == decimals(parts)


def test_over_many_sums_nobody_gets_more_than_a_coin_more():
    got = [Decimal(0)] * 3
    for place in range(30):
        divided = divide_evenly(Decimal("0.10"), 3, first=place, currency="EUR")
        got = [sum(pair) for pair in zip(got, divided, strict=True)]
    assert got == decimals("1.00 1.00 1.00")


def test_one_alone_has_all_of_it():
    assert divide_evenly(Decimal("9.99"), 1, first=5, currency="EUR") == [
        Decimal("9.99")
    ]
