"""Mail: which addresses are a visitor's own, which refuse us, and what came in."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConfirmedAddress(models.Model):
    """A visitor's address and the code that proves it his; the code is not kept.

    It is made again from ``nonce`` and the site's secret, when it is sent and when it
    is compared.
    """

    visitor = models.ForeignKey(
        "chatdesk.Visitor",
        verbose_name=_("visitor"),
        on_delete=models.CASCADE,
        related_name="addresses",
    )
    email = models.EmailField(_("e-mail"))
    nonce = models.UUIDField(default=uuid.uuid4)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("code sent"), db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("address of a visitor")
        verbose_name_plural = _("addresses of visitors")
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "email"], name="chatdesk_address_once"
            ),
        ]
        indexes = [models.Index(fields=["email"], name="chatdesk_address_email")]

    def __str__(self) -> str:
        return self.email


class MailAddress(models.Model):
    """An address from which mail came back."""

    email = models.EmailField(_("e-mail"), unique=True)
    reason = models.CharField(_("what its server said"), max_length=300, blank=True)
    bounced_at = models.DateTimeField(_("came back"))

    class Meta:
        verbose_name = _("address that refuses mail")
        verbose_name_plural = _("addresses that refuse mail")

    def __str__(self) -> str:
        return self.email


class ReceivedMail(models.Model):
    """A mail that came in: remembered by its identity, so that it counts once."""

    class Outcome(models.TextChoices):
        """What became of it."""

        POSTED = "posted", _("put into the dialog")
        BOUNCE = "bounce", _("returned mail noted")
        AUTOMATIC = "automatic", _("automatic, left out")
        UNKNOWN = "unknown", _("belongs to no dialog")
        EMPTY = "empty", _("without words of its own")
        TOO_LARGE = "too_large", _("too large")
        REFUSED = "refused", _("refused")

    identity = models.CharField(_("identity"), max_length=64, unique=True)
    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        verbose_name=_("dialog"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="received_mails",
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mails")

    def __str__(self) -> str:
        return self.get_outcome_display()
