"""The cart: found by the session of a guest and by the account of a buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from chatdesk.integration import cart_worth
from shop_demo.delivery import FREE_FROM
from shop_demo.models import Cart, CartLine, Product

SESSION_KEY = "cart"


@dataclass(frozen=True)
class Summary:
    """A cart as a page shows it."""

    lines: Sequence[CartLine]

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def goods(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal("0.00"))

    @property
    def until_free(self) -> Decimal:
        """What is missing to a free parcel; zero when it is free."""
        return max(FREE_FROM - self.goods, Decimal("0.00"))


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
    return Summary(lines=list(cart.lines.select_related("product__category")))


def add_product(*, cart: Cart, product: Product, quantity: int) -> int:
    """Put pieces of a product into a cart; return how many it holds of it now.

    Never more than the stock and the limit of an order allow, so the answer may be
    less than what was asked for, and 0 when the product is sold out.
    """
    with transaction.atomic():
        line = cart.lines.select_for_update().filter(product=product).first()
        wanted = quantity + (line.quantity if line else 0)
        return set_quantity(cart=cart, product=product, quantity=wanted)


def set_quantity(*, cart: Cart, product: Product, quantity: int) -> int:
    """Set how many pieces of a product a cart holds; nothing at 0."""
    allowed = min(quantity, product.most_per_order)
    if allowed <= 0:
        cart.lines.filter(product=product).delete()
        return 0
    cart.lines.update_or_create(product=product, defaults={"quantity": allowed})
    return allowed


def tell_cart(request: HttpRequest) -> None:
    """Tell the chat what the cart of whoever asks holds after a change."""
    summary = summarise_cart(find_cart(request))
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
        for line in guest.lines.select_related("product"):
            add_product(cart=own, product=line.product, quantity=line.quantity)
        guest.delete()
