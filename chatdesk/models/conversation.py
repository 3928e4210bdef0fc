"""The conversation: status, head of its log, owner and the timeline of facts."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.conf import get_settings


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Named slices of the conversations."""

    def begun(self) -> Self:
        """Return those with at least one message of the visitor."""
        return self.filter(first_message_at__isnull=False)

    def in_progress(self) -> Self:
        """Return those that wait for somebody or are held by somebody."""
        return self.filter(
            status__in=(Conversation.Status.WAITING, Conversation.Status.OPEN)
        )

    def active(self, *, at: datetime) -> Self:
        """Return those that hold a place of whoever leads them.

        One whose visitor has been silent for a while gives the place free, unless he
        is the one who waits.
        """
        quiet = at - get_settings().quiet_after
        return self.filter(
            models.Q(waiting_since__isnull=False)
            | models.Q(heard_at__isnull=True)
            | models.Q(heard_at__gt=quiet),
            status=Conversation.Status.OPEN,
        )

    def in_line(self) -> Self:
        """Return those that wait for anyone with a question, the next one first."""
        waiting = self.filter(
            status=Conversation.Status.WAITING, waiting_since__isnull=False
        )
        return waiting.order_by(models.F("line_at").asc(nulls_first=True), "pk")

    def to_follow(self) -> Self:
        """Return those left without an answer whom nobody has seen to since."""
        return self.filter(left_at__isnull=False, followed_at__isnull=True)


class Conversation(models.Model):
    """One dialog of one visitor. ``head`` is the newest number of its log."""

    class Status(models.TextChoices):
        """Where the dialog stands; a change is always an entry of the log."""

        NEW = "new", _("not begun")
        WAITING = "waiting", _("waiting for anyone")
        OPEN = "open", _("in progress")
        CLOSED = "closed", _("closed")

    class Step(models.IntegerChoices):
        """The ladder of a question without an answer; ``step`` is the next of them."""

        RED = 0, _("over the limit")
        PASS_ON = 1, _("passed on")
        TELL = 2, _("managers told")
        RESCUE = 3, _("contact asked for")
        LEFT = 4, _("left without an answer")

    class Outcome(models.TextChoices):
        """How the dialog ended, as the operator says."""

        SALE = "sale", _("Sale")
        ANSWERED = "answered", _("Answered")
        WILL_RETURN = "will_return", _("Will come back")
        COMPLAINT = "complaint", _("Complaint or return")
        NOT_CUSTOMER = "not_customer", _("Not a customer")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storefront = models.ForeignKey(
        "chatdesk.Storefront",
        verbose_name=_("storefront"),
        on_delete=models.PROTECT,
        related_name="conversations",
    )
    visitor = models.ForeignKey(
        "chatdesk.Visitor",
        verbose_name=_("visitor"),
        on_delete=models.PROTECT,
        related_name="conversations",
    )
    operator = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("operator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
    )
    department = models.ForeignKey(
        "chatdesk.Department",
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        db_index=False,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW
    )
    head = models.PositiveBigIntegerField(_("entries"), default=0)
    language = models.CharField(_("language"), max_length=35, blank=True)
    preview = models.CharField(_("latest words"), max_length=160, blank=True)
    preview_author = models.CharField(max_length=1, blank=True)

    created_at = models.DateTimeField(_("created"))
    first_message_at = models.DateTimeField(_("first question"), null=True, blank=True)
    begun_online = models.BooleanField(_("begun while somebody was online"), null=True)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    heard_at = models.DateTimeField(_("latest question"), null=True, blank=True)
    # The ladder of a question: how many steps were climbed, when the next is due.
    step = models.PositiveSmallIntegerField(default=0, editable=False)
    alert_at = models.DateTimeField(null=True, blank=True, editable=False)
    letter_due_at = models.DateTimeField(_("letter due"), null=True, blank=True)
    reply_email = models.EmailField(
        _("answers go to"), blank=True, db_default="", default=""
    )
    follow_at = models.DateTimeField(null=True, blank=True, editable=False)
    mailed_seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    # The line: what stands before what, and since when a place is to be found.
    head_start = models.PositiveIntegerField(
        _("head start in the line, s"), default=0, editable=False
    )
    line_at = models.DateTimeField(null=True, blank=True, editable=False)
    route_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A colleague was asked to lead the dialog and has not answered yet.
    offered_to = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("offered to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    offered_until = models.DateTimeField(null=True, blank=True, editable=False)
    offer_note = models.CharField(max_length=300, blank=True, editable=False)
    holding_at = models.DateTimeField(_("holding text sent"), null=True, blank=True)
    passed_on_at = models.DateTimeField(_("passed on"), null=True, blank=True)
    rescued_at = models.DateTimeField(_("contact asked for"), null=True, blank=True)
    left_at = models.DateTimeField(_("left without an answer"), null=True, blank=True)
    # Somebody answered after all, or wrote elsewhere and said that it is done.
    followed_at = models.DateTimeField(_("followed up"), null=True, blank=True)
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("followed up by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    first_answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    first_answered_by = models.ForeignKey(
        "chatdesk.Operator",
        verbose_name=_("first answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    latest_entry_at = models.DateTimeField(_("latest entry"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome.choices, blank=True
    )
    thumb = models.CharField(_("rating"), max_length=4, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("dialog")
        verbose_name_plural = _("dialogs")
        constraints = [
            models.UniqueConstraint(
                fields=["visitor"],
                condition=~models.Q(status="closed"),
                name="chatdesk_one_open_per_visitor",
            ),
        ]
        indexes = [
            # Of what each message changes nothing is indexed: PostgreSQL then writes
            # the row alone, and the dialogs in progress are few enough to look through.
            models.Index(
                fields=["operator"],
                condition=models.Q(status__in=("waiting", "open")),
                name="chatdesk_conv_in_progress",
            ),
            models.Index(
                fields=["follow_at"],
                condition=models.Q(follow_at__isnull=False),
                name="chatdesk_conv_follow",
            ),
            models.Index(fields=["first_message_at"], name="chatdesk_conv_begun"),
            models.Index(fields=["closed_at", "id"], name="chatdesk_conv_closed"),
            models.Index(fields=["visitor", "id"], name="chatdesk_conv_visitor"),
            models.Index(
                fields=["left_at", "id"],
                condition=models.Q(left_at__isnull=False, followed_at__isnull=True),
                name="chatdesk_conv_to_follow",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Dialog')} {self.pk}"

    @property
    def is_closed(self) -> bool:
        """Whether the dialog has ended."""
        return self.status == self.Status.CLOSED

    @property
    def is_to_follow(self) -> bool:
        """Whether it was left without an answer, and nobody has seen to it since."""
        return self.left_at is not None and self.followed_at is None

    @property
    def is_raised(self) -> bool:
        """Whether managers were told of the question that waits."""
        return (
            self.waiting_since is not None
            and self.step > self.Step.TELL
            and bool(get_settings().supervisors_after)
        )

    def is_held_by(self, operator_id: int) -> bool:
        """Return whether this operator leads the dialog now."""
        return self.operator_id == operator_id and self.status == self.Status.OPEN

    @property
    def first_reply_s(self) -> float | None:
        """Seconds from the first question to the first human answer, if any."""
        if self.first_message_at is None or self.first_answered_at is None:
            return None
        return (self.first_answered_at - self.first_message_at).total_seconds()

    def waited_s(self, at: datetime) -> float | None:
        """Return the seconds a visitor has waited at ``at``, or None."""
        if self.waiting_since is None:
            return None
        return (at - self.waiting_since).total_seconds()
