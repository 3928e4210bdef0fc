"""Operators at their desks and questions in the line, for tests of routing."""

from datetime import datetime, timedelta
from uuid import uuid4

from chatdesk.models import Assignment, Conversation, Entry, Operator
from chatdesk.services.presence import connect_operator
from tests.factories import NOON, make_conversation, make_operator

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ASKED = NOON + SECOND
"""When a conversation made at noon asks its question."""


def at_desk(
    name: str, *, at: datetime = NOON, capacity: int = 5, is_manager: bool = False
) -> Operator:
    """Return an operator who is online around ``at``."""
    operator = make_operator(name=name, capacity=capacity, is_manager=is_manager)
    stay(operator, at=at)
    return operator


def stay(*operators: Operator, at: datetime) -> None:
    """Let operators be connected at this moment."""
    for operator in operators:
        connect_operator(
            operator_id=operator.pk, connection=uuid4(), process=uuid4(), at=at
        )


def ask(*, at: datetime = NOON) -> Conversation:
    """Return a new question of a new visitor; it was asked a second after ``at``."""
    return make_conversation(at=at)


def now(conversation: Conversation) -> Conversation:
    """Return the conversation as it is now."""
    return Conversation.objects.select_related("operator", "visitor").get(
        pk=conversation.pk
    )


def owner(conversation: Conversation) -> str:
    """Return who leads it, empty when nobody does."""
    operator = now(conversation).operator
    return operator.name if operator else ""


def reasons(conversation: Conversation) -> list[str]:
    """Return why each of its owners got it."""
    rows = Assignment.objects.filter(conversation=conversation).order_by("pk")
    return list(rows.values_list("reason", flat=True))


def kinds(conversation: Conversation) -> list[str]:
    """Return the kinds of its entries, in order."""
    rows = Entry.objects.filter(conversation=conversation).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def steps(conversation: Conversation) -> list[str]:
    """Return the steps of the ladder that its log tells of."""
    rows = Entry.objects.filter(
        conversation=conversation, kind__in=("auto", "raised")
    ).order_by("seq")
    return [entry.data["step"] for entry in rows if entry.data]
