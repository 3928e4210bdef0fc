"""The figures of those who wait: the line, the steps of the ladder, and the rota.

Dialogs belong to the period of their first question, as everywhere; shifts and working
time to the period in which they lie.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from chatdesk.kpi.definitions import Definition, Figure, Unit
from chatdesk.kpi.facts import begun, median
from chatdesk.kpi.period import Period
from chatdesk.kpi.report import Reading
from chatdesk.selectors.attendance import get_attendance
from chatdesk.selectors.hours import get_timetable

STEPS: dict[str, Q] = {
    "held": Q(holding_at__isnull=False),
    "passed_on": Q(passed_on_at__isnull=False),
    "rescued": Q(rescued_at__isnull=False),
    "left": Q(left_at__isnull=False),
}
"""What was done for a question that nobody answered: the rows behind each figure."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the figures of a period are computed from."""

    steps: Mapping[str, int]
    waits: tuple[float, ...]
    late: timedelta
    early: timedelta
    uncovered: timedelta | None
    """None where the shop has set no working hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKpi(Definition):
    """A figure of those who wait."""

    compute: Callable[[Line], Figure]
    good: int = -1


def _count(step: str) -> Callable[[Line], Figure]:
    return lambda line: Figure(line.steps[step])


IN_LINE = LineKpi(
    key="in_line",
    unit=Unit.SECONDS,
    title=_("Time in line, median"),
    definition=_(
        "From the first question to the moment at which an operator first led the "
        "dialog: half of the dialogs stood in line for less. Those that nobody ever "
        "led do not count."
    ),
    compute=lambda line: Figure(median(line.waits), whole=len(line.waits)),
)

HELD = LineKpi(
    key="held",
    unit=Unit.COUNT,
    title=_("Holding texts"),
    definition=_(
        "Dialogs in which the visitor got the shop's automatic text, because nobody "
        "had answered within %(limit)s seconds of working time."
    ),
    compute=_count("held"),
)

PASSED_ON = LineKpi(
    key="passed_on",
    unit=Unit.COUNT,
    title=_("Passed on"),
    definition=_(
        "Dialogs that were taken from an operator who did not answer and given to "
        "another one."
    ),
    compute=_count("passed_on"),
)

RESCUED = LineKpi(
    key="rescued",
    unit=Unit.COUNT,
    title=_("Contact asked for"),
    definition=_(
        "Dialogs in which the visitor was offered to leave a contact, because nobody "
        "had answered for long."
    ),
    compute=_count("rescued"),
)

LEFT = LineKpi(
    key="left",
    unit=Unit.COUNT,
    title=_("Left without an answer"),
    definition=_(
        "Dialogs with a question that nobody answered in time, and those whose visitor "
        "went before the first answer; also where somebody has seen to it since."
    ),
    compute=_count("left"),
)

LATE = LineKpi(
    key="late_shifts",
    unit=Unit.SECONDS,
    title=_("Late for shifts"),
    definition=_(
        "Time from the planned beginning of shifts until the operator was there, "
        "online or away; a shift that nobody came to counts as a whole."
    ),
    compute=lambda line: Figure(line.late.total_seconds()),
)

EARLY = LineKpi(
    key="early_shifts",
    unit=Unit.SECONDS,
    title=_("Left early"),
    definition=_("Time from when the operator went to the planned end of his shifts."),
    compute=lambda line: Figure(line.early.total_seconds()),
)

UNCOVERED = LineKpi(
    key="uncovered",
    unit=Unit.SECONDS,
    title=_("Uncovered time"),
    definition=_(
        "Working time of the shop in which nobody was online; without working hours "
        "nothing is counted."
    ),
    compute=lambda line: Figure(
        None if line.uncovered is None else line.uncovered.total_seconds()
    ),
)

LINE_REGISTRY: dict[str, LineKpi] = {
    kpi.key: kpi
    for kpi in (IN_LINE, HELD, PASSED_ON, RESCUED, LEFT, LATE, EARLY, UNCOVERED)
}
"""Every figure of those who wait by its key, in the order in which they are shown."""


def build_line_report(period: Period, *, at: datetime) -> dict[str, Reading]:
    """Compute every figure of the period and of the one before, with ten queries."""
    now = _read(period, at=at)
    before = _read(period.previous(), at=at)
    return {
        key: Reading(kpi, kpi.compute(now), kpi.compute(before))
        for key, kpi in LINE_REGISTRY.items()
    }


def _read(period: Period, *, at: datetime) -> Line:
    counted = {key: Count("pk", filter=rows) for key, rows in STEPS.items()}
    attendance = get_attendance(begin=period.start, end=period.end, at=at)
    is_always_open = get_timetable().is_always_open
    watches = [watch for row in attendance.rows for watch in row.watches]
    return Line(
        steps=begun(period).aggregate(**counted),
        waits=_waits_in_line(period),
        late=_sum(watch.late for watch in watches),
        early=_sum(watch.early for watch in watches),
        uncovered=None if is_always_open else attendance.uncovered_time,
    )


def _waits_in_line(period: Period) -> tuple[float, ...]:
    rows = begun(period).annotate(led_at=Min("assignments__from_at"))
    moments = rows.filter(led_at__isnull=False).values_list(
        "first_message_at", "led_at"
    )
    waits = (
        (led_at - asked_at).total_seconds()
        for asked_at, led_at in moments
        if asked_at is not None and led_at >= asked_at
    )
    return tuple(sorted(waits))


def _sum(spans: Iterable[timedelta | None]) -> timedelta:
    return sum((span for span in spans if span is not None), timedelta())
