"""A tile says no more than its samples allow."""

import pytest

from chatdesk.admin.tiles import FILTERS, make_tiles, say
from chatdesk.kpi.definitions import REGISTRY, Figure, Sample, Unit, share
from chatdesk.kpi.facts import Counts
from chatdesk.kpi.period import Period
from chatdesk.kpi.report import Reading, Report
from tests.factories import NOON

WEEK = Period(NOON, NOON, 7)


def make_report(now: Counts, before: Counts) -> Report:
    """Make a report of these counts, with a wait of nine seconds for each answer."""

    def compute(counts: Counts, wait: float) -> dict[str, Figure]:
        sample = Sample(counts, wait if counts.answered else None)
        return {key: kpi.compute(sample) for key, kpi in REGISTRY.items()}

    figures, earlier = compute(now, 9.0), compute(before, 11.0)
    return Report(
        period=WEEK,
        readings={
            key: Reading(kpi, figures[key], earlier[key])
            for key, kpi in REGISTRY.items()
        },
        series=dict.fromkeys(REGISTRY, ()),
        counts=now,
        by_day={},
        by_hour={},
        waits=(9.0,) * now.answered,
        outcomes={},
        operators={},
    )


BUSY = Counts(
    dialogs=1284,
    online=1200,
    within_goal=1000,
    slow=100,
    late=60,
    missed=40,
    likes=94,
    dislikes=6,
)
CALM = Counts(
    dialogs=1189, online=1000, within_goal=800, slow=100, late=60, missed=40, likes=10
)


def test_a_busy_week_beside_the_one_before() -> None:
    tiles = {tile.key: tile for tile in make_tiles(make_report(BUSY, CALM))}

    assert tiles["dialogs"].value == "1,284"
    assert tiles["dialogs"].small == "84 offline"
    assert (tiles["dialogs"].change, tiles["dialogs"].mood) == ("+8%", "up")
    assert tiles["first_reply"].value == "9 s"
    assert tiles["first_reply"].change == "2 s faster"
    assert tiles["first_reply"].mood == "up"
    assert tiles["within_goal"].value == "83%"
    assert tiles["within_goal"].change == "+3 points"
    assert tiles["over_limit"].change == "−2 points"
    assert tiles["over_limit"].mood == "up"
    assert tiles["missed"].change == ""
    assert tiles["missed"].before == "as before: 40"
    assert tiles["liked"].value == "94%"
    assert tiles["liked"].change == ""


def test_few_dialogs_are_counted_and_not_compared() -> None:
    few = Counts(dialogs=9, online=9, within_goal=7, missed=2, likes=1)
    tiles = {tile.key: tile for tile in make_tiles(make_report(few, CALM))}

    assert tiles["within_goal"].value == "7 of 9"
    assert tiles["within_goal"].change == ""
    assert tiles["liked"].value == "1 of 1"


def test_small_counts_change_by_numbers() -> None:
    before = Counts(dialogs=19, online=19, within_goal=15, missed=4)
    now = Counts(dialogs=22, online=22, within_goal=15, missed=7)
    tiles = {tile.key: tile for tile in make_tiles(make_report(now, before))}

    assert tiles["dialogs"].change == "+3"
    assert (tiles["missed"].change, tiles["missed"].mood) == ("+3", "down")


def test_the_first_week_has_nothing_to_compare_with() -> None:
    tiles = make_tiles(make_report(BUSY, Counts()))

    assert {tile.before for tile in tiles} == {"nothing to compare with"}
    assert {tile.change for tile in tiles} == {""}


@pytest.mark.parametrize(
    ("figure", "unit", "words"),
    [
        (Figure(None), Unit.SECONDS, "–"),
        (share(0, 0), Unit.SHARE, "–"),
        (share(3, 19), Unit.SHARE, "3 of 19"),
        (share(10, 20), Unit.SHARE, "50%"),
        (Figure(0), Unit.COUNT, "0"),
    ],
)
def test_a_figure_in_words(figure: Figure, unit: Unit, words: str) -> None:
    assert say(figure, unit) == words


def test_every_figure_leads_somewhere() -> None:
    assert set(FILTERS) == set(REGISTRY)
