"""A letter as a task: whose it is, and what ends it.

Called under the lock of its conversation; costs a dialog that is no letter nothing.
"""

from datetime import datetime

from django.db.models import QuerySet

from chatdesk.models import Conversation, Letter
from chatdesk.services.answers import owe_answer


def settle_letter(
    conversation: Conversation, *, operator_id: int, at: datetime
) -> None:
    """Say that an operator's words have answered the letter; they follow by mail."""
    via = Letter.Via.MAIL if conversation.reply_email else Letter.Via.HERE
    _answer(conversation, via, operator_id=operator_id, at=at)
    if conversation.reply_email:
        owe_answer(conversation, at=at, is_urgent=True)


def settle_elsewhere(
    conversation: Conversation, *, operator_id: int, at: datetime
) -> None:
    """Say that the letter was answered where its author asked for, and not here."""
    _answer(conversation, Letter.Via.LINK, operator_id=operator_id, at=at)


def drop_letter(conversation: Conversation, *, at: datetime) -> None:
    """Say that the dialog ended before its letter was answered."""
    del at
    _leave(conversation, state=Letter.State.DROPPED)


def give_letter(conversation: Conversation, *, operator_id: int) -> None:
    """Make the letter the task of whoever took the dialog."""
    _open(conversation).update(owner=operator_id)


def _answer(
    conversation: Conversation, via: Letter.Via, *, operator_id: int, at: datetime
) -> None:
    changes = {"owner": operator_id, "answered_at": at, "answered_via": via}
    _leave(conversation, state=Letter.State.ANSWERED, **changes)


def _leave(conversation: Conversation, **changes: object) -> None:
    _open(conversation).update(alert_at=None, **changes)
    conversation.letter_due_at = None
    Conversation.objects.filter(pk=conversation.pk).update(letter_due_at=None)


def _open(conversation: Conversation) -> QuerySet[Letter]:
    return Letter.objects.filter(conversation=conversation, state=Letter.State.OPEN)
