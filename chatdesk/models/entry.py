"""The log: what happened in a conversation, numbered without holes, for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuthorKind(models.TextChoices):
    """Who wrote an entry; one letter, because there are many entries."""

    VISITOR = "v", _("visitor")
    OPERATOR = "o", _("operator")
    SYSTEM = "s", _("system")


class Entry(models.Model):
    """One entry of a conversation's log; never changed and never renumbered."""

    class Kind(models.TextChoices):
        """What happened."""

        MESSAGE = "message", _("message")
        NOTE = "note", _("internal note")
        TAKEN = "taken", _("taken")
        RELEASED = "released", _("released")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("reopened")
        RATED = "rated", _("rated")
        TRANSCRIPT = "transcript", _("copy by mail")
        LETTER = "letter", _("letter")
        CONTACT = "contact", _("contact")
        AUTO = "auto", _("automatic text")
        ROUTED = "routed", _("routed")
        OFFERED = "offered", _("offered to a colleague")
        DECLINED = "declined", _("offer not accepted")
        RAISED = "raised", _("staff were told")
        FOLLOWED = "followed", _("followed up")
        PRODUCT = "product", _("product card")
        OFFER = "offer", _("proposed order")
        WITHDRAWN = "withdrawn", _("proposal withdrawn")
        ORDERED = "ordered", _("order made")
        ORDER = "order", _("news of an order")
        CART = "cart", _("cart changed by an operator")

    STAFF_KINDS = (
        *(Kind.NOTE, Kind.TRANSCRIPT, Kind.RELEASED),
        *(Kind.ROUTED, Kind.OFFERED, Kind.DECLINED, Kind.RAISED, Kind.FOLLOWED),
    )

    # The constraint on (conversation, seq) is index enough. The log has one writer, who
    # holds the conversation's row locked; that the database looks for it once more, row
    # by row, would be a quarter of what it does for a message.
    conversation = models.ForeignKey(
        "chatdesk.Conversation",
        on_delete=models.CASCADE,
        related_name="entries",
        db_index=False,
        db_constraint=False,
    )
    seq = models.PositiveBigIntegerField()
    author_kind = models.CharField(max_length=1, choices=AuthorKind.choices)
    author_id = models.BigIntegerField(default=0)
    cmid = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    staff_only = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    data = models.JSONField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "seq"], name="chatdesk_entry_seq"
            ),
            models.UniqueConstraint(
                fields=["conversation", "cmid", "author_kind", "author_id"],
                name="chatdesk_entry_cmid",
            ),
            models.CheckConstraint(
                condition=models.Q(seq__gte=1), name="chatdesk_entry_seq_from_one"
            ),
        ]

    @property
    def is_alike_for_all(self) -> bool:
        """Whether visitors see of it all that staff see."""
        return not self.staff_only and self.kind != self.Kind.CLOSED

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq} {self.kind}"
