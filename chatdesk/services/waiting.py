"""The clock of a question: it runs from the first unanswered word to a human reply.

When it is to raise the alert is a fact of the conversation, so a question and its
answer cost no rows of their own; the effect is promised when that moment comes.
"""

from datetime import datetime

from chatdesk.conf import get_settings
from chatdesk.models import Conversation


def start_waiting(conversation: Conversation, *, at: datetime) -> None:
    """Start the clock unless it runs; further questions do not set it back."""
    if conversation.waiting_since is None:
        conversation.waiting_since = at
        conversation.alert_at = at + get_settings().limit


def stop_waiting(conversation: Conversation) -> None:
    """Stop the clock, and with it the alert that it would have raised."""
    conversation.waiting_since = None
    conversation.alert_at = None


def alert_key(conversation: Conversation) -> str:
    """Return the key of the alert for the question that waits now.

    It names the question, so that the alert of one is never taken for that of the next.
    """
    since = conversation.waiting_since
    moment = "none" if since is None else str(int(since.timestamp() * 1_000_000))
    return f"alert:{conversation.public_id.hex}:{moment}"
