"""Is anyone there, with a free place: one answer for widget, tag and mail."""

import math
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from chatdesk.models import Conversation, Lease, Membership, Operator
from chatdesk.selectors.hours import get_timetable, is_open
from chatdesk.selectors.operators import Desk, card_of, list_desks
from chatdesk.wire.objects import Availability, to_ms

SAMPLES = 20
FEWEST_SAMPLES = 5
CARDS = 3
ROUND_ABOVE_S = 20


def get_availability(
    *,
    at: datetime,
    department_id: int | None = None,
    desks: Sequence[Desk] | None = None,
) -> Availability:
    """Return the state of the shop or of one department, with those who are there.

    Outside working hours it is ``offline`` until ``opens_at``, whoever left a tab open.
    Within them a living connection and a chosen status count, never the timetable:
    ``online`` with a free place, ``busy`` without one, ``away`` when nobody is there.
    A client that cannot ask shows ``unknown``. ``desks`` are all of this moment, where
    the caller knows them.
    """
    timetable = get_timetable(department_id=department_id)
    if not timetable.is_open(at):
        opens_at = timetable.next_opening(at)
        return Availability(
            state="offline", opens_at=None if opens_at is None else to_ms(opens_at)
        )
    if desks is None:
        desks = list_desks(at=at)
    online = _list_online(desks, department_id)
    if not online:
        return Availability(state="away")
    free = [desk for desk in online if desk.has_place]
    return Availability(
        state="online" if free else "busy",
        online=len(online),
        answer_s=usual_answer_s(),
        operators=tuple(card_of(desk.operator) for desk in (free or online)[:CARDS]),
    )


def is_anyone_online(*, at: datetime) -> bool:
    """Return whether in working hours any operator is connected and online."""
    return (
        is_open(at)
        and Lease.objects.filter(
            expires_at__gt=at,
            operator__is_active=True,
            operator__status=Operator.Status.ONLINE,
        ).exists()
    )


def _list_online(desks: Sequence[Desk], department_id: int | None) -> list[Desk]:
    online = [desk for desk in desks if desk.is_online]
    if department_id is None:
        return online
    members = list_members(department_id=department_id)
    return [desk for desk in online if desk.operator.pk in members]


def list_members(*, department_id: int) -> set[int]:
    """Return the keys of the operators who answer in a department."""
    members = Membership.objects.filter(department_id=department_id)
    return set(members.values_list("operator_id", flat=True))


def usual_answer_s() -> int | None:
    """Return the median of the last twenty human first replies, None under five."""
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
