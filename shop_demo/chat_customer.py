"""A customer as chatdesk wants him told."""

from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import Count, Q, Sum

from chatdesk.shop.types import Customer, Shopper
from shop_demo.chat_orders import CURRENCY
from shop_demo.models import Order

REGULAR = 3


def describe_customer(shopper: Shopper) -> Customer | None:
    """Return the account of the shopper; a guest is nobody."""
    user = User.objects.filter(pk=shopper.user_id).first()
    if shopper.is_guest or user is None:
        return None
    kept = ~Q(status__in=(Order.Status.CANCELLED, Order.Status.RETURNED))
    bought = user.orders.filter(kept).aggregate(
        orders=Count("pk"), total=Sum("total"), back=Sum("refunded_total")
    )
    spent = (bought["total"] or 0) - (bought["back"] or 0)
    latest = user.orders.exclude(phone="").first()
    return Customer(
        ref=str(user.pk),
        name=user.get_full_name(),
        email=user.email,
        phone=latest.phone if latest else "",
        group="regular" if bought["orders"] >= REGULAR else "",
        since=user.date_joined,
        orders=bought["orders"],
        spent=Decimal(spent) if spent else None,
        currency=CURRENCY,
    )
