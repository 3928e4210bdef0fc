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
from chatdesk.selectors.operators import ON_PHONE
from chatdesk.selectors.presence_board import Board, Place, Wait, get_board
from chatdesk.selectors.regulation import rules_in_force

MOMENT = timedelta(seconds=10)
"""A tab tells of touches with its heartbeat, so this long ago is now."""


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
    why: str
    touched: str


@dataclass(frozen=True, slots=True)
class WaitLine:
    """Somebody who waits now, in words."""

    pk: int
    visitor: str
    time: str
    for_whom: str
    department: str
    is_late: bool
    is_raised: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """The whole board. ``state`` is what visitors see: online, busy or away."""

    cards: tuple[Card, ...]
    state: str
    words: str
    line: str
    is_late: bool
    seen_at: str
    waits: tuple[WaitLine, ...] = ()


def describe_presence(*, at: datetime) -> Presence:
    """Return the board as of ``at``, with six queries."""
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
        waits=tuple(map(_wait, board.waits)),
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
        if board.waits:
            return _("Every visitor who waits has an operator.")
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
        why=_why(place, at=at),
        touched=_touched(place, at=at),
        online_today=wording.hours(today.get(operator.pk, timedelta()).total_seconds()),
    )


def _wait(wait: Wait) -> WaitLine:
    row = wait.conversation
    return WaitLine(
        pk=row.pk,
        visitor=wording.name_of(row.visitor),
        time=wording.span(wait.waited),
        for_whom="" if row.operator is None else row.operator.name,
        department="" if row.department is None else row.department.name,
        is_late=_is_late(wait.waited),
        is_raised=row.is_raised,
    )


def _why(place: Place, *, at: datetime) -> str:
    """Return why somebody is away and until when, as he said or the server."""
    operator = place.operator
    if place.state != Operator.Status.AWAY:
        return ""
    words = [wording.reason(operator.away_reason)] if operator.away_reason else []
    if operator.back_at is not None:
        time = wording.moment(operator.back_at, at=at)
        words.append(_("back at %(time)s") % {"time": time})
    return ", ".join(words)


def _touched(place: Place, *, at: datetime) -> str:
    if place.active_at is None:
        return "–"
    ago = max(at - place.active_at, timedelta())
    if ago < MOMENT:
        return _("now")
    return _("%(time)s ago") % {"time": wording.span(ago)}


def _state(place: Place, *, at: datetime) -> str:
    if place.state == ON_PHONE:
        return _("By phone only")
    label = str(Operator.Status(place.state).label).capitalize()
    if place.since is None:
        return label
    since = wording.moment(place.since, at=at)
    return _("%(state)s since %(time)s") % {"state": label, "time": since}


def _is_late(wait: timedelta | None) -> bool:
    return wait is not None and wait > rules_in_force().limit
