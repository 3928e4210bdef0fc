"""The operator: a user of the shop who answers, and his public card."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.conf import get_settings


def default_capacity() -> int:
    """Return the capacity a new operator gets."""
    return get_settings().capacity


class Operator(models.Model):
    """A member of staff who may answer, with what visitors see of him."""

    class Status(models.TextChoices):
        """What the operator chose; whether he is there is computed from leases."""

        ONLINE = "online", _("online")
        AWAY = "away", _("away")
        OFFLINE = "offline", _("offline")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="chatdesk_operator",
    )
    name = models.CharField(
        _("name"), max_length=120, help_text=_("As visitors see it.")
    )
    title = models.CharField(_("position"), max_length=120, blank=True)
    photo = models.ImageField(
        _("photo"),
        upload_to="chatdesk/operators/",
        blank=True,
        help_text=_("A real photo, even from a phone. Without one, initials show."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("dialogs at once"),
        default=default_capacity,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    duties = models.TextField(
        _("duties"),
        blank=True,
        db_default="",
        default="",
        max_length=2000,
        help_text=_("What this person is to do with the chat; shown beside the rules."),
    )
    status = models.CharField(
        _("chosen status"),
        max_length=10,
        choices=Status.choices,
        default=Status.ONLINE,
    )
    status_changed_at = models.DateTimeField(_("status chosen at"), null=True)
    away_reason = models.CharField(
        _("reason"),
        max_length=40,
        blank=True,
        help_text=_("Why he is away; colleagues see it."),
    )
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    # Reasons that nobody chose: the server put him away.
    IDLE = "idle"
    MISSED = "missed"

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        permissions = [
            ("answer_conversations", _("Can answer visitors")),
            ("view_performance", _("Can see everybody's figures and presence")),
        ]

    def __str__(self) -> str:
        return self.name
