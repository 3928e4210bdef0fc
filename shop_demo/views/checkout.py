"""From the cart to a placed order, as a guest or logged in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chatdesk.integration import (
    checkout_failed,
    payment_declined,
    placed_order,
    visitor_of,
)
from chatdesk.shop.pages import chatdesk_page
from shop_demo.carts import (
    Summary,
    find_cart,
    set_quantity,
    summarise_cart,
    tell_cart,
)
from shop_demo.delivery import Delivery
from shop_demo.forms import CheckoutForm
from shop_demo.fulfilment import pay_order
from shop_demo.models import Cart, CartLine, Order
from shop_demo.orders import (
    Buyer,
    DiscountGone,
    EmptyCart,
    OutOfStock,
    place_order,
)
from shop_demo.totals import Totals


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@chatdesk_page("checkout", title=_lazy("Checkout"))
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask where to send the goods; when all is said, place the order."""
    cart = find_cart(request)
    summary = summarise_cart(cart)
    if cart is None or not summary.lines:
        return redirect("shop:cart")
    if request.method != "POST":
        return show_form(request, form=CheckoutForm(initial=known(request)))
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        checkout_failed(request, form.errors)
        return show_form(request, form=form)
    buyer = Buyer(
        details=form.cleaned_data,
        user=request.user if isinstance(request.user, User) else None,
        language=get_language() or "en",
        visitor=visitor_of(request),
    )
    return try_to_place(request, cart=cart, buyer=buyer)


@never_cache
@require_safe
@chatdesk_page("order", title=_lazy("Order placed"))
def thanks(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a placed order to whoever has its secret address."""
    order = get_object_or_404(Order, key=key)
    context = {"order": order, "lines": order.lines.select_related("product")}
    return render(request, "shop/thanks.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stand in for a bank: the buyer says whether the card is taken or declined."""
    order = get_object_or_404(Order, key=key)
    if not waits_for_card(order):
        return redirect(order)
    if request.method != "POST":
        return render(request, "shop/pay.html", {"order": order})
    if request.POST.get("card") != "good":
        payment_declined(request)
        context = {"order": order, "declined": True}
        return render(request, "shop/pay.html", context, status=402)
    pay_order(order, at=timezone.now())
    messages.success(request, _("The payment has arrived. Thank you."))
    return redirect(order)


def try_to_place(request: HttpRequest, *, cart: Cart, buyer: Buyer) -> HttpResponse:
    """Place the order, or say what somebody else was faster with."""
    try:
        order = place_order(cart=cart, buyer=buyer, at=timezone.now())
    except EmptyCart:
        return redirect("shop:cart")
    except OutOfStock as missing:
        say_what_is_left(request, cart=cart, line=missing.line)
        return redirect("shop:cart")
    except DiscountGone:
        messages.warning(request, _("This coupon was used up just now."))
        return redirect("shop:checkout")
    placed_order(request, order.number, total=order.total, currency="EUR")
    tell_cart(request)
    return redirect("shop:pay", order.key) if waits_for_card(order) else redirect(order)


def waits_for_card(order: Order) -> bool:
    """Return whether the order is to be paid by card and was not yet."""
    by_card = order.payment == Order.Payment.CARD
    return by_card and order.paid_at is None and order.is_open


def show_form(request: HttpRequest, *, form: CheckoutForm) -> HttpResponse:
    """Show the form beside what is ordered and what each delivery costs."""
    summary = summarise_cart(find_cart(request))
    chosen = form["delivery"].value()
    if chosen not in Delivery.values:
        chosen = Delivery.POST
    deliveries = list_deliveries(summary)
    context = {
        "form": form,
        "summary": summary,
        "deliveries": deliveries,
        "totals": deliveries[chosen],
    }
    status = 422 if form.errors else 200
    return render(request, "shop/checkout.html", context, status=status)


def list_deliveries(summary: Summary) -> dict[str, Totals]:
    """Return the sums of the cart with each way of delivery."""
    totals = summary.totals(delivery=Delivery.PICKUP, at=timezone.now())
    return {way: totals.delivered_by(way) for way in Delivery.values}


def known(request: HttpRequest) -> dict[str, str]:
    """Fill in what the last order or the account says."""
    if not isinstance(request.user, User):
        return {}
    last = Order.objects.filter(user=request.user).first()
    if last is None:
        return {"email": request.user.email, "name": request.user.get_full_name()}
    names = (*("email", "name", "phone"), *("country", "address", "postcode", "city"))
    return {name: getattr(last, name) for name in names}


def say_what_is_left(request: HttpRequest, *, cart: Cart, line: CartLine) -> None:
    """Bring the cart down to the stock and tell why."""
    left = set_quantity(
        cart=cart,
        product=line.product,
        quantity=line.offer.stock,
        variant=line.variant,
    )
    if not left:
        text = _("%(name)s was just sold out, so we took it out of the cart.")
        messages.warning(request, text % {"name": line.name})
        return
    text = ngettext(
        "Only %(count)d piece of %(name)s is left. We changed the cart.",
        "Only %(count)d pieces of %(name)s are left. We changed the cart.",
        left,
    )
    messages.warning(request, text % {"count": left, "name": line.name})
