"""Departments, and the rules by which questions come to them."""

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Named slices of the departments."""

    def serving(self, storefront_id: int) -> Self:
        """Return the active ones that answer for this storefront, in their order."""
        here = models.Q(storefront=None) | models.Q(storefront=storefront_id)
        return self.filter(here, is_active=True).order_by("position", "pk")


class Department(models.Model):
    """A team of operators, such as sales or returns."""

    name = models.CharField(
        pgettext_lazy("of a thing", "name"), max_length=120, unique=True
    )
    storefront = models.ForeignKey(
        "chatdesk.Storefront",
        verbose_name=_("storefront"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="departments",
        help_text=_("Empty means every storefront."),
    )
    operators = models.ManyToManyField(
        "chatdesk.Operator",
        verbose_name=_("operators"),
        through="chatdesk.Membership",
        related_name="departments",
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One operator answers in one department."""

    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="memberships"
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "operator"], name="chatdesk_member_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.operator)


class RoutingRule(models.Model):
    """Dialogs that meet every condition given go to a department, or come sooner.

    All rules are looked at in their order: the first that names a department decides
    it, and the head starts of all that match add up. A head start moves a dialog
    ahead as if it had waited so much longer, so others overtake it in the end and
    nobody waits for ever.
    """

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    page = models.CharField(
        _("page"),
        max_length=300,
        blank=True,
        help_text=_("A path such as /kettles/*; * stands for anything."),
    )
    category = models.CharField(_("product category"), max_length=120, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        help_text=_("A code such as ru; de also means de-at."),
    )
    cart_from = models.DecimalField(
        _("cart from"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cart_below = models.DecimalField(
        _("cart below"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    customer_group = models.CharField(_("customer group"), max_length=120, blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        help_text=_("Empty leaves the department to the rules below."),
    )
    head_start = models.PositiveIntegerField(
        _("head start in the line, s"),
        default=0,
        validators=[MaxValueValidator(3600)],
        help_text=_("As if the visitor had waited so many seconds longer."),
    )

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
