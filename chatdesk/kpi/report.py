"""The report: every figure of a period beside the period before, and its series.

The number of queries is fixed: it depends neither on the dialogs nor on the operators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chatdesk.kpi import facts
from chatdesk.kpi.definitions import REGISTRY, Figure, Kpi, Sample, Unit, median
from chatdesk.kpi.facts import Counts
from chatdesk.kpi.period import Period


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of the period and the same of the period before."""

    kpi: Kpi
    now: Figure
    before: Figure

    @property
    def change(self) -> float | None:
        """How much it grew: for a count relative, else in seconds or in points.

        None where there is nothing to compare, or too little for a comparison.
        """
        if self.now.value is None or self.before.value is None:
            return None
        if self.kpi.unit is Unit.COUNT:
            return self.now.value / self.before.value - 1 if self.before.value else None
        if self.now.is_thin or self.before.is_thin:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True, slots=True)
class OperatorReading:
    """What one operator did in the period.

    A dialog counts for whoever answered first, a rating for whoever led it to its end.
    """

    operator_id: int
    counts: Counts
    median: float | None
    likes: int
    dislikes: int
    online: timedelta


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a period."""

    period: Period
    readings: Mapping[str, Reading]
    counts: Counts
    by_day: Mapping[date, Counts]
    waits: tuple[float, ...]
    outcomes: Mapping[str, int]
    operators: Mapping[int, OperatorReading]


def build_report(period: Period, *, at: datetime) -> Report:
    """Compute every registered figure and series of the period, as of ``at``."""
    previous = period.previous()
    counts = facts.count_dialogs(period, at=at)
    waits = facts.first_replies(period)
    now = Sample(counts, waits.all)
    before = Sample(
        facts.count_dialogs(previous, at=at), facts.first_replies(previous).all
    )
    return Report(
        period=period,
        readings={
            key: Reading(kpi, kpi.compute(now), kpi.compute(before))
            for key, kpi in REGISTRY.items()
        },
        counts=counts,
        by_day=facts.count_by_day(period, at=at),
        waits=waits.all,
        outcomes=facts.count_by_outcome(period),
        operators=_by_operator(period, waits, at),
    )


def _by_operator(
    period: Period, waits: facts.Waits, at: datetime
) -> dict[int, OperatorReading]:
    counts = facts.count_by_answerer(period, at=at)
    ratings = facts.count_ratings_by_leader(period)
    online = facts.online_time(period)
    readings = {}
    for pk in sorted({*counts, *ratings, *online}):
        likes, dislikes = ratings.get(pk, (0, 0))
        readings[pk] = OperatorReading(
            operator_id=pk,
            counts=counts.get(pk, Counts()),
            median=median(waits.by_operator.get(pk, ())),
            likes=likes,
            dislikes=dislikes,
            online=online.get(pk, timedelta()),
        )
    return readings
