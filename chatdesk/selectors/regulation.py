"""The regulation in force: its text, its numbers, and who has confirmed it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chatdesk.conf import get_settings
from chatdesk.models import Acknowledgement, Operator, Regulation
from chatdesk.remembered import Remembered
from chatdesk.selectors.duty import duty_of
from chatdesk.wire import objects

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers the waiting clock and the figures go by.

    ``version`` is 0 while the shop has published nothing: then they are the settings.
    """

    goal: timedelta
    limit: timedelta
    capacity: int
    version: int = 0

    @property
    def goal_s(self) -> float:
        """Seconds within which a first reply is good."""
        return self.goal.total_seconds()

    @property
    def limit_s(self) -> float:
        """Seconds after which a question without an answer raises the alert."""
        return self.limit.total_seconds()


@dataclass(frozen=True, slots=True)
class Signature:
    """An operator, and when he confirmed the version in force, if he did."""

    operator: Operator
    at: datetime | None


def rules_in_force() -> Rules:
    """Return the numbers in force, at most five seconds old.

    Those of the newest regulation; before there is one, those of the settings.
    """
    return recent.get() or _rules_of_settings()


def get_regulation() -> Regulation | None:
    """Return the version in force, None when nothing was published."""
    return Regulation.objects.order_by("-version").first()


def owes_confirmation(*, operator_id: int) -> bool:
    """Return whether a version is in force that the operator has not confirmed."""
    version = rules_in_force().version
    if not version:
        return False
    rows = Acknowledgement.objects.filter(regulation__version=version)
    return not rows.filter(operator_id=operator_id).exists()


def regulation_of(*, operator_id: int, at: datetime) -> objects.Regulation:
    """Return the regulation as an operator reads it, with his own duty beside it.

    Version 0, without a text, while nothing was published.
    """
    regulation, duty = get_regulation(), duty_of(operator_id=operator_id, at=at)
    if regulation is None:
        rules = rules_in_force()
        return objects.Regulation(
            version=0,
            goal_s=int(rules.goal_s),
            limit_s=int(rules.limit_s),
            capacity=rules.capacity,
            duty=duty,
        )
    rows = Acknowledgement.objects.filter(regulation=regulation)
    mine = rows.filter(operator_id=operator_id)
    confirmed_at = mine.values_list("at", flat=True).first()
    return objects.Regulation(
        version=regulation.version,
        text=regulation.text,
        goal_s=regulation.goal_s,
        limit_s=regulation.limit_s,
        capacity=regulation.capacity,
        published_at=objects.to_ms(regulation.published_at),
        confirmed_at=None if confirmed_at is None else objects.to_ms(confirmed_at),
        duty=duty,
    )


def list_signatures(regulation: Regulation) -> list[Signature]:
    """Return all active operators with when they confirmed it, the missing first."""
    when = dict(
        Acknowledgement.objects.filter(regulation=regulation).values_list(
            "operator_id", "at"
        )
    )
    operators = Operator.objects.filter(is_active=True).order_by("name")
    signatures = [Signature(each, when.get(each.pk)) for each in operators]
    return sorted(signatures, key=lambda each: each.at is not None)


def forget_rules() -> None:
    """Read the regulation again at the next question."""
    recent.forget()


def _rules_of_settings() -> Rules:
    settings = get_settings()
    return Rules(settings.goal, settings.limit, settings.capacity)


def _load() -> Rules | None:
    regulation = get_regulation()
    if regulation is None:
        return None
    return Rules(
        goal=regulation.goal,
        limit=regulation.limit,
        capacity=regulation.capacity,
        version=regulation.version,
    )


recent = Remembered(_load, seconds=SECONDS)
