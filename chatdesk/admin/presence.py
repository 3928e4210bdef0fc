"""The presence board in words: who is there, since when, and who has to wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatdesk.admin import wording
from chatdesk.admin.faces import Face, face_of
from chatdesk.kpi.facts import online_time
from chatdesk.kpi.period import last_days
from chatdesk.models import Operator
from chatdesk.selectors.presence_board import Board, Place, get_board
from chatdesk.selectors.regulation import rules_in_force


@dataclass(frozen=True, slots=True)
class Card:
    """One operator on the board; ``places`` says of each whether it is taken."""

    face: Face
    state: str
    words: str
    load: str
    places: tuple[bool, ...]
    is_full: bool
    longest_wait: str
    is_late: bool
    online_today: str


@dataclass(frozen=True, slots=True)
class Presence:
    """The whole board. ``state`` is what visitors see: online, busy or away."""

    cards: tuple[Card, ...]
    state: str
    words: str
    line: str
    is_late: bool
    seen_at: str


def describe_presence(*, at: datetime) -> Presence:
    """Return the board as of ``at``, with four queries."""
    board = get_board(at=at)
    today = online_time(last_days(1, at=at))
    online = [place for place in board.places if place.state == "online"]
    taken = sum(place.load for place in online)
    places = sum(place.operator.capacity for place in online)
    state = "away" if not online else "online" if taken < places else "busy"
    return Presence(
        cards=tuple(_card(each, today, at=at) for each in board.places),
        state=state,
        words=_coverage(state, len(online), taken=taken, places=places),
        line=_line(board),
        is_late=_is_late(board.longest_in_line),
        seen_at=wording.clock(at),
    )


def _coverage(state: str, online: int, *, taken: int, places: int) -> str:
    if state == "away":
        return _("Nobody is online. Visitors are asked to leave a message.")
    people = ngettext(
        "%(number)s operator online", "%(number)s operators online", online
    ) % {"number": online}
    load = _("%(taken)s of %(places)s places taken") % {
        "taken": taken,
        "places": places,
    }
    return f"{people}, {load}."


def _line(board: Board) -> str:
    if board.longest_in_line is None:
        return _("No visitor waits for an operator.")
    waiting = ngettext(
        "%(number)s visitor waits for anyone, %(time)s at the longest.",
        "%(number)s visitors wait for anyone, %(time)s at the longest.",
        board.in_line,
    )
    time = wording.span(board.longest_in_line)
    return waiting % {"number": board.in_line, "time": time}


def _card(place: Place, today: dict[int, timedelta], *, at: datetime) -> Card:
    operator = place.operator
    wait = place.longest_wait
    shown = max(operator.capacity, place.load)
    return Card(
        face=face_of(operator),
        state=place.state,
        words=_state(place, at=at),
        load=f"{place.load}/{operator.capacity}",
        places=tuple(index < place.load for index in range(min(shown, 10))),
        is_full=place.load >= operator.capacity,
        longest_wait="–" if wait is None else wording.span(wait),
        is_late=_is_late(wait),
        online_today=wording.hours(today.get(operator.pk, timedelta()).total_seconds()),
    )


def _state(place: Place, *, at: datetime) -> str:
    label = str(Operator.Status(place.state).label).capitalize()
    if place.since is None:
        return label
    since = wording.moment(place.since, at=at)
    return _("%(state)s since %(time)s") % {"state": label, "time": since}


def _is_late(wait: timedelta | None) -> bool:
    return wait is not None and wait > rules_in_force().limit
