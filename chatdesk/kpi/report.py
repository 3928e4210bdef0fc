"""The report: every figure of a period beside the period before, and its series.

The number of queries is fixed: it depends neither on the dialogs nor on the operators.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chatdesk.kpi import facts
from chatdesk.kpi.definitions import REGISTRY, Definition, Figure, Sample, Unit
from chatdesk.kpi.effort import time_led
from chatdesk.kpi.facts import Counts, Wait, median
from chatdesk.kpi.period import Period


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of the period and the same of the period before."""

    kpi: Definition
    now: Figure
    before: Figure

    @property
    def change(self) -> float | None:
        """How much it grew, in its own unit.

        None where there is nothing to compare, or too little for a comparison.
        """
        if self.now.value is None or self.before.value is None:
            return None
        is_thin = self.now.is_thin or self.before.is_thin
        if is_thin and self.kpi.unit is not Unit.COUNT:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True, slots=True)
class OperatorReading:
    """What one operator did in the period.

    A dialog counts for whoever answered first, a rating for whoever led it to its end,
    its time for everybody who led it.
    """

    operator_id: int
    counts: Counts = field(default_factory=Counts)
    median: float | None = None
    slowest: float | None = None
    likes: int = 0
    dislikes: int = 0
    online: timedelta = timedelta()
    led: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a period.

    ``series`` has a value of each figure for each day. ``by_hour`` is filled for a
    period of one day, whose days say nothing.
    """

    period: Period
    readings: Mapping[str, Reading]
    series: Mapping[str, tuple[float | None, ...]]
    counts: Counts
    by_day: Mapping[date, Counts]
    by_hour: Mapping[int, Counts]
    waits: Sequence[float]
    outcomes: Mapping[str, int]
    operators: Mapping[int, OperatorReading]

    @property
    def led(self) -> timedelta:
        """For how long all operators together led dialogs."""
        return sum((each.led for each in self.operators.values()), timedelta())


def build_report(period: Period, *, at: datetime) -> Report:
    """Compute every registered figure and series of the period, as of ``at``."""
    waits = facts.list_waits(period)
    seconds = [wait.seconds for wait in waits]
    by_day, repeats = facts.count_by_day(period, at=at), facts.count_repeats(period)
    counts = facts.count_dialogs(period, at=at)
    now = _sample(counts, seconds, sum(repeats.values()))
    return Report(
        period=period,
        readings=_readings(now, _before(period.previous(), at)),
        series=_series(by_day, waits, repeats),
        counts=now.counts,
        by_day=by_day,
        by_hour=facts.count_by_hour(period, at=at) if period.days == 1 else {},
        waits=seconds,
        outcomes=facts.count_by_outcome(period),
        operators=_by_operator(period, waits, at),
    )


def _sample(counts: Counts, waits: Sequence[float], repeats: int) -> Sample:
    return Sample(counts, median(waits), max(waits, default=None), repeats)


def _before(period: Period, at: datetime) -> Sample:
    counts = facts.count_dialogs(period, at=at)
    return Sample(
        counts,
        facts.median_wait(period, answered=counts.answered),
        facts.slowest_wait(period),
        sum(facts.count_repeats(period).values()),
    )


def _readings(now: Sample, before: Sample) -> dict[str, Reading]:
    return {
        key: Reading(kpi, kpi.compute(now), kpi.compute(before))
        for key, kpi in REGISTRY.items()
    }


def _series(
    by_day: Mapping[date, Counts], waits: Iterable[Wait], repeats: Mapping[date, int]
) -> dict[str, tuple[float | None, ...]]:
    of_day: dict[date, list[float]] = defaultdict(list)
    for wait in waits:
        of_day[wait.day].append(wait.seconds)
    samples = [
        _sample(counts, of_day[day], repeats.get(day, 0))
        for day, counts in by_day.items()
    ]
    return {
        key: tuple(kpi.compute(sample).value for sample in samples)
        for key, kpi in REGISTRY.items()
    }


def _by_operator(
    period: Period, waits: Iterable[Wait], at: datetime
) -> dict[int, OperatorReading]:
    counts = facts.count_by_answerer(period, at=at)
    ratings = facts.count_ratings_by_leader(period)
    online, led = facts.online_time(period), time_led(period)
    own: dict[int, list[float]] = defaultdict(list)
    for wait in waits:
        own[wait.operator_id].append(wait.seconds)
    readings = {}
    for pk in sorted({*counts, *ratings, *online, *led}):
        likes, dislikes = ratings.get(pk, (0, 0))
        readings[pk] = OperatorReading(
            operator_id=pk,
            counts=counts.get(pk, Counts()),
            median=median(own[pk]),
            slowest=max(own[pk], default=None),
            likes=likes,
            dislikes=dislikes,
            online=online.get(pk, timedelta()),
            led=led.get(pk, timedelta()),
        )
    return readings
