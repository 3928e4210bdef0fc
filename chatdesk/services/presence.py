"""Presence of operators: leases are renewed by living processes, periods are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from chatdesk.actors import OperatorActor
from chatdesk.conf import get_settings
from chatdesk.errors import Invalid
from chatdesk.models import Lease, Operator, PresencePeriod
from chatdesk.services.locks import lock_operator


@dataclass(frozen=True, slots=True)
class Absence:
    """Why an operator is away, in a word of the shop's list, and until when."""

    reason: str = ""
    back_at: datetime | None = None


HERE = Absence()

# A workspace whose socket is refused needs about half of it to begin polling.
LINGER = timedelta(seconds=12)


def connect_operator(
    *, operator_id: int, connection: UUID, process: UUID, at: datetime
) -> str:
    """Open a lease for one of the operator's connections; return his state.

    A connection whose lease ran out, because its process slept, gets it again. Opening
    a tab counts as touching it.
    """
    with transaction.atomic():
        operator = lock_operator(operator_id)
        _end_silence(operator, at=at)
        Lease.objects.update_or_create(
            connection=connection,
            defaults={
                "operator": operator,
                "process": process,
                "heard_at": at,
                "active_at": at,
                "expires_at": at + get_settings().lease,
            },
        )
        return _keep_record(operator, at=at)


def renew_leases(*, connections: Collection[UUID], at: datetime) -> list[UUID]:
    """Renew the leases of connections that were heard from, with one statement.

    Returns those that have none any more: they must connect again.
    """
    leases = Lease.objects.filter(connection__in=connections)
    renewed = leases.update(heard_at=at, expires_at=at + get_settings().lease)
    if renewed == len(connections):
        return []
    known = set(leases.values_list("connection", flat=True))
    return [connection for connection in connections if connection not in known]


def release_lease(*, connection: UUID, at: datetime) -> None:
    """Give one lease back, because its connection ended in an orderly way."""
    with transaction.atomic():
        lease = Lease.objects.filter(connection=connection).first()
        if lease is None:
            return
        operator = lock_operator(lease.operator_id)
        _end_silence(operator, at=at)
        Lease.objects.filter(pk=lease.pk).delete()
        _keep_record(operator, at=at)


def linger(*, connection: UUID, at: datetime) -> None:
    """Let one lease run out soon, because its connection was cut.

    Its workspace is back within seconds, by another socket or by polling, and nobody
    is to be told in between that the operator has left.
    """
    until = at + LINGER
    Lease.objects.filter(connection=connection, expires_at__gt=until).update(
        expires_at=until
    )


def choose_status(
    *, actor: OperatorActor, status: str, at: datetime, absence: Absence = HERE
) -> str:
    """Set what the operator chose on the switch; return his state as it now is.

    Who is away may say why and until when: colleagues see it, and the record keeps it.
    Raises ``Invalid`` for a status that does not exist, a reason that is not on the
    shop's list and a return that has passed.
    """
    if status not in Operator.Status.values:
        raise Invalid
    if status != Operator.Status.AWAY:
        absence = HERE
    _check_absence(absence, at=at)
    with transaction.atomic():
        operator = lock_operator(actor.id)
        _end_silence(operator, at=at)
        # A choice is a sign of life like any other.
        Lease.objects.filter(operator=operator).update(active_at=at)
        return put_status(operator, status, absence, at=at)


def _check_absence(absence: Absence, *, at: datetime) -> None:
    if absence.reason and absence.reason not in get_settings().away_reasons:
        raise Invalid
    if absence.back_at is not None and absence.back_at <= at:
        raise Invalid


def set_away_for_missed(*, operator_id: int, at: datetime) -> bool:
    """Put an operator away who did not take up a dialog; call inside a transaction.

    Nothing happens to who is away or offline already. The workspace tells him and the
    managers. Returns whether he was put away. Locks the operator: conversations are
    to be locked before.
    """
    operator = lock_operator(operator_id)
    if operator.status != Operator.Status.ONLINE:
        return False
    _end_silence(operator, at=at)
    put_status(operator, Operator.Status.AWAY, Absence(Operator.MISSED), at=at)
    return True


def put_status(
    operator: Operator, status: str, absence: Absence = HERE, *, at: datetime
) -> str:
    """Write the status of a locked operator and go on with his record."""
    operator.status = status
    operator.status_changed_at = at
    operator.away_reason = absence.reason
    operator.back_at = absence.back_at
    operator.save(
        update_fields=["status", "status_changed_at", "away_reason", "back_at"]
    )
    return _keep_record(operator, at=at)


def expire_leases(*, at: datetime) -> int:
    """End the presence of whoever fell silent, dated at the last heartbeat.

    Returns how many leases had run out.
    """
    gone = Lease.objects.filter(expires_at__lte=at).order_by("operator_id")
    ended = 0
    for operator_id in gone.values_list("operator_id", flat=True).distinct():
        with transaction.atomic():
            ended += _end_silence(lock_operator(operator_id), at=at)
    return ended


def end_presence(*, operator_id: int, at: datetime) -> None:
    """End all connections of an operator who may not be here any more."""
    with transaction.atomic():
        operator = lock_operator(operator_id)
        _end_silence(operator, at=at)
        Lease.objects.filter(operator=operator).delete()
        _keep_record(operator, at=at)


def _end_silence(operator: Operator, *, at: datetime) -> int:
    # Of several connections that fell silent the last heartbeat counts.
    gone = Lease.objects.filter(operator=operator, expires_at__lte=at)
    heard_at = gone.aggregate(latest=Max("heard_at"))["latest"]
    if heard_at is None:
        return 0
    ended, _ = gone.delete()
    _keep_record(operator, at=heard_at)
    return ended


def _keep_record(operator: Operator, *, at: datetime) -> str:
    connected = Lease.objects.filter(operator=operator).exists()
    state = operator.status if connected else str(Operator.Status.OFFLINE)
    absence = Absence(operator.away_reason, operator.back_at) if connected else HERE
    latest = PresencePeriod.objects.filter(operator=operator, to_at=None).first()
    if latest is not None and (latest.state, latest.reason) == (state, absence.reason):
        if latest.back_at != absence.back_at:
            latest.back_at = absence.back_at
            latest.save(update_fields=["back_at"])
        return state
    if latest is not None:
        # A choice may be younger than the last heartbeat, and periods never overlap.
        at = max(at, latest.from_at)
        latest.to_at = at
        latest.save(update_fields=["to_at"])
    PresencePeriod.objects.create(
        operator=operator,
        state=state,
        reason=absence.reason,
        back_at=absence.back_at,
        from_at=at,
    )
    return state
