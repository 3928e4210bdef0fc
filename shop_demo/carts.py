"""The cart: found by the session of a guest and by the account of a buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from chatdesk.integration import cart_changed, cart_worth
from shop_demo.models import Cart, CartLine, Discount, Product, Variant
from shop_demo.totals import Totals, calculate_totals

SESSION_KEY = "cart"


@dataclass(frozen=True)
class Summary:
    """A cart as a page shows it."""

    lines: Sequence[CartLine]
    coupon: Discount | None = None

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def goods(self) -> Decimal:
        """What the goods cost before any discount of the order."""
        return sum((line.total for line in self.lines), Decimal("0.00"))

    def totals(self, *, delivery: str, at: datetime) -> Totals:
        """Return what all costs with this way of delivery."""
        return calculate_totals(
            self.lines, delivery=delivery, at=at, coupon=self.coupon
        )


def find_cart(request: HttpRequest) -> Cart | None:
    """Return the cart of whoever asks, or None when nothing was put into one."""
    if request.user.is_authenticated:
        return Cart.objects.filter(user=request.user).first()
    key = request.session.get(SESSION_KEY)
    if key is None:
        return None
    return Cart.objects.filter(key=key, user=None).first()


def open_cart(request: HttpRequest) -> Cart:
    """Return the cart of whoever asks, making it when there is none."""
    if request.user.is_authenticated:
        return Cart.objects.get_or_create(user=request.user)[0]
    cart = find_cart(request)
    if cart is None:
        cart = Cart.objects.create()
        request.session[SESSION_KEY] = str(cart.key)
    return cart


def summarise_cart(cart: Cart | None) -> Summary:
    """Read the lines of a cart with their products, in one query."""
    if cart is None:
        return Summary(lines=())
    lines = cart.lines.select_related("product__category", "variant")
    return Summary(lines=list(lines), coupon=cart.coupon)


def choose_variant(product: Product, number: int | None) -> Variant | None:
    """Return the variant with this number, else the first that can be had.

    None of a product that has no variants. A number of something else's variant counts
    as none.
    """
    variants = list(product.variants.all())
    for variant in variants:
        if variant.pk == number:
            return variant
    available = [variant for variant in variants if variant.is_available]
    return next(iter([*available, *variants]), None)


def add_product(
    *, cart: Cart, product: Product, quantity: int, variant: Variant | None = None
) -> int:
    """Put pieces of a product into a cart; return how many it holds of it now.

    Never more than the stock and the limit of an order allow, so the answer may be
    less than what was asked for, and 0 when the product is sold out. A product that
    has variants needs one: ``choose_variant`` finds it.
    """
    with transaction.atomic():
        held = cart.lines.select_for_update().filter(product=product, variant=variant)
        line = held.first()
        return set_quantity(
            cart=cart,
            product=product,
            quantity=quantity + (line.quantity if line else 0),
            variant=variant,
        )


def set_quantity(
    *, cart: Cart, product: Product, quantity: int, variant: Variant | None = None
) -> int:
    """Set how many pieces of a product a cart holds; nothing at 0."""
    allowed = min(quantity, (variant or product).most_per_order)
    if allowed <= 0:
        cart.lines.filter(product=product, variant=variant).delete()
        return 0
    cart.lines.update_or_create(
        product=product, variant=variant, defaults={"quantity": allowed}
    )
    return allowed


def apply_coupon(*, cart: Cart, code: str, at: datetime) -> Discount | None:
    """Keep the coupon with this code in the cart; None when there is no such one."""
    wanted = code.strip().upper()
    coupon = (
        Discount.objects.in_force(at).filter(code=wanted).first() if wanted else None
    )
    cart.coupon = coupon
    cart.save(update_fields=["coupon"])
    return coupon


def tell_cart(request: HttpRequest) -> None:
    """Tell the chat what the cart of whoever asks holds after a change."""
    summary = summarise_cart(find_cart(request))
    cart_changed(request)
    cart_worth(request, total=summary.goods, currency="EUR", pieces=summary.pieces)


def adopt_cart(request: HttpRequest, *, user: User) -> None:
    """Hand the guest's cart of this session to the account that logged in."""
    key = request.session.pop(SESSION_KEY, None)
    guest = Cart.objects.filter(key=key, user=None).first() if key else None
    if guest is None:
        return
    own = Cart.objects.filter(user=user).first()
    if own is None:
        guest.user = user
        guest.save(update_fields=["user"])
        return
    with transaction.atomic():
        for line in guest.lines.select_related("product", "variant"):
            add_product(
                cart=own,
                product=line.product,
                quantity=line.quantity,
                variant=line.variant,
            )
        if guest.coupon_id is not None and own.coupon_id is None:
            own.coupon = guest.coupon
            own.save(update_fields=["coupon"])
        guest.delete()
