"""Assignments: who held a conversation, from when to when and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """One operator's time with one conversation."""

    class Reason(models.TextChoices):
        """Why it began."""

        TAKEN = "taken", _("taken")

    conversation = models.ForeignKey(
        "chatdesk.Conversation", on_delete=models.CASCADE, related_name="assignments"
    )
    operator = models.ForeignKey(
        "chatdesk.Operator", on_delete=models.PROTECT, related_name="assignments"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
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
