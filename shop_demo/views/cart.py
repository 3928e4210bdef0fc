"""The cart: look, add, change, remove, and a coupon."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatdesk.integration import sold_out
from chatdesk.shop.pages import chatdesk_page
from shop_demo.carts import (
    add_product,
    apply_coupon,
    choose_variant,
    find_cart,
    open_cart,
    set_quantity,
    summarise_cart,
    tell_cart,
)
from shop_demo.delivery import Delivery
from shop_demo.models import Product, Variant


@never_cache
@require_safe
@chatdesk_page("cart", title=_lazy("Cart"))
def show(request: HttpRequest) -> HttpResponse:
    """Show what is in the cart and what it will cost with a parcel."""
    summary = summarise_cart(find_cart(request))
    context = {
        "summary": summary,
        "totals": summary.totals(delivery=Delivery.POST, at=timezone.now()),
        "popular": Product.objects.popular_first().filter(stock__gt=0)[:4],
    }
    return render(request, "shop/cart.html", context)


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a product into the cart and say so on its page."""
    product = get_object_or_404(Product, slug=slug)
    variant = choose_variant(product, read_variant(request))
    held = add_product(
        cart=open_cart(request),
        product=product,
        quantity=max(read_quantity(request, default=1), 1),
        variant=variant,
    )
    name = name_of(product, variant)
    if held:
        messages.success(request, _("In the cart: %(name)s") % {"name": name})
    else:
        messages.error(request, _("Sold out: %(name)s") % {"name": name})
        sold_out(request, product.slug, title=name)
    tell_cart(request)
    return redirect(product)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Set how many pieces of a product the cart holds; 0 takes it out."""
    product = get_object_or_404(Product, slug=slug)
    variant = choose_variant(product, read_variant(request))
    cart = find_cart(request)
    quantity = read_quantity(request, default=-1)
    if cart is not None and quantity >= 0:
        held = set_quantity(
            cart=cart, product=product, quantity=quantity, variant=variant
        )
        if held < quantity:
            text = _("One order may have %(count)d of %(name)s at most.")
            name = name_of(product, variant)
            messages.warning(request, text % {"count": held, "name": name})
    tell_cart(request)
    return redirect("shop:cart")


@require_POST
def coupon(request: HttpRequest) -> HttpResponse:
    """Keep a coupon in the cart, or take it out with an empty code."""
    code = request.POST.get("code", "").replace("\0", "")[:40]
    cart = find_cart(request)
    if cart is not None:
        found = apply_coupon(cart=cart, code=code, at=timezone.now())
        if found is not None:
            messages.success(request, _("Coupon: %(name)s") % {"name": found.name})
        elif code.strip():
            messages.error(request, _("This coupon is unknown or no longer valid."))
        tell_cart(request)
    return redirect("shop:cart")


def name_of(product: Product, variant: Variant | None) -> str:
    """Return the product's name with the variant's behind it."""
    return product.name if variant is None else f"{product.name}, {variant.name}"


def read_quantity(request: HttpRequest, *, default: int) -> int:
    """Return the quantity of a form, or ``default`` when it is not a number."""
    text = request.POST.get("quantity", "")
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return default
    return min(int(text), 1000)


def read_variant(request: HttpRequest) -> int | None:
    """Return the number of the chosen variant, or None when there is none."""
    text = request.POST.get("variant", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
