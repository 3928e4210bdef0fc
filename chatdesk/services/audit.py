"""Audit: lines are added here and never changed."""

from collections.abc import Iterable
from datetime import datetime

from chatdesk.models import AuditLine

VIEWED = "viewed"
OFFERED = "offered an order"
WITHDREW = "withdrew an order"
CHANGED_CART = "changed the cart"
FOLLOWED = "followed up"
EXPORTED = "exported"


def record_view(*, user_id: int, conversation_id: int, at: datetime) -> None:
    """Write down that a member of staff opened a conversation to read it."""
    AuditLine.objects.create(
        user_id=user_id, conversation_id=conversation_id, act=VIEWED, at=at
    )


def record_export(
    *, user_id: int, conversation_ids: Iterable[int], at: datetime
) -> None:
    """Write down that a member of staff took conversations away in a file."""
    AuditLine.objects.bulk_create(
        AuditLine(user_id=user_id, conversation_id=pk, act=EXPORTED, at=at)
        for pk in conversation_ids
    )


def record_act(*, user_id: int, conversation_id: int, act: str, at: datetime) -> None:
    """Write down what a member of staff did in somebody's name or for somebody."""
    AuditLine.objects.create(
        user_id=user_id, conversation_id=conversation_id, act=act, at=at
    )
