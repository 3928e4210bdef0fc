"""The geometry of the charts, as strings that a template puts into SVG.

Strings, because a template writes 12.5 as 12,5 for a reader who counts that way.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 720
HEIGHT = 232
LEFT, TOP, FLOOR = 36, 12, 204
STEPS = 5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``look`` is the class that gives it its colour."""

    x: str
    y: str
    width: str
    height: str
    look: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid or a limit, and its words."""

    at: str
    text: str
    label_at: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws: boxes, lines across, words below, limits upright."""

    boxes: tuple[Box, ...]
    rows: tuple[Mark, ...] = ()
    columns: tuple[Mark, ...] = ()
    limits: tuple[Mark, ...] = ()


def stack(columns: Sequence[Sequence[tuple[str, int]]], labels: Sequence[str]) -> Chart:
    """Return columns of stacked numbers, each with the look of its part.

    An empty label leaves a place below the floor unnamed.
    """
    highest = max((sum(n for _, n in parts) for parts in columns), default=0)
    every = _grid_step(highest)
    top = math.ceil(max(highest, 1) / every) * every
    step = (WIDTH - LEFT) / max(len(columns), 1)
    width = min(step * 0.76, 46)
    boxes: list[Box] = []
    names: list[Mark] = []
    for index, parts in enumerate(columns):
        middle = LEFT + step * (index + 0.5)
        boxes += _pile(parts, x=middle - width / 2, width=width, top=top)
        if labels[index]:
            names.append(Mark(_n(middle), labels[index]))
    return Chart(tuple(boxes), rows=_grid(top, every), columns=tuple(names))


def _pile(
    parts: Iterable[tuple[str, int]], *, x: float, width: float, top: int
) -> Iterable[Box]:
    scale = (FLOOR - TOP) / top
    y = float(FLOOR)
    for look, count in parts:
        if count:
            height = count * scale
            y -= height
            # A hair of ground between the parts, unless that is all there is of one.
            shown = max(height - 1, 0.8)
            yield Box(_n(x), _n(y), _n(width), _n(shown), look)


def _grid_step(highest: int) -> int:
    """Return the smallest round step that reaches the top in ``STEPS`` at most."""
    rough = max(highest, STEPS) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return math.ceil(next(n * power for n in (1, 2, 5, 10) if n * power >= rough))


def _grid(top: int, step: int) -> tuple[Mark, ...]:
    return tuple(
        Mark(_n(FLOOR - (FLOOR - TOP) * value / top), str(value))
        for value in range(0, top + 1, step)
    )


NARROW = 352
BUCKETS = 31
GROUND = 8


def histogram(waits: Iterable[float], *, goal: float, limit: float) -> Chart:
    """Return how many waits fall into each twentieth of the limit, the rest in one."""
    size = limit / 20
    counts = [0] * BUCKETS
    for wait in waits:
        # A wait of exactly the goal is within it, so each bucket has its upper end.
        counts[min(max(math.ceil(wait / size) - 1, 0), BUCKETS - 1)] += 1
    step = (NARROW - 2 * GROUND) / BUCKETS
    scale = (FLOOR - 40) / max(*counts, 1)
    boxes = (
        Box(
            x=_n(GROUND + step * index + 0.7),
            y=_n(FLOOR - max(count * scale, 1)),
            width=_n(step - 1.4),
            height=_n(max(count * scale, 1)),
            look=_look((index + 0.5) * size, goal, limit),
        )
        for index, count in enumerate(counts)
        if count
    )
    every = range(0, BUCKETS, 5)
    names = [Mark(_n(GROUND + step * index), f"{index * size:g}") for index in every]
    names[-1] = Mark(names[-1].at, f"{30 * size:g}+")
    return Chart(
        tuple(boxes),
        columns=tuple(names),
        limits=tuple(
            Mark(at=_n(x), text=f"{value:g}", label_at=_n(x + 5))
            for value in (goal, limit)
            for x in [GROUND + step * value / size]
        ),
    )


def _look(wait: float, goal: float, limit: float) -> str:
    if wait > limit:
        return "late"
    return "slow" if wait > goal else "goal"


def sparkline(values: Sequence[float | None]) -> str:
    """Return the points of a small line, days without a value left out.

    Empty when there are too few to see a direction.
    """
    known = [(index, each) for index, each in enumerate(values) if each is not None]
    if len(known) < 4:
        return ""
    low = min(each for _, each in known)
    height = max(each for _, each in known) - low or 1
    step = 56 / (len(values) - 1)
    return " ".join(
        f"{_n(4 + index * step)},{_n(22 - 18 * (each - low) / height)}"
        for index, each in known
    )


def _n(value: float) -> str:
    return f"{value:.1f}"
