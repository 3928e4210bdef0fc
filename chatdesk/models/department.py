"""Departments: which operators answer which questions."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Named slices of the departments."""

    def serving(self, storefront_id: int) -> Self:
        """Return the active ones that answer for this storefront, in their order."""
        here = models.Q(storefront=None) | models.Q(storefront=storefront_id)
        return self.filter(here, is_active=True).order_by("position", "pk")


class Department(models.Model):
    """A team of operators, such as sales or returns."""

    name = models.CharField(_("name"), max_length=120, unique=True)
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
