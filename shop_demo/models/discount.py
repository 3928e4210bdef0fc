"""What makes an order cheaper: by a code, or by itself from a sum on."""

from datetime import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop_demo.models.catalogue import Category, pick_language


class DiscountQuerySet(models.QuerySet["Discount"]):
    """Discounts that hold now."""

    def in_force(self, at: datetime) -> "DiscountQuerySet":
        """Return the discounts that may be had at this moment."""
        begun = models.Q(begins_at=None) | models.Q(begins_at__lte=at)
        not_over = models.Q(ends_at=None) | models.Q(ends_at__gt=at)
        left = models.Q(uses_left=None) | models.Q(uses_left__gt=0)
        return self.filter(begun, not_over, left, is_active=True)


class Discount(models.Model):
    """A percentage or a sum off the goods; one without a code comes by itself."""

    code = models.CharField(
        _("code"), max_length=20, blank=True, help_text=_("Empty: it comes by itself.")
    )
    name_en = models.CharField(_("name, English"), max_length=80)
    name_ru = models.CharField(_("name, Russian"), max_length=80)
    percent = models.PositiveSmallIntegerField(
        _("percent"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    amount = models.DecimalField(
        _("or a sum, €"), max_digits=8, decimal_places=2, default=Decimal("0.00")
    )
    from_goods = models.DecimalField(
        _("from goods for, €"), max_digits=8, decimal_places=2, default=Decimal("0.00")
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for the shelf"),
    )
    begins_at = models.DateTimeField(
        pgettext_lazy("discount", "begins"), null=True, blank=True
    )
    ends_at = models.DateTimeField(
        pgettext_lazy("discount", "ends"), null=True, blank=True
    )
    uses_left = models.PositiveIntegerField(_("times left"), null=True, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)

    objects = DiscountQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        constraints = [
            models.UniqueConstraint(
                fields=("code",),
                condition=~models.Q(code=""),
                name="shop_discount_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.name

    @property
    def name(self) -> str:
        return pick_language(self.name_en, self.name_ru)
