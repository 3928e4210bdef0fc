"""The presence board: who is at the desk now, since when, and who has to wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from chatdesk.models import Conversation, Lease, Operator, PresencePeriod
from chatdesk.selectors.operators import ON_PHONE, list_desks


@dataclass(frozen=True, slots=True)
class Place:
    """An operator's place on the board.

    ``since`` is None while the record of his presence lags behind his connection.
    ``longest_wait`` is that of the visitors he leads, None when nobody waits.
    """

    operator: Operator
    state: str
    load: int
    since: datetime | None
    longest_wait: timedelta | None
    active_at: datetime | None = None
    """When he last touched one of his tabs; None when none is open."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who waits for an answer now, for whom he waits, and who knows of it."""

    conversation: Conversation
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Board:
    """All places, and the dialogs that wait for anyone."""

    places: tuple[Place, ...]
    in_line: int
    longest_in_line: timedelta | None
    waits: tuple[Wait, ...] = ()
    """Those who wait the longest, whoever leads their dialogs."""

    @property
    def online(self) -> int:
        """How many operators take dialogs now."""
        return sum(place.state == Operator.Status.ONLINE for place in self.places)


MOST_WAITS = 10

ORDER = {
    Operator.Status.ONLINE.value: 0,
    Operator.Status.AWAY.value: 1,
    ON_PHONE: 2,
    Operator.Status.OFFLINE.value: 3,
}


def get_board(*, at: datetime) -> Board:
    """Return the board as of ``at``, online first, with five queries."""
    waits = _waits(at)
    touched = _touched(at)
    periods = {
        period.operator_id: period
        for period in PresencePeriod.objects.filter(to_at=None)
    }
    places = [
        Place(
            operator=desk.operator,
            state=desk.state,
            load=desk.load,
            since=_since(periods.get(desk.operator.pk), desk.state),
            longest_wait=waits.get(desk.operator.pk, NOBODY).longest,
            active_at=touched.get(desk.operator.pk),
        )
        for desk in list_desks(at=at)
    ]
    in_line = waits.get(None, NOBODY)
    return Board(
        places=tuple(sorted(places, key=lambda place: ORDER[place.state])),
        in_line=in_line.number,
        longest_in_line=in_line.longest,
        waits=_longest(at),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    longest: timedelta | None


NOBODY = _Line(0, None)


def _since(period: PresencePeriod | None, state: str) -> datetime | None:
    # The record of presence counts a phone as what it is: not at the desk.
    kept = str(Operator.Status.OFFLINE) if state == ON_PHONE else state
    return period.from_at if period and period.state == kept else None


def _touched(at: datetime) -> dict[int, datetime | None]:
    alive = Lease.objects.filter(expires_at__gt=at).values_list("operator_id")
    return dict(alive.annotate(Max("active_at")))


def _longest(at: datetime) -> tuple[Wait, ...]:
    rows = (
        Conversation.objects.in_progress()
        .filter(waiting_since__isnull=False)
        .select_related("visitor", "operator", "department")
        .order_by("waiting_since", "pk")
    )
    return tuple(
        Wait(row, max(at - row.waiting_since, timedelta()))
        for row in rows[:MOST_WAITS]
        if row.waiting_since is not None
    )


def _waits(at: datetime) -> dict[int | None, _Line]:
    # The key None stands for dialogs that nobody leads.
    rows = (
        Conversation.objects.in_progress()
        .filter(waiting_since__isnull=False)
        .values_list("operator_id")
        .annotate(Count("pk"), Min("waiting_since"))
    )
    return {
        operator: _Line(number, max(at - since, timedelta()))
        for operator, number, since in rows
    }
