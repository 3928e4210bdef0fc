"""The figures of those who wait in words, each with the dialogs behind it."""

from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from chatdesk.admin.tiles import Tile, query, tile_of
from chatdesk.kpi.line import STEPS, build_line_report
from chatdesk.kpi.period import Period

FILTERS = {key: {"step": key} for key in STEPS} | {"left": {"left": "all"}}
ROTA = {"late_shifts", "early_shifts", "uncovered"}


def describe_line(period: Period, *, at: datetime) -> list[Tile]:
    """Return a tile for each figure; those of the rota lead to the presence page."""
    readings = build_line_report(period, at=at)
    return [
        _tile(key, tile_of(reading, (), is_comparable=True), period)
        for key, reading in readings.items()
    ]


def _tile(key: str, tile: Tile, period: Period) -> Tile:
    if key in ROTA:
        return replace(tile, url=reverse("admin:chatdesk_attendance"))
    return replace(tile, query=query(period.days, **FILTERS.get(key, {})))
