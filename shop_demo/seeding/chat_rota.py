"""Who was at the desk when: a month of shifts, as people really keep them."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from chatdesk.integration import PastPresence

Hours = tuple[float, float]

# Begin and end of the working day by weekday, Monday first; None is a day off.
ROTA: tuple[tuple[Hours | None, ...], ...] = (
    ((9, 17), (9, 17), (9, 17), (9, 17), (9, 17), None, None),
    ((11, 19), (11, 19), (11, 19), (11, 19), (11, 19), (10, 16), None),
    ((12, 18), None, (12, 18), None, (12, 18), None, (11, 16)),
)
LUNCHES = (12.8, 13.1, 15.2)
"""When each has lunch; the first two overlap, so that some visitors find nobody."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One operator in one state from here to there."""

    operator_id: int
    state: str
    begin: datetime
    end: datetime


def draw_stretches(
    dice: random.Random, *, operator_ids: Sequence[int], days: Iterable[date]
) -> list[Stretch]:
    """Draw the shifts of these days with their breaks, none of them to the minute."""
    return [
        stretch
        for day in days
        for operator_id, rota, lunch in zip(operator_ids, ROTA, LUNCHES, strict=True)
        if (hours := rota[day.weekday()]) is not None
        for stretch in draw_shift(
            dice, operator_id, list(mark(dice, day, hours, lunch))
        )
    ]


def mark(
    dice: random.Random, day: date, hours: Hours, lunch: float
) -> Iterator[datetime]:
    """Draw when somebody came, left for lunch, was back and went home."""
    yield wall_clock(day, hours[0] + dice.gauss(0, 0.05))
    yield wall_clock(day, lunch + dice.gauss(0, 0.05))
    yield wall_clock(day, lunch + 0.55 + dice.gauss(0, 0.07))
    yield wall_clock(day, hours[1] + abs(dice.gauss(0, 0.08)))


def draw_shift(
    dice: random.Random, operator_id: int, marks: Sequence[datetime]
) -> Iterator[Stretch]:
    """Return the stretches between these moments; a break is not always declared."""
    break_state = "away" if dice.random() < 0.8 else "offline"
    states = ("online", break_state, "online")
    for state, (begin, end) in zip(states, pairwise(marks), strict=True):
        yield Stretch(operator_id, state, begin, end)


def wall_clock(day: date, hour: float) -> datetime:
    """Return the moment at which the shop's clock shows this hour, in decimals."""
    midnight = datetime.combine(day, time.min, timezone.get_default_timezone())
    return midnight + timedelta(seconds=round(hour * 3600))


def stay_late(stretches: Sequence[Stretch], *, at: datetime) -> list[Stretch]:
    """Let somebody have been at the desk until just now, when the rota has nobody."""
    begin, end = at - timedelta(minutes=40), at - timedelta(minutes=8)
    if any(each.begin < end and each.end > begin for each in stretches):
        return list(stretches)
    return [*stretches, Stretch(stretches[0].operator_id, "online", begin, end)]


def past_presence(stretches: Sequence[Stretch], *, at: datetime) -> list[PastPresence]:
    """Return the record up to now: offline between shifts, and since the last one."""
    periods: list[PastPresence] = []
    for operator_id in sorted({stretch.operator_id for stretch in stretches}):
        own = sorted(
            (each for each in stretches if each.operator_id == operator_id),
            key=lambda each: each.begin,
        )
        # Whoever would work just now has yet to open the workspace.
        done = [replace(each, end=min(each.end, at)) for each in own if each.begin < at]
        for stretch, following in pairwise(done):
            periods += cover(stretch, until=following.begin)
        if done:
            periods += cover(done[-1], until=None)
    return periods


def cover(stretch: Stretch, *, until: datetime | None) -> Iterator[PastPresence]:
    """Return a stretch and the time after it in which the operator was offline."""
    yield PastPresence(stretch.operator_id, stretch.state, stretch.begin, stretch.end)
    if until is None or until > stretch.end:
        yield PastPresence(stretch.operator_id, "offline", stretch.end, until)


def who_is_online(stretches: Iterable[Stretch], moment: datetime) -> list[int]:
    """Return the operators who take dialogs at this moment."""
    return [
        stretch.operator_id
        for stretch in stretches
        if stretch.state == "online" and stretch.begin <= moment < stretch.end
    ]
