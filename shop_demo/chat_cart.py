"""A cart as chatdesk wants it told, and adding to it from the chat."""

import uuid

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk.shop import types
from shop_demo import carts
from shop_demo.chat_orders import CURRENCY
from shop_demo.chat_products import pick, reference_of, stock_of
from shop_demo.delivery import Delivery
from shop_demo.models import Cart, CartLine
from shop_demo.money import format_money


def find_cart(shopper: types.Shopper) -> Cart | None:
    """Return the cart of an account, or the guest's by its key."""
    if not shopper.is_guest:
        return Cart.objects.filter(user_id=shopper.user_id).first()
    try:
        key = uuid.UUID(shopper.key)
    except ValueError:
        return None
    return Cart.objects.filter(key=key, user=None).first()


def describe_cart(cart: Cart) -> types.Cart:
    """Return the cart with the sums of its page."""
    summary = carts.summarise_cart(cart)
    totals = summary.totals(delivery=Delivery.POST, at=timezone.now())
    note = ""
    if totals.until_free and summary.lines:
        note = _("%(sum)s to a free parcel") % {"sum": format_money(totals.until_free)}
    return types.Cart(
        ref=str(cart.pk),
        currency=CURRENCY,
        lines=tuple(describe_line(line) for line in summary.lines),
        goods=totals.goods,
        discount=totals.discount,
        total=totals.discounted,
        coupon=summary.coupon.code if summary.coupon else "",
        note=note,
        url=reverse("shop:cart"),
    )


def describe_line(line: CartLine) -> types.CartLine:
    """Return a line of a cart, saved or not."""
    return types.CartLine(
        product=reference_of(line.product, line.variant),
        name=line.product.name,
        variant="" if line.variant is None else line.variant.name,
        quantity=line.quantity,
        price=line.price,
        total=line.total,
        group=line.product.category.slug,
        url=line.product.get_absolute_url(),
        image=picture_of(line),
        stock=stock_of(line.offer),
    )


def picture_of(line: CartLine) -> str:
    """Return the address of the product's picture."""
    return static(line.product.picture)


def list_deliveries(shopper: types.Shopper) -> list[types.Delivery]:
    """Return every way of delivery with its price for the cart as it is."""
    cart = find_cart(shopper)
    totals = carts.summarise_cart(cart).totals(
        delivery=Delivery.POST, at=timezone.now()
    )
    return [
        types.Delivery(
            code=way.value,
            name=str(way.label),
            price=totals.delivered_by(way).delivery,
            currency=CURRENCY,
        )
        for way in Delivery
    ]


def add(request: HttpRequest, ref: str, quantity: int) -> types.Added:
    """Add to the cart of the browser that asks, as the shop's own button does."""
    found = pick(ref)
    if found is None:
        raise types.ShopRefusal(_("We no longer sell this."))
    product, variant = found
    held = carts.add_product(
        cart=carts.open_cart(request),
        product=product,
        quantity=quantity,
        variant=variant,
    )
    if not held:
        raise types.ShopRefusal(_("This has just sold out."))
    carts.tell_cart(request)
    return types.Added(quantity=held, cart_url=reverse("shop:cart"))


def put(shopper: types.Shopper, ref: str, quantity: int) -> types.Added:
    """Set a quantity in somebody's cart, by the rules of the page of the cart."""
    cart, found = find_cart(shopper), pick(ref)
    if found is None:
        raise types.ShopRefusal(_("We no longer sell this."))
    if cart is None and not shopper.is_guest:
        cart = Cart.objects.create(user_id=shopper.user_id)
    if cart is None:
        # A guest's cart is known by his browser, so only that can open one.
        raise types.ShopRefusal(_("This guest has no cart yet: send him the card."))
    product, variant = found
    held = carts.set_quantity(
        cart=cart, product=product, quantity=quantity, variant=variant
    )
    if quantity and not held:
        raise types.ShopRefusal(_("This has just sold out."))
    return types.Added(quantity=held, cart_url=reverse("shop:cart"))
