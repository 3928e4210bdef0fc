"""The regulation: the shop's rules of work with the chat, in versions."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Regulation(models.Model):
    """One published version: it is never changed, the next one replaces it.

    Its numbers are the settings of the waiting clock and the aims of the figures.
    """

    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    text = models.TextField(_("text"))
    goal_s = models.PositiveIntegerField(
        _("goal, seconds"),
        validators=[MinValueValidator(1), MaxValueValidator(3600)],
        help_text=_("A first reply within this time is good."),
    )
    limit_s = models.PositiveIntegerField(
        _("limit, seconds"),
        validators=[MinValueValidator(1), MaxValueValidator(3600)],
        help_text=_("A question older than this without an answer raises the alert."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("dialogs at once"),
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Of an operator whose card does not say otherwise."),
    )
    published_at = models.DateTimeField(_("published"), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("regulation")
        verbose_name_plural = _("regulation")
        ordering = ("-version",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(limit_s__gte=models.F("goal_s")),
                name="chatdesk_limit_after_goal",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)s") % {"number": self.version})

    @property
    def goal(self) -> timedelta:
        """The time within which a first reply is good."""
        return timedelta(seconds=self.goal_s)

    @property
    def limit(self) -> timedelta:
        """The time after which a question without an answer raises the alert."""
        return timedelta(seconds=self.limit_s)


class Acknowledgement(models.Model):
    """An operator says that he has read one version."""

    regulation = models.ForeignKey(
        Regulation, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        on_delete=models.CASCADE,
        related_name="acknowledgements",
    )
    at = models.DateTimeField(_("confirmed"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["regulation", "operator"],
                name="chatdesk_one_acknowledgement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regulation_id} {self.operator_id}"
