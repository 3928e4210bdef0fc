"""Effects: what is owed to the outside world, committed with its cause."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Effect(models.Model):
    """One thing to be done outside the database, at or after ``due_at``."""

    class Kind(models.TextChoices):
        """What is to be done."""

        TRANSCRIPT_MAIL = "transcript_mail", _("copy of the dialog")
        NO_REPLY_ALERT = "no_reply_alert", _("alert of a missing reply")
        SHOP_COPY = "shop_copy", _("copy of the dialog for the shop")
        ADDRESS_CODE = "address_code", _("code for an address")
        ANSWER_MAIL = "answer_mail", _("answer by mail")
        LETTER_COPY = "letter_copy", _("copy of a letter")
        LETTER_ALERT = "letter_alert", _("alert of a late letter")
        DIGEST = "digest", _("daily summary")
        MANAGER_ALERT = "manager_alert", _("alert to the managers")
        PUSH = "push", _("call to a phone")
        PRESENCE_ALERT = "presence_alert", _("alert of an empty desk")
        LEDGER_NOTE = "ledger_note", _("line of the ledger for accounting")

    class State(models.TextChoices):
        """Where it stands; the last three are final."""

        DUE = "due", _("due")
        CLAIMED = "claimed", _("being done")
        DONE = "done", _("done")
        FAILED = "failed", _("failed for good")
        CANCELLED = "cancelled", _("not needed any more")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=120, unique=True)
    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        verbose_name=_("dialog"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="effects",
    )
    target = models.CharField(_("addressee"), max_length=254, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DUE
    )
    due_at = models.DateTimeField(_("due"))
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("latest error"), max_length=300, blank=True)
    promised_at = models.DateTimeField(_("promised"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="due"),
                name="chatdesk_effect_due",
            ),
            models.Index(
                fields=["claimed_until"],
                condition=models.Q(state="claimed"),
                name="chatdesk_effect_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"
