"""Who leads a conversation: the one place where an operator gets it or lets it go.

Called under the conversation's lock. The operator is locked after it, and one at a
time, so that his places are counted by one transaction and nobody waits in a circle.
"""

from datetime import datetime

from chatdesk.errors import CapacityFull, Forbidden
from chatdesk.models import Assignment, Conversation
from chatdesk.services.letter_tasks import give_letter
from chatdesk.services.locks import lock_operator

Reason = Assignment.Reason
NOTE_LENGTH = 300


def give_to(  # noqa: PLR0913 - three by place, the rest by keyword
    conversation: Conversation,
    operator_id: int,
    reason: Reason,
    *,
    at: datetime,
    note: str = "",
) -> None:
    """Make an operator the owner; raises ``CapacityFull`` when he has no place left.

    Raises ``Forbidden`` for one who was switched off meanwhile.
    """
    operator = lock_operator(operator_id)
    if not operator.is_active:
        raise Forbidden
    held = Conversation.objects.active(at=at).filter(operator_id=operator.pk)
    if held.exclude(pk=conversation.pk).count() >= operator.capacity:
        raise CapacityFull
    if conversation.operator_id is not None:
        end_assignment(conversation, at=at)
    conversation.operator = operator
    conversation.status = Conversation.Status.OPEN
    conversation.route_at = None
    Assignment.objects.create(
        conversation=conversation,
        operator=operator,
        reason=reason,
        note=note[:NOTE_LENGTH],
        from_at=at,
    )
    if conversation.letter_due_at is not None:
        give_letter(conversation, operator_id=operator.pk)


def end_assignment(conversation: Conversation, *, at: datetime) -> None:
    """End the present owner's time, and what he offered to a colleague."""
    conversation.assignments.filter(to_at__isnull=True).update(to_at=at)
    if conversation.offered_to_id is not None:
        forget_offer(conversation)


def forget_offer(conversation: Conversation) -> None:
    """Nobody is asked to take it over any more."""
    note_facts(conversation, offered_to=None, offered_until=None, offer_note="")


def note_facts(conversation: Conversation, **facts: object) -> None:
    """Store facts that change too seldom to be written with every message."""
    for name, value in facts.items():
        setattr(conversation, name, value)
    Conversation.objects.filter(pk=conversation.pk).update(**facts)
