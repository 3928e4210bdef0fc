"""Exact sums: rounded to the smallest coin, and divided without losing one."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
WITHOUT_CENTS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"}
    | {"VND", "VUV", "XAF", "XOF", "XPF"}
)
"""Currencies whose smallest coin is the whole unit."""


def coin_of(currency: str) -> Decimal:
    """Return the smallest coin of a currency."""
    return Decimal(1) if currency in WITHOUT_CENTS else CENT


def round_to_coin(amount: Fraction, currency: str) -> Decimal:
    """Return the nearest sum of whole coins; half a coin goes away from zero."""
    coin = Fraction(coin_of(currency))
    coins = abs(amount) / coin + Fraction(1, 2)
    sign = -1 if amount < 0 else 1
    return (sign * int(coins) * coin_of(currency)).quantize(CENT)


def divide_by_weight(
    amount: Decimal, weights: Sequence[Decimal], currency: str
) -> list[Decimal]:
    """Divide a sum by weights so that the parts add up exactly.

    Every part is rounded down, and the coins that are left go to the parts that lost
    most by it, the first of equals first.
    """
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if not whole:
        return [NOTHING for _weight in weights]
    coin = coin_of(currency)
    coins = int(amount / coin)
    exact = [coins * Fraction(weight) / whole for weight in weights]
    parts = [int(each) for each in exact]
    by_loss = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for place in by_loss[: coins - sum(parts)]:
        parts[place] += 1
    rest = amount - coins * coin
    shares = [(part * coin).quantize(CENT) for part in parts]
    shares[0] += rest
    return shares


def divide_evenly(
    amount: Decimal, number: int, *, first: int, currency: str
) -> list[Decimal]:
    """Divide a sum into equal parts; coins left over begin with part ``first``.

    So of many sums divided one after another no part gets all the odd coins.
    """
    parts = divide_by_weight(amount, [Decimal(1)] * number, currency)
    shift = first % number
    return parts[-shift:] + parts[:-shift] if shift else parts
