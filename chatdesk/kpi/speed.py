"""How fast one dialog was answered: the conditions of ``facts`` for a row at hand."""

from datetime import datetime
from enum import StrEnum

from chatdesk.kpi.facts import PATIENCE
from chatdesk.models import Conversation
from chatdesk.selectors.regulation import rules_in_force


class Speed(StrEnum):
    """The sorts of dialogs that the figures tell apart."""

    WITHIN_GOAL = "goal"
    SLOW = "slow"
    LATE = "late"
    MISSED = "missed"
    WAITING = "waiting"
    OFFLINE = "offline"


def speed_of(conversation: Conversation, *, at: datetime) -> Speed:
    """Return the sort of a dialog that has begun."""
    asked_at = conversation.first_message_at
    if not conversation.begun_online or asked_at is None:
        return Speed.OFFLINE
    answered_at = conversation.first_answered_at
    if answered_at is None:
        over = conversation.is_closed or at - asked_at >= PATIENCE
        return Speed.MISSED if over else Speed.WAITING
    wait = answered_at - asked_at
    if wait > PATIENCE:
        return Speed.MISSED
    if wait > rules_in_force().limit:
        return Speed.LATE
    return Speed.SLOW if wait > rules_in_force().goal else Speed.WITHIN_GOAL
