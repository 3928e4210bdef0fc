"""Presence: leases say that a connection lives, periods are kept for the figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.models.operator import Operator


class Lease(models.Model):
    """A living process says that it hears this operator's connection.

    ``is_shown`` says whether the tab behind it is in the foreground of its browser.
    """

    operator = models.ForeignKey(
        Operator, on_delete=models.CASCADE, related_name="leases"
    )
    connection = models.UUIDField(unique=True)
    process = models.UUIDField()
    heard_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True)
    is_shown = models.BooleanField(default=True, db_default=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="chatdesk_lease_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.connection.hex}"


class PresencePeriod(models.Model):
    """An operator was in one state from here to there; open while it lasts."""

    operator = models.ForeignKey(
        Operator,
        verbose_name=_("operator"),
        on_delete=models.CASCADE,
        related_name="presence_periods",
    )
    state = models.CharField(_("state"), max_length=10, choices=Operator.Status.choices)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("presence period")
        verbose_name_plural = _("presence periods")
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=models.Q(to_at__isnull=True),
                name="chatdesk_one_open_period",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "from_at"], name="chatdesk_period_from"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.state}"
