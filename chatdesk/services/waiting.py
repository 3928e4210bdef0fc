"""The clock of a question: it runs from the first unanswered word to a human reply."""

from datetime import datetime

from chatdesk.conf import get_settings
from chatdesk.models import Conversation, Effect
from chatdesk.services.effects import Promise

ALERT = Effect.Kind.NO_REPLY_ALERT


def start_waiting(conversation: Conversation, *, at: datetime) -> tuple[Promise, ...]:
    """Start the clock unless it runs; return the alert that is due at the limit.

    The key names the question, so that an alert promised for one question can never
    be taken for that of the next.
    """
    if conversation.waiting_since is not None:
        return ()
    conversation.waiting_since = at
    return (
        Promise(
            kind=ALERT,
            conversation_id=conversation.pk,
            key=alert_key(conversation),
            due_at=at + get_settings().limit,
        ),
    )


def stop_waiting(conversation: Conversation) -> tuple[str, ...]:
    """Stop the clock; return the kinds of effects that are not needed any more."""
    if conversation.waiting_since is None:
        return ()
    conversation.waiting_since = None
    return (ALERT,)


def alert_key(conversation: Conversation) -> str:
    """Return the key of the alert for the question that waits now."""
    since = conversation.waiting_since
    moment = "none" if since is None else str(int(since.timestamp() * 1_000_000))
    return f"alert:{conversation.public_id.hex}:{moment}"
