"""Operators: who answers, the card that visitors see, and what he leaves behind."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from chatdesk.models import Conversation, Lease, Operator
from chatdesk.selectors.operators import who_may_answer
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.services.conversations import take_back_conversations
from chatdesk.services.photos import shrink_photo
from chatdesk.services.presence import end_presence

if TYPE_CHECKING:
    from django.core.files.base import File


def enrol_operator(
    *, user_id: int, name: str, title: str = "", photo: "File[bytes] | None" = None
) -> int:
    """Give a user the card of an operator and return its id.

    A card that exists stays as it is. The permission to answer comes from the group for
    operators, not from the card. Raises ``ValidationError`` for a photo that is none.
    """
    operator, is_new = Operator.objects.get_or_create(
        user_id=user_id,
        defaults={
            "name": name,
            "title": title,
            "capacity": rules_in_force().capacity,
        },
    )
    if is_new and photo is not None:
        small = shrink_photo(photo)
        operator.photo.save(small.name or "photo.webp", small)
    return operator.pk


def relieve_operators(*, at: datetime) -> int:
    """Free those who may not answer any more of their dialogs and their presence.

    A user or a card was switched off, a permission taken away: whichever way that was
    done, his dialogs wait for anyone again and nobody counts him as there. Called by
    the clock of each process and by the sweep; returns how many were freed.
    """
    held = Conversation.objects.filter(
        operator=OuterRef("pk"), status=Conversation.Status.OPEN
    )
    leases = Lease.objects.filter(operator=OuterRef("pk"))
    busy = Operator.objects.filter(Exists(held) | Exists(leases)).order_by("pk")
    gone = [operator for operator, actor in who_may_answer(busy) if actor is None]
    for operator in gone:
        take_back_conversations(operator=operator, at=at)
        end_presence(operator_id=operator.pk, at=at)
    return len(gone)
