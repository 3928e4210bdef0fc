"""One conversation, for somebody who may see it."""

from uuid import UUID

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.errors import NotFound
from chatdesk.models import Conversation


def get_for_visitor(*, public_id: UUID, actor: VisitorActor) -> Conversation:
    """Return the visitor's own conversation.

    Raises ``NotFound`` for one that does not exist and for somebody else's alike.
    """
    rows = Conversation.objects.select_related("operator")
    conversation = rows.filter(public_id=public_id, visitor_id=actor.id).first()
    if conversation is None:
        raise NotFound
    return conversation


def get_for_operator(*, public_id: UUID, actor: OperatorActor) -> Conversation:
    """Return a conversation that staff may see: any that has begun.

    Raises ``NotFound`` for one that does not exist or holds no message yet.
    """
    del actor  # departments will narrow what an operator sees
    rows = Conversation.objects.begun().select_related("operator", "visitor")
    conversation = rows.filter(public_id=public_id).first()
    if conversation is None:
        raise NotFound
    return conversation


def list_for_visitor(*, actor: VisitorActor, limit: int) -> list[Conversation]:
    """Return the visitor's latest conversations, the newest first."""
    rows = Conversation.objects.select_related("operator")
    return list(rows.filter(visitor_id=actor.id).order_by("-pk")[:limit])


def list_past(*, conversation: Conversation, limit: int) -> list[Conversation]:
    """Return earlier conversations of the same visitor, the newest first."""
    rows = Conversation.objects.begun().select_related("first_answered_by")
    others = rows.filter(visitor_id=conversation.visitor_id, pk__lt=conversation.pk)
    return list(others.order_by("-pk")[:limit])


def find_rated(public_id: UUID) -> Conversation | None:
    """Return the dialog that a signed link of its copy names, if it still exists."""
    rows = Conversation.objects.select_related("visitor")
    return rows.filter(public_id=public_id).first()
