"""Audit: lines are added here and never changed."""

from datetime import datetime

from chatdesk.models import AuditLine

VIEWED = "viewed"


def record_view(*, user_id: int, conversation_id: int, at: datetime) -> None:
    """Write down that a member of staff opened a conversation to read it."""
    AuditLine.objects.create(
        user_id=user_id, conversation_id=conversation_id, act=VIEWED, at=at
    )
