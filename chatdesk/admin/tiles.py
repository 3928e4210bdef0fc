"""A figure in words: its value, what it was before, and where its dialogs are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatdesk.admin import charts, wording
from chatdesk.kpi.definitions import FEW, SLOWEST, Figure, Unit
from chatdesk.kpi.report import Reading, Report
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.selectors.shop_words import money

FILTERS: dict[str, dict[str, str]] = {
    "dialogs": {},
    "first_reply": {"reply": "answered"},
    "slowest": {"reply": "answered"},
    "within_goal": {"reply": "goal"},
    "over_limit": {"reply": "over"},
    "missed": {"reply": "missed"},
    "likes": {"thumb": "up"},
    "dislikes": {"thumb": "down"},
    "liked": {"thumb": "rated"},
    "again": {"contact": "again"},
}
"""The filters that lead to the dialogs behind a figure."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure as it is shown. ``mood`` is ``up`` when the change is a good one."""

    key: str
    title: str
    value: str
    query: str
    explanation: str
    small: str = ""
    change: str = ""
    before: str = ""
    mood: str = ""
    points: str = ""
    end: tuple[str, ...] = ()
    url: str = ""


def make_tiles(report: Report) -> list[Tile]:
    """Return a tile for each registered figure."""
    return [_tile(reading, report) for reading in report.readings.values()]


def query(period: int | str, **filters: str | int) -> str:
    """Return the query string of a list of dialogs; a period is of days or a date."""
    return "?" + urlencode({"period": period, **filters})


def _tile(reading: Reading, report: Report) -> Tile:
    key = reading.kpi.key
    tile = tile_of(reading, report.series[key], is_comparable=_is_comparable(report))
    return replace(
        tile,
        query=query(report.period.days, **_filters(reading)),
        small=_small(reading, report),
    )


def _filters(reading: Reading) -> dict[str, str]:
    key, seconds = reading.kpi.key, reading.now.value or 0
    # The slowest is found among those that were late, if it was.
    if key == SLOWEST.key and seconds > rules_in_force().limit_s:
        return {"reply": "late"}
    return FILTERS[key]


def tile_of(
    reading: Reading, series: Sequence[float | None], *, is_comparable: bool
) -> Tile:
    """Return a figure's tile, which leads nowhere yet."""
    kpi = reading.kpi
    # Today is not over: its part of a day would look like a fall.
    points = charts.sparkline(series[:-1])
    return Tile(
        key=kpi.key,
        title=kpi.name,
        value=say(reading.now, kpi.unit),
        query="",
        explanation=kpi.explanation,
        change=_change(reading) if is_comparable else "",
        before=_before(reading, is_comparable=is_comparable),
        mood=_mood(reading) if is_comparable else "",
        points=points,
        end=tuple(points.rsplit(" ", 1)[-1].split(",")) if points else (),
    )


def say(figure: Figure, unit: Unit) -> str:
    """Return a value in words: a thin share as counts, nothing as a dash."""
    if figure.value is None:
        return "–"
    if unit is Unit.SECONDS:
        return wording.seconds(figure.value)
    if unit is Unit.COUNT:
        return wording.number(figure.value)
    if unit is Unit.MONEY:
        return money(Decimal(f"{figure.value:.2f}"), figure.currency)
    if figure.is_thin:
        counts = {"part": figure.part, "whole": figure.whole}
        return _("%(part)s of %(whole)s") % counts
    return wording.percent(figure.value)


def _small(reading: Reading, report: Report) -> str:
    counts = report.counts
    match reading.kpi.key:
        case "dialogs" if counts.dialogs > counts.online:
            offline = counts.dialogs - counts.online
            return _("%(number)s offline") % {"number": wording.number(offline)}
        case "first_reply" if reading.now.whole >= 10:
            slowest_tenth = report.waits[int(len(report.waits) * 0.9)]
            time = wording.seconds(slowest_tenth)
            return _("90%% within %(time)s") % {"time": time}
        case "liked" if counts.dialogs:
            share = wording.percent(counts.rated / counts.dialogs)
            return _("%(share)s of dialogs rated") % {"share": share}
        case "within_goal" | "over_limit" | "again" if not reading.now.is_thin:
            shown = {"part": reading.now.part, "whole": reading.now.whole}
            return _("%(part)s of %(whole)s") % {
                key: wording.number(value) for key, value in shown.items()
            }
    return ""


def _change(reading: Reading) -> str:
    change = reading.change
    if change is None:
        return ""
    if reading.kpi.unit is Unit.SECONDS:
        return _change_of_time(round(change))
    if reading.kpi.unit is Unit.SHARE:
        return _change_of_share(round(change * 100))
    return _change_of_count(round(change), round(reading.before.value or 0))


def _change_of_time(change: int) -> str:
    if not change:
        return ""
    text = _("%(time)s faster") if change < 0 else _("%(time)s slower")
    return text % {"time": wording.seconds(abs(change))}


def _change_of_share(points: int) -> str:
    if not points:
        return ""
    text = ngettext("%(points)s point", "%(points)s points", abs(points))
    return _signed(points, text % {"points": wording.number(abs(points))})


def _change_of_count(change: int, before: int) -> str:
    if not change:
        return ""
    if before < FEW:
        return _signed(change, wording.number(abs(change)))
    return _signed(change, wording.percent(abs(change) / before))


def _signed(change: int, size: str) -> str:
    return f"+{size}" if change > 0 else f"−{size}"


def _is_comparable(report: Report) -> bool:
    return bool(report.readings["dialogs"].before.value)


def _before(reading: Reading, *, is_comparable: bool) -> str:
    if reading.before.value is None or not is_comparable:
        return _("nothing to compare with")
    before = say(reading.before, reading.kpi.unit)
    if reading.change is not None and not _change(reading):
        return _("as before: %(value)s") % {"value": before}
    return _("before: %(value)s") % {"value": before}


def _mood(reading: Reading) -> str:
    change = reading.change
    if not change or not reading.kpi.good:
        return ""
    return "up" if (change > 0) == (reading.kpi.good > 0) else "down"
