"""Pages of text: delivery, privacy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop_demo.delivery import FREE_FROM, PRICES


@require_safe
def delivery(request: HttpRequest) -> HttpResponse:
    """Say how goods arrive and how they go back."""
    ways = [(way.label, price) for way, price in PRICES.items()]
    return render(request, "shop/delivery.html", {"ways": ways, "free_from": FREE_FROM})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what the shop keeps about people."""
    return render(request, "shop/privacy.html")
