"""Is anyone there, with a free place: one answer for widget, tag and mail."""

import math
from datetime import datetime
from statistics import median

from chatdesk.models import Conversation, Lease, Operator
from chatdesk.selectors.operators import card_of, list_desks
from chatdesk.wire.objects import Availability

SAMPLES = 20
FEWEST_SAMPLES = 5
CARDS = 3
ROUND_ABOVE_S = 20


def get_availability(*, at: datetime) -> Availability:
    """Return ``online``, ``busy`` or ``away`` with those who are there.

    Online means a living connection and a chosen status, never a timetable.
    """
    desks = list_desks(at=at)
    online = [desk for desk in desks if desk.state == Operator.Status.ONLINE]
    if not online:
        return Availability(state="away")
    free = [desk for desk in online if desk.has_place]
    return Availability(
        state="online" if free else "busy",
        online=len(online),
        answer_s=_usual_answer_s(),
        operators=tuple(card_of(desk.operator) for desk in (free or online)[:CARDS]),
    )


def is_anyone_online(*, at: datetime) -> bool:
    """Return whether any operator is connected and says that he is online."""
    return Lease.objects.filter(
        expires_at__gt=at,
        operator__is_active=True,
        operator__status=Operator.Status.ONLINE,
    ).exists()


def _usual_answer_s() -> int | None:
    rows = Conversation.objects.filter(
        begun_online=True, first_answered_at__isnull=False
    ).order_by("-first_message_at")
    latest = rows.values_list("first_message_at", "first_answered_at")[:SAMPLES]
    seconds = [
        (answered - asked).total_seconds()
        for asked, answered in latest
        if asked and answered
    ]
    if len(seconds) < FEWEST_SAMPLES:
        return None
    usual = math.ceil(median(seconds))
    if usual > ROUND_ABOVE_S:
        return math.ceil(usual / 5) * 5
    return max(usual, 1)
