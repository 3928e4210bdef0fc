"""Commission: plans, the ledger and its months. Lines are only added."""

from datetime import date
from typing import Any, NoReturn

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommissionPlan(models.Model):
    """A percentage of what was sold; empty conditions fit everybody and everything.

    Of the plans that fit a line, the one with the highest priority counts, then the one
    with more conditions, then the newer one.
    """

    class Basis(models.TextChoices):
        """What the percentage is of."""

        AMOUNT = "amount", _("the amount paid for the goods")
        MARGIN = "margin", _("the margin, where the cost is known")

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    percent = models.DecimalField(
        _("percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    basis = models.CharField(
        _("percent of"), max_length=10, choices=Basis.choices, default=Basis.AMOUNT
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    department = models.ForeignKey(
        "chatdesk.Department",
        verbose_name=_("department"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    product_group = models.CharField(
        _("product group"),
        max_length=120,
        blank=True,
        help_text=_("The shop's code of the group; empty means every product."),
    )
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Higher numbers come first.")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("This day still counts.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("commission plan")
        verbose_name_plural = _("commission plans")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="chatdesk_plan_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.percent.normalize():f}%"

    @property
    def conditions(self) -> int:
        """How many conditions a plan has: more of them is more specific."""
        given = (self.operator_id, self.department_id, self.product_group)
        return sum(bool(each) for each in given)

    def holds_on(self, day: date) -> bool:
        """Return whether the plan is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class LedgerMonth(models.Model):
    """A month of the ledger. Once closed it takes no line for ever."""

    first_day = models.DateField(_("month"), unique=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("-first_day",)
        verbose_name = _("month of the ledger")
        verbose_name_plural = _("months of the ledger")

    def __str__(self) -> str:
        return capfirst(date_format(self.first_day, "YEAR_MONTH_FORMAT"))

    @property
    def code(self) -> str:
        """The month as machines write it: ``2026-11``."""
        return f"{self.first_day:%Y-%m}"


class LedgerQuerySet(models.QuerySet["LedgerLine"]):
    """Lines are added and read; what would change one is refused."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse: a mistake is corrected by another line."""
        raise TypeError("The ledger is only added to.")

    def delete(self) -> NoReturn:
        """Refuse: a mistake is corrected by another line."""
        raise TypeError("The ledger is only added to.")


class LedgerLine(models.Model):
    """One sum for or against an operator; never changed, never deleted.

    ``key`` names the cause: the same cause is written once. ``bases`` of an accrual
    says what the percentage was taken of, by the lines of the order.
    """

    class Kind(models.TextChoices):
        """What made the sum."""

        ACCRUAL = "accrual", _("accrual")
        REVERSAL = "reversal", _("reversal")
        ADJUSTMENT = "adjustment", _("adjustment")

    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.PROTECT,
        related_name="ledger_lines",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    month = models.ForeignKey(
        LedgerMonth,
        verbose_name=_("month"),
        on_delete=models.PROTECT,
        related_name="lines",
    )
    credit = models.ForeignKey(
        "chatdesk.SaleCredit",
        verbose_name=_("sale credit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="ledger_lines",
    )
    accrual = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reversals"
    )
    plan = models.ForeignKey(
        CommissionPlan,
        verbose_name=_("plan"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    percent = models.DecimalField(
        _("percent"), max_digits=5, decimal_places=2, null=True
    )
    bases = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(_("at"), db_index=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the ledger")
        verbose_name_plural = _("lines of the ledger")
        permissions = [
            ("adjust_ledger", _("Can adjust the ledger and close months")),
            ("view_own_commission", _("Can see the own commission in the workspace")),
        ]

    def __str__(self) -> str:
        return f"{self.operator}: {self.amount} {self.currency}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line; refuse to write over one that is there."""
        if not self._state.adding:
            raise TypeError("The ledger is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: a mistake is corrected by another line."""
        raise TypeError("The ledger is only added to.")
