"""Letters: questions left while nobody was there; each is a task until answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.contacts import MAX_CONTACT_LENGTH, ContactKind


class Letter(models.Model):
    """One conversation left as a letter, with a deadline and whoever owns it."""

    class State(models.TextChoices):
        """Where it stands; only ``open`` is a task."""

        OPEN = "open", _("to be answered")
        ANSWERED = "answered", _("answered")
        DROPPED = "dropped", _("closed without an answer")

    class Via(models.TextChoices):
        """How it was answered: by mail too, by the messenger, or only here."""

        MAIL = "mail", _("by e-mail")
        LINK = "link", _("by messenger or phone")
        HERE = "here", _("in the chat")

    class ContactChoices(models.TextChoices):
        """The names of the kinds of contact."""

        EMAIL = ContactKind.EMAIL, _("E-mail")
        PHONE = ContactKind.PHONE, _("Phone")
        TELEGRAM = ContactKind.TELEGRAM, "Telegram"
        WHATSAPP = ContactKind.WHATSAPP, "WhatsApp"
        VIBER = ContactKind.VIBER, "Viber"
        VK = ContactKind.VK, _("VK")
        LINK = ContactKind.LINK, _("Link")
        NOTED = ContactKind.NOTED, _("Noted")

    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        verbose_name=_("dialog"),
        on_delete=models.CASCADE,
        related_name="letters",
    )
    owner = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="letters",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    contact = models.CharField(_("contact"), max_length=MAX_CONTACT_LENGTH, blank=True)
    contact_kind = models.CharField(
        _("kind of contact"), max_length=10, choices=ContactChoices.choices, blank=True
    )
    is_junk = models.BooleanField(_("contact looks made up"), default=False)
    left_at = models.DateTimeField(_("left"))
    due_at = models.DateTimeField(_("answer due"))
    alert_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_via = models.CharField(
        _("answered"), max_length=5, choices=Via.choices, blank=True, default=""
    )

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state="open"),
                name="chatdesk_one_open_letter",
            ),
        ]
        indexes = [
            models.Index(
                fields=["alert_at"],
                condition=models.Q(alert_at__isnull=False),
                name="chatdesk_letter_alert",
            ),
            models.Index(fields=["left_at"], name="chatdesk_letter_left"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} {self.left_at:%Y-%m-%d %H:%M}"
