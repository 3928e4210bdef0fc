"""Activity of operators: who touches none of his tabs is away after a while.

Clients say how long ago somebody last moved a pointer or pressed a key; what follows
from that is decided here, over all tabs and devices of an operator.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, Max, Q

from chatdesk.actors import OperatorActor
from chatdesk.conf import get_settings
from chatdesk.models import Lease, Operator
from chatdesk.services.locks import lock_operator
from chatdesk.services.presence import (
    HERE,
    Absence,
    connect_operator,
    put_status,
)

# Ids of workspaces that have no socket are made in this space, from who asks: nobody
# can name the lease of somebody else.
WITHOUT_SOCKET = UUID("6d3f5a0e-52a8-4d0f-9c5b-1b1d7f6f2c90")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab that asks over HTTP: its own id, how long it was idle, whether hidden."""

    id: str
    idle_s: int = 0
    is_hidden: bool = False


def hear_workspace(*, actor: OperatorActor, tab: Tab, at: datetime) -> None:
    """Keep the lease of a workspace that asks over HTTP: it lives while it asks."""
    connection = uuid5(WITHOUT_SOCKET, f"{actor.id} {tab.id}")
    touched_at = at - timedelta(seconds=tab.idle_s)
    lasting = {"heard_at": at, "expires_at": at + get_settings().lease}
    own = Lease.objects.filter(connection=connection)
    if own.update(active_at=touched_at, is_shown=not tab.is_hidden, **lasting):
        return
    connect_operator(
        operator_id=actor.id, connection=connection, process=connection, at=at
    )
    if tab.idle_s:
        note_activity(connections=[connection], at=touched_at)
    if tab.is_hidden:
        note_sight(shown=(), hidden=[connection])


def note_sight(*, shown: Collection[UUID], hidden: Collection[UUID]) -> None:
    """Note which tabs came into the foreground of their browsers, and which left it."""
    for connections, is_shown in ((shown, True), (hidden, False)):
        if connections:
            rows = Lease.objects.filter(connection__in=connections)
            rows.update(is_shown=is_shown)


def note_activity(*, connections: Collection[UUID], at: datetime) -> None:
    """Note when somebody touched these tabs, with one statement."""
    Lease.objects.filter(connection__in=connections).update(active_at=at)


def watch_idle(*, at: datetime) -> int:
    """Put away who touched no tab for long, and bring back who touches one again.

    Only who was online and only who was put away for this: what a person chose stays.
    Called by the clock of each process; returns how many were changed.
    """
    idle_after = get_settings().idle_after
    if not idle_after:
        return 0
    alive = Q(leases__expires_at__gt=at)
    rows = Operator.objects.annotate(
        touched_at=Max("leases__active_at", filter=alive)
    ).filter(touched_at__isnull=False)
    gone = Q(status=Operator.Status.ONLINE, touched_at__lte=at - idle_after)
    returned = Q(
        status=Operator.Status.AWAY,
        away_reason=Operator.IDLE,
        touched_at__gt=F("status_changed_at"),
    )
    changed = 0
    for operator_id in rows.filter(gone | returned).values_list("pk", flat=True):
        changed += _follow_activity(operator_id, at=at)
    return changed


def _follow_activity(operator_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        operator = lock_operator(operator_id)
        alive = Lease.objects.filter(operator=operator, expires_at__gt=at)
        touched_at = alive.aggregate(latest=Max("active_at"))["latest"]
        if touched_at is None:
            return False
        is_idle = touched_at <= at - get_settings().idle_after
        if operator.status == Operator.Status.ONLINE and is_idle:
            put_status(operator, Operator.Status.AWAY, Absence(Operator.IDLE), at=at)
            return True
        was_idle = operator.away_reason == Operator.IDLE
        if was_idle and touched_at > (operator.status_changed_at or at):
            put_status(operator, Operator.Status.ONLINE, HERE, at=at)
            return True
    return False
