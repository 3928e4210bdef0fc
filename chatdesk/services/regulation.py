"""Regulation: publish a version, confirm it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from chatdesk.actors import OperatorActor
from chatdesk.errors import NotFound
from chatdesk.models import Acknowledgement, Operator, Regulation
from chatdesk.selectors.regulation import forget_rules, rules_in_force


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be published: the text and the numbers, in seconds and dialogs."""

    text: str
    goal_s: int
    limit_s: int
    capacity: int


def publish_regulation(*, draft: Draft, user_id: int | None, at: datetime) -> int:
    """Put a new version in force and return its number.

    The one before stays as it was, with its signatures. Operators who lead as many
    dialogs as the old rules said lead as many as the new ones say; a card that says
    otherwise keeps its own number.
    """
    forget_rules()
    before = rules_in_force()
    with transaction.atomic():
        latest = Regulation.objects.aggregate(latest=Max("version"))["latest"] or 0
        regulation = Regulation.objects.create(
            version=latest + 1,
            text=draft.text,
            goal_s=draft.goal_s,
            limit_s=draft.limit_s,
            capacity=draft.capacity,
            published_at=at,
            published_by_id=user_id,
        )
        if draft.capacity != before.capacity:
            usual = Operator.objects.filter(capacity=before.capacity)
            usual.update(capacity=draft.capacity)
        # Now for who goes on in this transaction, then for those who looked meanwhile.
        forget_rules()
        transaction.on_commit(forget_rules)
    return regulation.version


def acknowledge_regulation(
    *, actor: OperatorActor, version: int, at: datetime
) -> datetime:
    """Note that the operator read this version; saying it again changes nothing.

    Raises ``NotFound`` for a version that was never published. Returns when he did.
    """
    regulation = Regulation.objects.filter(version=version).first()
    if regulation is None:
        raise NotFound
    row, _ = Acknowledgement.objects.get_or_create(
        regulation=regulation, operator_id=actor.id, defaults={"at": at}
    )
    return row.at
