"""Sums of money: exact, in euros, written as each language writes them."""

from decimal import Decimal

from django.utils.translation import get_language

CENT = Decimal("0.01")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def format_money(amount: Decimal) -> str:
    """Write a sum in the current language: ``€1,064.00`` or ``1 064,00 €``."""
    digits = f"{amount.quantize(CENT):,}"
    if (get_language() or "").startswith("ru"):
        digits = digits.replace(",", NO_BREAK_SPACE).replace(".", ",")
        return f"{digits}{NO_BREAK_SPACE}€"
    return f"€{digits}"
