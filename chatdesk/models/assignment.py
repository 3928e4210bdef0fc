"""Assignments: who held a conversation, from when to when and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """One operator's time with one conversation."""

    class Reason(models.TextChoices):
        """Why it began."""

        TAKEN = "taken", _("taken")
        HANDED = "handed", _("handed over by a colleague")
        TAKEN_OVER = "taken_over", _("taken over by a manager")
        PASSED_ON = "passed_on", _("passed on, because nobody answered")
        KNOWN = "known", _("knows the visitor")
        ONLY_FREE = "only_free", _("the only one with a free place")
        LEAST_LOADED = "least_loaded", _("fewest active dialogs")
        LONGEST_IDLE = "longest_idle", _("as few dialogs as others, idle the longest")

    conversation = models.ForeignKey(
        "chatdesk.Conversation", on_delete=models.CASCADE, related_name="assignments"
    )
    operator = models.ForeignKey(
        "chatdesk.Operator", on_delete=models.PROTECT, related_name="assignments"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.CharField(max_length=300, blank=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(to_at__isnull=True),
                name="chatdesk_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.operator_id}"
