"""Ways of delivery and what they cost."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

FREE_FROM = Decimal("80.00")


class Delivery(models.TextChoices):
    """How an order reaches its buyer."""

    POST = "post", _("Parcel by post, 2–4 days")
    LOCKER = "locker", _("Parcel locker near you, 2–3 days")
    COURIER = "courier", _("Courier to the door, next working day")
    PICKUP = "pickup", _("Collect at our shop in Turku")


PRICES = {
    Delivery.POST: Decimal("4.90"),
    Delivery.LOCKER: Decimal("3.90"),
    Delivery.COURIER: Decimal("9.90"),
    Delivery.PICKUP: Decimal("0.00"),
}
"""What each way costs below ``FREE_FROM``."""

FREE = frozenset({Delivery.POST, Delivery.LOCKER})
"""Ways that cost nothing from ``FREE_FROM`` on."""


def price_delivery(*, delivery: str, goods: Decimal) -> Decimal:
    """Return the price of a delivery for goods that cost so much after discounts."""
    if delivery in FREE and goods >= FREE_FROM:
        return Decimal("0.00")
    return PRICES[Delivery(delivery)]
