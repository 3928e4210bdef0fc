"""Marks: how far each participant has applied and read a conversation."""

from django.db import models

from chatdesk.models.entry import AuthorKind


class Mark(models.Model):
    """One participant's two cursors in one conversation; they only grow."""

    conversation = models.ForeignKey(
        "chatdesk.Conversation", on_delete=models.CASCADE, related_name="marks"
    )
    author_kind = models.CharField(max_length=1, choices=AuthorKind.choices)
    author_id = models.BigIntegerField()
    delivered_seq = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "author_kind", "author_id"],
                name="chatdesk_mark_participant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.author_kind}{self.author_id}"
