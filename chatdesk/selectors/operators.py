"""Operators: who a user is here, who is connected, and how many dialogs he leads."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from chatdesk.actors import OperatorActor
from chatdesk.errors import NotFound
from chatdesk.models import Conversation, Lease, Operator
from chatdesk.wire.objects import OperatorCard

PERMISSION = "chatdesk.answer_conversations"


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator's place now: his state, and dialogs held of those he can hold."""

    operator: Operator
    state: str
    load: int

    @property
    def has_place(self) -> bool:
        """Whether he is online and can take one more dialog."""
        online = self.state == Operator.Status.ONLINE
        return online and self.load < self.operator.capacity


def get_operator_for_user(*, user_id: int) -> OperatorActor:
    """Return who this user is at the desk.

    Raises ``NotFound`` unless user and operator are active and the user holds the
    permission to answer.
    """
    rows = Operator.objects.select_related("user").filter(user_id=user_id)
    operator = rows.filter(is_active=True, user__is_active=True).first()
    if operator is None or not operator.user.has_perm(PERMISSION):
        raise NotFound
    return OperatorActor(
        id=operator.pk,
        user_id=operator.user_id,
        name=operator.name,
        is_manager=operator.user.has_perm("chatdesk.view_performance"),
    )


def list_desks(*, at: datetime) -> list[Desk]:
    """Return every active operator with state and load, with one query."""
    alive = Lease.objects.filter(operator=OuterRef("pk"), expires_at__gt=at)
    held = Q(conversations__status=Conversation.Status.OPEN)
    rows = (
        Operator.objects.filter(is_active=True)
        .annotate(is_connected=Exists(alive), load=Count("conversations", filter=held))
        .order_by("pk")
    )
    return [
        Desk(
            operator=row,
            state=row.status if row.is_connected else str(Operator.Status.OFFLINE),
            load=row.load,
        )
        for row in rows
    ]


def get_desk(*, operator_id: int, at: datetime) -> Desk:
    """Return one operator's place now; raises ``NotFound``."""
    operator = Operator.objects.filter(pk=operator_id).first()
    if operator is None:
        raise NotFound
    alive = Lease.objects.filter(operator=operator, expires_at__gt=at).exists()
    state = operator.status if alive else str(Operator.Status.OFFLINE)
    return Desk(operator=operator, state=state, load=load_of(operator_id=operator_id))


def load_of(*, operator_id: int) -> int:
    """Return how many dialogs the operator leads now."""
    rows = Conversation.objects.filter(operator_id=operator_id)
    return rows.filter(status=Conversation.Status.OPEN).count()


def card_of(operator: Operator) -> OperatorCard:
    """Return what a visitor may know of an operator."""
    return OperatorCard(
        id=str(operator.pk),
        name=operator.name,
        title=operator.title,
        photo=operator.photo.url if operator.photo else "",
    )
