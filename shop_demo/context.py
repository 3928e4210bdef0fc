"""What every page of the shop shows: the shelves and the cart."""

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shop_demo.carts import find_cart
from shop_demo.models import Category


def shop(request: HttpRequest) -> dict[str, Any]:
    """Add the categories and the number of pieces in the cart, read when shown."""
    return {
        "shop_categories": Category.objects.all(),
        "shop_cart_pieces": SimpleLazyObject(lambda: count_pieces(request)),
        "shop_shows_tools": settings.DEBUG,
    }


def count_pieces(request: HttpRequest) -> int:
    """Count what is in the cart of whoever asks."""
    cart = find_cart(request)
    if cart is None:
        return 0
    return cart.lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0
