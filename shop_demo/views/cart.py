"""The cart: look, add, change, remove."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatdesk.integration import sold_out
from chatdesk.shop.pages import chatdesk_page
from shop_demo.carts import (
    add_product,
    find_cart,
    open_cart,
    set_quantity,
    summarise_cart,
    tell_cart,
)
from shop_demo.delivery import Delivery, price_delivery
from shop_demo.models import Product


@never_cache
@require_safe
@chatdesk_page("cart", title=_lazy("Cart"))
def show(request: HttpRequest) -> HttpResponse:
    """Show what is in the cart and what it will cost with a parcel."""
    summary = summarise_cart(find_cart(request))
    parcel = price_delivery(delivery=Delivery.POST, goods=summary.goods)
    context = {
        "summary": summary,
        "parcel": parcel,
        "total": summary.goods + parcel,
        "popular": Product.objects.popular_first().filter(stock__gt=0)[:4],
    }
    return render(request, "shop/cart.html", context)


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a product into the cart and say so on its page."""
    product = get_object_or_404(Product, slug=slug)
    quantity = read_quantity(request, default=1)
    cart = open_cart(request)
    held = add_product(cart=cart, product=product, quantity=max(quantity, 1))
    if held:
        messages.success(request, _("In the cart: %(name)s") % {"name": product.name})
    else:
        messages.error(request, _("Sold out: %(name)s") % {"name": product.name})
        sold_out(request, product.slug, title=product.name)
    tell_cart(request)
    return redirect(product)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Set how many pieces of a product the cart holds; 0 takes it out."""
    product = get_object_or_404(Product, slug=slug)
    cart = find_cart(request)
    quantity = read_quantity(request, default=-1)
    if cart is not None and quantity >= 0:
        held = set_quantity(cart=cart, product=product, quantity=quantity)
        if held < quantity:
            text = _("One order may have %(count)d of %(name)s at most.")
            messages.warning(request, text % {"count": held, "name": product.name})
    tell_cart(request)
    return redirect("shop:cart")


def read_quantity(request: HttpRequest, *, default: int) -> int:
    """Return the quantity of a form, or ``default`` when it is not a number."""
    text = request.POST.get("quantity", "")
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return default
    return min(int(text), 1000)
