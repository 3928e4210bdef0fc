"""What somebody means to buy."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop_demo.models.catalogue import Product, Variant
from shop_demo.models.discount import Discount


class Cart(models.Model):
    """What somebody means to buy; a guest's is found by ``key`` in the session."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cart",
        verbose_name=_("buyer"),
    )
    coupon = models.ForeignKey(
        Discount,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coupon"),
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")

    def __str__(self) -> str:
        return str(self.key)


class CartLine(models.Model):
    """A product in a cart, in one of its variants if it has any."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)

    class Meta:
        ordering = ("id",)
        verbose_name = _("line of a cart")
        verbose_name_plural = _("lines of a cart")
        constraints = [
            models.UniqueConstraint(
                fields=("cart", "product"),
                condition=models.Q(variant=None),
                name="shop_cart_line_once",
            ),
            models.UniqueConstraint(
                fields=("cart", "variant"), name="shop_cart_variant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="shop_cart_line_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def offer(self) -> Product | Variant:
        """What has the price and the stock: the variant, else the product."""
        return self.variant or self.product

    @property
    def name(self) -> str:
        """The product's name with the variant's behind it."""
        if self.variant is None:
            return self.product.name
        return f"{self.product.name}, {self.variant.name}"

    @property
    def price(self) -> Decimal:
        return self.offer.price

    @property
    def total(self) -> Decimal:
        return self.offer.price * self.quantity
