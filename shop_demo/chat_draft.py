"""An order that is made in the chat: quoted and placed by the checkout's own code."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chatdesk.shop import types
from shop_demo.carts import Summary
from shop_demo.chat_cart import describe_line, find_cart
from shop_demo.chat_orders import CURRENCY
from shop_demo.chat_products import pick
from shop_demo.delivery import Delivery
from shop_demo.forms import CheckoutForm
from shop_demo.models import Cart, CartLine, Discount, Order
from shop_demo.orders import Buyer, DiscountGone, OutOfStock, place_order

ASKED = ("email", "name", "phone", "country", "address", "postcode", "city", "payment")
NOT_FOR_COLLECTING = frozenset({"address", "postcode", "city"})


def quote(draft: types.OrderDraft, *, shopper: types.Shopper) -> types.Quote:
    """Return what the checkout would ask for the draft, and what stands in its way."""
    lines, problems = read_lines(draft.lines)
    way = draft.delivery or Delivery.POST
    if way not in Delivery.values:
        way, problems = Delivery.POST, [*problems, _("There is no such delivery.")]
    summary = Summary(lines=lines, coupon=find_coupon(draft, shopper))
    totals = summary.totals(delivery=way, at=timezone.now())
    return types.Quote(
        currency=CURRENCY,
        lines=tuple(describe_line(line) for line in lines),
        goods=totals.goods,
        discount=totals.discount,
        delivery=totals.delivery,
        total=totals.total,
        delivery_name=str(Delivery(way).label),
        problems=tuple(problems),
    )


def read_lines(wanted: Sequence[types.DraftLine]) -> tuple[list[CartLine], list[str]]:
    """Return unsaved lines of a cart, and words on what cannot be had."""
    lines, problems = [], []
    for each in wanted:
        found = pick(each.product)
        if found is None:
            problems.append(_("We no longer sell %(name)s.") % {"name": each.product})
            continue
        product, variant = found
        line = CartLine(product=product, variant=variant, quantity=each.quantity)
        left = line.offer.most_per_order
        if left < each.quantity:
            text = _("%(name)s: %(count)d can be ordered.")
            problems.append(text % {"name": line.name, "count": left})
        lines.append(line)
    return lines, problems


def find_coupon(draft: types.OrderDraft, shopper: types.Shopper) -> Discount | None:
    """Return the coupon of the draft, else the one that lies in the cart."""
    if draft.coupon:
        held = Discount.objects.in_force(timezone.now())
        return held.filter(code=draft.coupon.strip().upper()).first()
    cart = find_cart(shopper)
    return None if cart is None else cart.coupon


def place(draft: types.OrderDraft, *, shopper: types.Shopper) -> Order:
    """Place the order by way of a cart of its own; the visitor's loses what it had."""
    lines, _problems = read_lines(draft.lines)
    cart = Cart.objects.create(coupon=find_coupon(draft, shopper))
    for line in lines:
        line.cart = cart
    CartLine.objects.bulk_create(lines)
    buyer = Buyer(
        details=read_details(draft),
        user=User.objects.filter(pk=shopper.user_id).first(),
        language=(get_language() or "en")[:8],
        draft=draft.key,
    )
    try:
        order = place_order(cart=cart, buyer=buyer, at=timezone.now())
    except OutOfStock as missing:
        text = _("%(name)s has just sold out.") % {"name": missing.line.name}
        raise types.ShopRefusal(text) from missing
    except DiscountGone as gone:
        raise types.ShopRefusal(_("This coupon was used up just now.")) from gone
    cart.delete()
    Order.objects.filter(pk=order.pk).update(cart_key=shopper.key)
    order.cart_key = shopper.key
    take_out_of_cart(lines, shopper)
    return order


def take_out_of_cart(lines: Sequence[CartLine], shopper: types.Shopper) -> None:
    """Take what was ordered out of the visitor's own cart."""
    cart = find_cart(shopper)
    if cart is None:
        return
    for line in lines:
        held = cart.lines.filter(product=line.product, variant=line.variant).first()
        if held is None:
            continue
        if held.quantity <= line.quantity:
            held.delete()
        else:
            held.quantity -= line.quantity
            held.save(update_fields=["quantity"])


def read_details(draft: types.OrderDraft) -> dict[str, Any]:
    """Return what the checkout's form makes of the details; refuses in its words."""
    given = {name: draft.details.get(name, "") for name in ASKED}
    form = CheckoutForm({**given, "delivery": draft.delivery or Delivery.POST})
    if not form.is_valid():
        (name, errors), *_more = form.errors.items()
        label = form.fields[name].label if name in form.fields else ""
        raise types.ShopRefusal(f"{label}: {errors[0]}")
    return dict(form.cleaned_data)


def list_fields(shopper: types.Shopper) -> list[types.OrderField]:
    """Return the checkout's fields, with what the last order or the account says."""
    known = known_of(shopper)
    form = CheckoutForm()
    return [
        types.OrderField(
            name=name,
            label=str(form.fields[name].label),
            value=str(known.get(name, "")),
            required=form.fields[name].required or name in NOT_FOR_COLLECTING,
            choices=choices_of(form, name),
        )
        for name in ASKED
    ]


def choices_of(form: CheckoutForm, name: str) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen in a field, if it is to be chosen."""
    choices = getattr(form.fields[name], "choices", ())
    return tuple((str(value), str(label)) for value, label in choices if value)


def known_of(shopper: types.Shopper) -> dict[str, Any]:
    """Return what the shop knows of an account; of a guest nothing."""
    known: dict[str, Any] = {"country": "FI", "payment": Order.Payment.TRANSFER}
    user = User.objects.filter(pk=shopper.user_id).first()
    if shopper.is_guest or user is None:
        return known
    last = Order.objects.filter(user=user).first()
    if last is None:
        return {**known, "email": user.email, "name": user.get_full_name()}
    return {**known, **{name: getattr(last, name) for name in ASKED}}
