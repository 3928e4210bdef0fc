"""The figures of a report in words and charts, each with a way to its dialogs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from chatdesk.admin import charts, wording
from chatdesk.admin.faces import Face, face_of
from chatdesk.admin.sales_figures import OperatorSales
from chatdesk.admin.tiles import make_tiles, query, say
from chatdesk.kpi.definitions import Figure, Unit, share
from chatdesk.kpi.facts import Counts
from chatdesk.kpi.report import OperatorReading, Report
from chatdesk.models import Conversation, Operator
from chatdesk.selectors.regulation import rules_in_force

SPEEDS = ("goal", "slow", "late", "missed", "offline")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the filters of the dialogs it counts."""

    text: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table that a chart can be read as."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How many dialogs ended in one way; ``length`` is of 100."""

    label: str
    number: str
    share: str
    length: str
    query: str
    look: str


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """What one operator did, in words; ``length`` of the bar is of 100."""

    face: Face
    online: str
    dialogs: Cell
    median: str
    slowest: str
    within: Cell
    length: str
    is_weak: bool
    late: Cell
    likes: Cell
    dislikes: Cell
    led: str
    per_order: str = ""
    sold: OperatorSales | None = None


NO_SALES: Mapping[int, OperatorSales] = {}


def describe_figures(
    report: Report, sales: Mapping[int, OperatorSales] = NO_SALES
) -> dict[str, Any]:
    """Return the tiles, charts and tables of a report for the template.

    ``sales`` has what each operator sold, where the reader may see that.
    """
    rules = rules_in_force()
    goal, limit = rules.goal_s, rules.limit_s
    return {
        "tiles": make_tiles(report),
        "goal": f"{goal:g}",
        "limit": f"{limit:g}",
        "is_empty": not report.counts.dialogs,
        "speed": _speed_chart(report),
        "speed_words": _speed_words(report.counts),
        "speed_rows": _speed_rows(report),
        "waits": charts.histogram(report.waits, goal=goal, limit=limit),
        "waits_words": _waits_words(report),
        "waits_rows": _waits_rows(report),
        "answered": wording.number(report.counts.answered),
        "outcomes": _outcomes(report),
        "closed": wording.number(sum(report.outcomes.values())),
        "operators": _operators(report, sales),
    }


def _parts(counts: Counts) -> list[tuple[str, int]]:
    offline = counts.dialogs - counts.online
    return list(
        zip(
            SPEEDS,
            (counts.within_goal, counts.slow, counts.late, counts.missed, offline),
            strict=True,
        )
    )


def _speed_chart(report: Report) -> charts.Chart:
    if report.by_hour:
        names = [str(hour) if hour % 3 == 0 else "" for hour in report.by_hour]
        return charts.stack([_parts(each) for each in report.by_hour.values()], names)
    every = 1 if len(report.by_day) <= 7 else 5
    names = [
        wording.day(day) if index % every == 0 else ""
        for index, day in enumerate(report.by_day)
    ]
    return charts.stack([_parts(each) for each in report.by_day.values()], names)


def _speed_words(counts: Counts) -> str:
    numbers = dict(_parts(counts))
    return _(
        "Dialogs by speed of the first reply: %(goal)s within the goal, %(slow)s "
        "within the limit, %(late)s later, %(missed)s missed, %(offline)s begun while "
        "nobody was online"
    ) % {key: wording.number(value) for key, value in numbers.items()}


def _speed_rows(report: Report) -> list[TableRow]:
    if report.by_hour:
        return [
            TableRow(f"{hour}:00", _plain_cells(counts))
            for hour, counts in report.by_hour.items()
            if counts.dialogs
        ]
    return [
        TableRow(wording.day(day), _linked_cells(day.isoformat(), counts))
        for day, counts in report.by_day.items()
    ]


def _plain_cells(counts: Counts) -> tuple[Cell, ...]:
    numbers = (counts.dialogs, *(number for _, number in _parts(counts)))
    return tuple(Cell(wording.number(number)) for number in numbers)


def _linked_cells(day: str, counts: Counts) -> tuple[Cell, ...]:
    everything = Cell(wording.number(counts.dialogs), query(day))
    return (
        everything,
        *(
            Cell(wording.number(number), query(day, reply=speed))
            for speed, number in _parts(counts)
        ),
    )


def _waits_words(report: Report) -> str:
    counts = report.counts
    return _(
        "First replies by their time: of %(all)s answered dialogs %(goal)s within the "
        "goal, %(slow)s within the limit, %(late)s later"
    ) % {
        "all": wording.number(counts.answered),
        "goal": wording.number(counts.within_goal),
        "slow": wording.number(counts.slow),
        "late": wording.number(counts.late),
    }


def _waits_rows(report: Report) -> list[TableRow]:
    counts = report.counts
    days = report.period.days
    limits = {
        "goal": f"{rules_in_force().goal_s:g}",
        "limit": f"{rules_in_force().limit_s:g}",
    }
    rows = (
        (_("Within %(goal)s s"), counts.within_goal, "goal"),
        (_("%(goal)s to %(limit)s s"), counts.slow, "slow"),
        (_("Over %(limit)s s"), counts.late, "late"),
    )
    return [
        TableRow(
            label % limits,
            (
                Cell(wording.number(number), query(days, reply=speed)),
                Cell(say(share(number, counts.answered), Unit.SHARE)),
            ),
        )
        for label, number, speed in rows
    ]


LOOKS: dict[str, str] = {
    Conversation.Outcome.SALE: "goal",
    Conversation.Outcome.ANSWERED: "slow",
    Conversation.Outcome.WILL_RETURN: "slow",
    Conversation.Outcome.COMPLAINT: "late",
}


def _outcomes(report: Report) -> list[OutcomeRow]:
    labels = {**dict(Conversation.Outcome.choices), "": _("Ended by the visitor")}
    whole = sum(report.outcomes.values())
    most = max(report.outcomes.values(), default=1)
    ordered = sorted(report.outcomes.items(), key=lambda each: -each[1])
    return [
        OutcomeRow(
            label=str(labels.get(key, key)),
            number=wording.number(count),
            share="" if share(count, whole).is_thin else wording.percent(count / whole),
            length=f"{100 * count / most:.1f}",
            query=query(report.period.days, outcome=key or "none"),
            look=LOOKS.get(key, "offline"),
        )
        for key, count in ordered
    ]


def _operators(report: Report, sales: Mapping[int, OperatorSales]) -> list[OperatorRow]:
    people = Operator.objects.in_bulk({*report.operators, *sales})
    readings = [
        report.operators.get(pk, OperatorReading(operator_id=pk)) for pk in people
    ]
    busiest_first = sorted(readings, key=lambda reading: -reading.counts.dialogs)
    return [
        replace(
            _operator(people[reading.operator_id], reading, report.period.days),
            **_sold(reading, sales.get(reading.operator_id)),
        )
        for reading in busiest_first
    ]


def _sold(reading: OperatorReading, sold: OperatorSales | None) -> dict[str, Any]:
    orders = sold.orders if sold else 0
    return {"sold": sold, "per_order": time_per_order(reading.led, orders)}


def time_per_order(led: timedelta, orders: int) -> str:
    """Return what an order took in time of dialogs, a dash where there is nothing."""
    return wording.span(led / orders) if orders and led else "–"


def _operator(operator: Operator, reading: OperatorReading, days: int) -> OperatorRow:
    counts = reading.counts
    within = share(counts.within_goal, counts.answered)
    own = {"answered_by": operator.pk}
    led = {"operator": operator.pk}
    return OperatorRow(
        face=face_of(operator),
        online=wording.hours(reading.online.total_seconds()),
        dialogs=Cell(wording.number(counts.dialogs), query(days, **own)),
        median=say(Figure(reading.median), Unit.SECONDS),
        slowest=say(Figure(reading.slowest), Unit.SECONDS),
        within=Cell(say(within, Unit.SHARE), query(days, reply="goal", **own)),
        length=f"{100 * (within.value or 0):.0f}",
        is_weak=(within.value or 1) < 0.8,
        late=Cell(wording.number(counts.late), query(days, reply="late", **own)),
        likes=Cell(wording.number(reading.likes), query(days, thumb="up", **led)),
        dislikes=Cell(
            wording.number(reading.dislikes), query(days, thumb="down", **led)
        ),
        led=wording.hours(reading.led.total_seconds()),
    )
