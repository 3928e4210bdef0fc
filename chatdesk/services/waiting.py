"""The clock of a question: it runs from the first unanswered word to a human reply.

When its next step is due is a fact of the conversation, so a question and its answer
cost no rows of their own; whoever looks at the clock first takes the step. So is where
the question stands in the line.
"""

from datetime import datetime, timedelta

from chatdesk.conf import get_settings
from chatdesk.models import Conversation
from chatdesk.selectors.hours import business_deadline
from chatdesk.selectors.regulation import rules_in_force

COMES_BACK = timedelta(hours=1)
"""The head start of a visitor who was quiet and writes again: he comes first."""


def start_waiting(conversation: Conversation, *, at: datetime) -> None:
    """Start the clock unless it runs; further questions do not set it back.

    A visitor who was quiet for so long that his place was given free stands first in
    line again, and is looked at, because others may hold the place now.
    """
    came_back = _was_quiet(conversation, at)
    conversation.heard_at = at
    if conversation.waiting_since is not None:
        return
    conversation.waiting_since = at
    conversation.step = 0
    conversation.alert_at = business_deadline(
        at, rules_in_force().limit, department_id=conversation.department_id
    )
    start = timedelta(seconds=conversation.head_start)
    if came_back:
        start += COMES_BACK
        conversation.route_at = at
    conversation.line_at = at - start


def stop_waiting(conversation: Conversation) -> None:
    """Stop the clock, and with it every step that it would have brought."""
    conversation.waiting_since = None
    conversation.step = 0
    conversation.alert_at = None
    conversation.line_at = None
    conversation.route_at = None


def seek_place(conversation: Conversation, *, at: datetime) -> None:
    """Say that somebody is to be found for it, unless nobody waits there."""
    if conversation.waiting_since is not None:
        conversation.route_at = at


def alert_key(conversation: Conversation) -> str:
    """Return the key of the alert for the question that waits now.

    It names the question, so that the alert of one is never taken for that of the next.
    """
    since = conversation.waiting_since
    moment = "none" if since is None else str(int(since.timestamp() * 1_000_000))
    return f"alert:{conversation.public_id.hex}:{moment}"


def _was_quiet(conversation: Conversation, at: datetime) -> bool:
    heard = conversation.heard_at
    return (
        conversation.status == Conversation.Status.OPEN
        and conversation.waiting_since is None
        and heard is not None
        and at - heard >= get_settings().quiet_after
    )
