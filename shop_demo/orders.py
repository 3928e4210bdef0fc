"""Placing an order: stock, totals and the confirmation by mail."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from shop_demo.carts import Summary, summarise_cart
from shop_demo.events import tell_placed
from shop_demo.models import (
    Cart,
    CartLine,
    Discount,
    Order,
    OrderLine,
    Product,
    Variant,
)
from shop_demo.totals import Totals


class EmptyCart(Exception):
    """There is nothing to order, for instance because it was ordered just now."""


class DiscountGone(Exception):
    """The coupon was used up by somebody else in this very moment."""


@dataclass
class OutOfStock(Exception):
    """Somebody else was faster: fewer pieces are left than the cart holds."""

    line: CartLine


@dataclass(frozen=True)
class Buyer:
    """Who orders, in which language, and what the checkout form said.

    ``draft`` is set for an order that was made in the chat: the same one is placed
    once. ``visitor`` is chatdesk's name of him.
    """

    details: dict[str, Any]
    user: User | None
    language: str
    draft: str = ""
    visitor: str = ""


def place_order(*, cart: Cart, buyer: Buyer, at: datetime) -> Order:
    """Turn a cart into an order, take the goods from stock and confirm by mail.

    The cart is locked and emptied, so a form sent twice orders once. Raises
    ``EmptyCart``, ``OutOfStock`` and ``DiscountGone``; then nothing has changed.
    """
    with transaction.atomic():
        locked = Cart.objects.select_for_update().get(pk=cart.pk)
        summary = summarise_cart(locked)
        if not summary.lines:
            raise EmptyCart
        take_from_stock(summary)
        totals = summary.totals(delivery=buyer.details["delivery"], at=at)
        use_discount(totals.applied)
        order = write_order(
            Order(
                **buyer.details,
                user=buyer.user,
                language=buyer.language,
                draft=buyer.draft,
                cart_key=str(locked.key),
                placed_at=at,
            ),
            summary=summary,
            totals=totals,
        )
        tell_placed(order, visitor=buyer.visitor)
        locked.lines.all().delete()
        Cart.objects.filter(pk=locked.pk).update(coupon=None)
        transaction.on_commit(partial(confirm_order, order), robust=True)
    return order


def take_from_stock(summary: Summary) -> None:
    """Lower the stock, always in one order of rows: so buyers never block in a ring."""
    for line in sorted(summary.lines, key=place_in_queue):
        if not move_stock(line.product_id, line.variant_id, by=-line.quantity):
            line.offer.refresh_from_db(fields=["stock"])
            raise OutOfStock(line)


def place_in_queue(line: CartLine) -> tuple[int, int]:
    """Return by what lines are sorted before their stock is touched."""
    return line.product_id, line.variant_id or 0


def move_stock(product_id: int, variant_id: int | None, *, by: int) -> bool:
    """Add pieces to the stock of an offer, or take them; False when too few are left.

    A product shows the sum of its variants, so both rows move together.
    """
    enough = {"stock__gte": max(-by, 0)}
    moved = {"stock": F("stock") + by}
    if variant_id is not None:
        variants = Variant.objects.filter(pk=variant_id, **enough)
        if not variants.update(**moved):
            return False
    return bool(Product.objects.filter(pk=product_id, **enough).update(**moved))


def use_discount(discount: Discount | None) -> None:
    """Count one use of a discount that is limited; raises ``DiscountGone``."""
    if discount is None or discount.uses_left is None:
        return
    left = Discount.objects.filter(pk=discount.pk, uses_left__gt=0)
    if not left.update(uses_left=F("uses_left") - 1):
        raise DiscountGone


def write_order(order: Order, *, summary: Summary, totals: Totals) -> Order:
    """Store the order with the names and prices of this moment."""
    order.goods_total = totals.goods
    order.discount_total = totals.discount
    order.discount_name = str(totals.applied.name) if totals.applied else ""
    order.delivery_total = totals.delivery
    order.total = totals.total
    order.number = order.key.hex
    order.save()
    order.assign_number()
    order.save(update_fields=["number"])
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=line.product,
            variant=line.variant,
            sku=line.offer.sku,
            name=line.name,
            group=line.product.category.slug,
            price=line.price,
            quantity=line.quantity,
            discount=discount,
            cost=None if line.offer.cost is None else line.offer.cost * line.quantity,
        )
        for line, discount in zip(summary.lines, totals.discounts, strict=True)
    )
    return order


def confirm_order(order: Order) -> None:
    """Mail the buyer what was ordered, in the language of the order."""
    with translation.override(order.language):
        context = {
            "order": order,
            "lines": list(order.lines.all()),
            "site": settings.CHATDESK["SITE_URL"],
        }
        message = EmailMultiAlternatives(
            subject=_("Your order %(number)s") % {"number": order.number},
            body=render_to_string("shop/mail/order.txt", context),
            to=[order.email],
        )
        message.attach_alternative(
            render_to_string("shop/mail/order.html", context), "text/html"
        )
        message.send()
