"""What somebody bought."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop_demo.delivery import Delivery
from shop_demo.models.catalogue import Product, Variant


class Order(models.Model):
    """A purchase; prices and names are those of the moment it was placed."""

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("order", "Received")
        PAID = "paid", pgettext_lazy("order", "Paid")
        SHIPPED = "shipped", pgettext_lazy("order", "On its way")
        DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
        CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")
        RETURNED = "returned", pgettext_lazy("order", "Returned")

    class PaymentState(models.TextChoices):
        UNPAID = "unpaid", pgettext_lazy("payment", "Not paid")
        PAID = "paid", pgettext_lazy("payment", "Paid")
        PARTLY_REFUNDED = "partly_refunded", pgettext_lazy("payment", "Partly refunded")
        REFUNDED = "refunded", pgettext_lazy("payment", "Refunded")

    class Payment(models.TextChoices):
        CARD = "card", _("By card, at once")
        ON_DELIVERY = "on_delivery", _("On delivery, by card or cash")
        TRANSFER = "transfer", _("Bank transfer, we send the details")

    class Country(models.TextChoices):
        FINLAND = "FI", _("Finland")
        ESTONIA = "EE", _("Estonia")
        LATVIA = "LV", _("Latvia")
        LITHUANIA = "LT", _("Lithuania")
        GERMANY = "DE", _("Germany")
        NETHERLANDS = "NL", _("Netherlands")

    number = models.CharField(_("number"), max_length=40, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("buyer"),
    )
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("full name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("street and house"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    country = models.CharField(
        _("country"), max_length=2, choices=Country, default=Country.FINLAND
    )
    delivery = models.CharField(_("delivery"), max_length=12, choices=Delivery)
    payment = models.CharField(_("payment"), max_length=12, choices=Payment)
    note = models.TextField(_("wishes"), max_length=500, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.NEW
    )
    goods_total = models.DecimalField(_("goods, €"), max_digits=9, decimal_places=2)
    discount_total = models.DecimalField(
        _("discount, €"), max_digits=9, decimal_places=2, default=Decimal("0.00")
    )
    discount_name = models.CharField(_("discount"), max_length=80, blank=True)
    delivery_total = models.DecimalField(
        _("delivery, €"), max_digits=9, decimal_places=2
    )
    total = models.DecimalField(_("total, €"), max_digits=9, decimal_places=2)
    refunded_total = models.DecimalField(
        _("refunded, €"), max_digits=9, decimal_places=2, default=Decimal("0.00")
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    cart_key = models.CharField(max_length=36, blank=True, editable=False)
    draft = models.CharField(max_length=64, blank=True, default="", editable=False)
    tracking = models.CharField(_("tracking number"), max_length=40, blank=True)
    placed_at = models.DateTimeField(_("placed"), default=timezone.now, db_index=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    class Meta:
        ordering = ("-placed_at", "-id")
        verbose_name = pgettext_lazy("purchase", "order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(
                fields=("draft",),
                condition=~models.Q(draft=""),
                name="shop_order_draft_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page that only somebody with the link from the mail can open."""
        return reverse("shop:thanks", args=[self.key])

    @property
    def payment_state(self) -> "Order.PaymentState":
        """Where the money of the order stands."""
        if self.paid_at is None:
            return self.PaymentState.UNPAID
        if not self.refunded_total:
            return self.PaymentState.PAID
        if self.refunded_total < self.total:
            return self.PaymentState.PARTLY_REFUNDED
        return self.PaymentState.REFUNDED

    @property
    def is_open(self) -> bool:
        """Whether it may still be paid: neither cancelled nor given back."""
        return self.status not in (self.Status.CANCELLED, self.Status.RETURNED)

    def assign_number(self) -> None:
        """Give the order its short number, which needs the row to exist."""
        self.number = f"NB-{10_000 + self.pk}"


class OrderLine(models.Model):
    """A product of an order, as it was sold."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, related_name="order_lines"
    )
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sku = models.CharField(_("article"), max_length=20)
    name = models.CharField(_("product name"), max_length=190)
    group = models.CharField(_("category"), max_length=50, blank=True)
    price = models.DecimalField(_("price, €"), max_digits=8, decimal_places=2)
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    discount = models.DecimalField(
        _("discount, €"), max_digits=8, decimal_places=2, default=Decimal("0.00")
    )
    cost = models.DecimalField(
        _("bought for, €"), max_digits=9, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity

    @property
    def paid(self) -> Decimal:
        """What the line cost after its part of the discount."""
        return self.total - self.discount


class Refund(models.Model):
    """Money given back for some of an order, or for all that was left of it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    key = models.CharField(max_length=40, editable=False)
    amount = models.DecimalField(_("refunded, €"), max_digits=9, decimal_places=2)
    delivery_amount = models.DecimalField(
        _("of it delivery, €"), max_digits=9, decimal_places=2, default=Decimal("0.00")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=("order", "key"), name="shop_refund_key_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.amount}"


class RefundLine(models.Model):
    """How many pieces of one line came back, and what was paid for them."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, related_name="refunds"
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    amount = models.DecimalField(_("refunded, €"), max_digits=9, decimal_places=2)

    class Meta:
        ordering = ("id",)
        verbose_name = _("line of a refund")
        verbose_name_plural = _("lines of a refund")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.name}"
