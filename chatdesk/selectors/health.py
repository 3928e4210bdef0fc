"""How the parts are that chatdesk needs, asked of each of them, not of a memory."""

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Min, Q

from chatdesk.doorbell.listeners import current
from chatdesk.models import Conversation, Effect
from chatdesk.selectors.epoch import current_epoch


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed to the outside world, and for how many seconds already."""

    waiting: int
    oldest_s: float
    failed: int


def is_database_there() -> bool:
    """Return whether the database answers and has chatdesk's tables."""
    try:
        current_epoch()
    except (DatabaseError, InterfaceError):
        return False
    return True


def layer_state() -> str:
    """Return ``ok``, ``away`` or ``none``, or ``unknown`` in a process without sockets.

    It is ``ok`` when this process has lately heard its own knocking over the layer.
    """
    states = {listener.layer_state for listener in current()}
    return "away" if "away" in states else min(states, default="unknown")


def get_due(*, at: datetime) -> Due:
    """Return what is due by now and was not done, with two statements."""
    is_late = Q(state=Effect.State.DUE, due_at__lte=at)
    found = Effect.objects.filter(
        state__in=(Effect.State.DUE, Effect.State.FAILED)
    ).aggregate(
        waiting=Count("pk", filter=is_late),
        oldest=Min("due_at", filter=is_late),
        failed=Count("pk", filter=Q(state=Effect.State.FAILED)),
    )
    # An alert becomes an effect only when somebody looks.
    alerts = (
        Conversation.objects.in_progress()
        .filter(alert_at__lte=at)
        .aggregate(number=Count("pk"), oldest=Min("alert_at"))
    )
    moments = [each for each in (found["oldest"], alerts["oldest"]) if each]
    oldest_s = (at - min(moments)).total_seconds() if moments else 0.0
    return Due(found["waiting"] + alerts["number"], oldest_s, found["failed"])
