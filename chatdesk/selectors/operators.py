"""Operators: who a user is here, who is connected, and how many dialogs he leads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chatdesk.actors import OperatorActor
from chatdesk.errors import NotFound
from chatdesk.models import Conversation, Lease, Operator, PushSubscription
from chatdesk.selectors.logins import Session, are_backends_plain, is_login_of
from chatdesk.senders.push import is_push_possible
from chatdesk.wire.frames import PresenceChanged
from chatdesk.wire.objects import Colleague, OperatorCard, to_ms

PERMISSION = "chatdesk.answer_conversations"
MANAGING = "chatdesk.view_performance"
ON_PHONE = "phone"
"""He is at no page, and a push would reach him: neither online nor offline."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator's place now: his state, and active dialogs of those he can lead."""

    operator: Operator
    state: str
    load: int

    @property
    def is_online(self) -> bool:
        """Whether he is there and takes dialogs."""
        return self.state == Operator.Status.ONLINE

    @property
    def has_place(self) -> bool:
        """Whether he is online and can take one more dialog."""
        return self.is_online and self.load < self.operator.capacity


def get_operator_for_user(*, user_id: int) -> OperatorActor:
    """Return who this user is at the desk.

    Raises ``NotFound`` unless user and operator are active and the user holds the
    permission to answer.
    """
    for _, actor in who_may_answer(Operator.objects.filter(user_id=user_id)):
        if actor is not None:
            return actor
    raise NotFound


def list_signed_in(
    places: Sequence[tuple[int, str]], sessions: Mapping[str, Session]
) -> list[OperatorActor | None]:
    """Return for each operator's key and session who he still is, with one query.

    None stands for whoever signed out, was dismissed or lost the permission.
    """
    rows = Operator.objects.filter(pk__in={pk for pk, _ in places})
    found = {row.pk: (row.user, actor) for row, actor in who_may_answer(rows)}
    lasting: list[OperatorActor | None] = []
    for pk, key in places:
        user, actor = found.get(pk, (None, None))
        is_his = user is not None and is_login_of(sessions.get(key), user)
        lasting.append(actor if is_his else None)
    return lasting


def who_may_answer(
    rows: QuerySet[Operator],
) -> Iterator[tuple[Operator, OperatorActor | None]]:
    """Yield each operator with who he is at the desk, None if he may not answer.

    One query for all of them, unless the host has rules for permissions of its own.
    """
    rows = rows.select_related("user")
    if are_backends_plain():
        rights = {"may_answer": _holds(PERMISSION), "may_manage": _holds(MANAGING)}
        rows = rows.annotate(**rights)
    for row in rows:
        is_active = row.is_active and row.user.is_active
        yield row, _actor_of(row) if is_active and _has(row, PERMISSION) else None


def _actor_of(operator: Operator) -> OperatorActor:
    return OperatorActor(
        id=operator.pk,
        user_id=operator.user_id,
        name=operator.name,
        is_manager=_has(operator, MANAGING),
    )


def _has(operator: Operator, permission: str) -> bool:
    name = "may_answer" if permission == PERMISSION else "may_manage"
    if hasattr(operator, name):
        return bool(getattr(operator, name))
    return operator.user.has_perm(permission)


def _holds(permission: str) -> Exists:
    users = ModelBackend().with_perm(permission)
    return Exists(users.filter(pk=OuterRef("user_id")))


def list_desks(*, at: datetime) -> list[Desk]:
    """Return every active operator with state and load, with one query."""
    alive = Lease.objects.filter(operator=OuterRef("pk"), expires_at__gt=at)
    held = Conversation.objects.active(at=at)
    rows = (
        Operator.objects.filter(is_active=True)
        .annotate(
            is_connected=Exists(alive),
            has_phone=Exists(_devices()),
            load=count_of_each(held),
        )
        .order_by("pk")
    )
    return [
        Desk(
            operator=row,
            state=_state_of(
                row, is_connected=row.is_connected, has_phone=row.has_phone
            ),
            load=row.load,
        )
        for row in rows
    ]


def count_of_each(dialogs: QuerySet[Conversation]) -> Coalesce:
    """Return how many of these dialogs each operator of an outer query leads.

    Counted in an index of the unfinished: joined, each would bring his whole history.
    """
    own = dialogs.filter(operator=OuterRef("pk")).order_by().values("operator")
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)


def _devices() -> QuerySet[PushSubscription]:
    if not is_push_possible():
        return PushSubscription.objects.none()
    return PushSubscription.objects.reachable().filter(operator=OuterRef("pk"))


def _state_of(operator: Operator, *, is_connected: bool, has_phone: bool) -> str:
    if is_connected:
        return operator.status
    # Who chose to be offline has gone home, and his phone is not called.
    is_called = has_phone and operator.status != Operator.Status.OFFLINE
    return ON_PHONE if is_called else str(Operator.Status.OFFLINE)


def get_desk(*, operator_id: int, at: datetime) -> Desk:
    """Return one operator's place now; raises ``NotFound``."""
    operator = Operator.objects.filter(pk=operator_id).first()
    if operator is None:
        raise NotFound
    alive = Lease.objects.filter(operator=operator, expires_at__gt=at).exists()
    state = operator.status if alive else str(Operator.Status.OFFLINE)
    return Desk(
        operator=operator, state=state, load=load_of(operator_id=operator_id, at=at)
    )


def load_of(*, operator_id: int, at: datetime) -> int:
    """Return how many active dialogs the operator leads now."""
    return Conversation.objects.active(at=at).filter(operator_id=operator_id).count()


def card_of(operator: Operator) -> OperatorCard:
    """Return what a visitor may know of an operator."""
    return OperatorCard(
        id=str(operator.pk),
        name=operator.name,
        title=operator.title,
        photo=operator.photo.url if operator.photo else "",
    )


def colleague_of(desk: Desk) -> Colleague:
    """Return what staff may know of each other's place."""
    operator = desk.operator
    is_away = desk.state == Operator.Status.AWAY
    back_at = operator.back_at if is_away else None
    return Colleague(
        id=str(operator.pk),
        name=operator.name,
        state=desk.state,
        load=desk.load,
        capacity=operator.capacity,
        photo=operator.photo.url if operator.photo else "",
        reason=operator.away_reason if is_away else "",
        back_at=None if back_at is None else to_ms(back_at),
    )


def presence_of(desk: Desk) -> PresenceChanged:
    """Return what an operator is told of his own place."""
    operator = desk.operator
    return PresenceChanged(
        status=operator.status,
        load=desk.load,
        capacity=operator.capacity,
        reason=operator.away_reason,
        back_at=None if operator.back_at is None else to_ms(operator.back_at),
    )
