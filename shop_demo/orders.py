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
from shop_demo.delivery import price_delivery
from shop_demo.models import Cart, Order, OrderLine, Product


class EmptyCart(Exception):
    """There is nothing to order, for instance because it was ordered just now."""


@dataclass
class OutOfStock(Exception):
    """Somebody else was faster: fewer pieces are left than the cart holds."""

    product: Product


@dataclass(frozen=True)
class Buyer:
    """Who orders, in which language, and what the checkout form said."""

    details: dict[str, Any]
    user: User | None
    language: str


def place_order(*, cart: Cart, buyer: Buyer, at: datetime) -> Order:
    """Turn a cart into an order, take the goods from stock and confirm by mail.

    The cart is locked and emptied, so a form sent twice orders once. Raises
    ``EmptyCart`` and ``OutOfStock``; then nothing has changed.
    """
    with transaction.atomic():
        locked = Cart.objects.select_for_update().get(pk=cart.pk)
        summary = summarise_cart(locked)
        if not summary.lines:
            raise EmptyCart
        take_from_stock(summary)
        order = write_order(summary=summary, buyer=buyer, at=at)
        locked.lines.all().delete()
        transaction.on_commit(partial(confirm_order, order), robust=True)
    return order


def take_from_stock(summary: Summary) -> None:
    """Lower the stock, always by product id: so two buyers never block each other."""
    for line in sorted(summary.lines, key=lambda line: line.product_id):
        taken = Product.objects.filter(
            pk=line.product_id, stock__gte=line.quantity
        ).update(stock=F("stock") - line.quantity)
        if not taken:
            line.product.refresh_from_db(fields=["stock"])
            raise OutOfStock(line.product)


def write_order(*, summary: Summary, buyer: Buyer, at: datetime) -> Order:
    """Store the order with the names and prices of this moment."""
    goods = summary.goods
    delivery = price_delivery(delivery=buyer.details["delivery"], goods=goods)
    order = Order(
        **buyer.details,
        user=buyer.user,
        language=buyer.language,
        goods_total=goods,
        delivery_total=delivery,
        total=goods + delivery,
        placed_at=at,
    )
    order.number = order.key.hex
    order.save()
    order.assign_number()
    order.save(update_fields=["number"])
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=line.product,
            sku=line.product.sku,
            name=line.product.name,
            price=line.product.price,
            quantity=line.quantity,
        )
        for line in summary.lines
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
