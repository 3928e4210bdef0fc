"""The charts keep their proportions, whatever the numbers are."""

import pytest

from chatdesk.admin.charts import FLOOR, TOP, histogram, sparkline, stack


def test_a_column_is_as_high_as_its_number() -> None:
    chart = stack([[("goal", 30), ("late", 10)], [("goal", 10)]], ["Mon", ""])

    heights = [float(box.height) + 1 for box in chart.boxes]

    assert heights[0] == pytest.approx(3 * heights[1], abs=0.2)
    assert heights[1] == pytest.approx(heights[2], abs=0.2)
    assert [box.look for box in chart.boxes] == ["goal", "late", "goal"]


def test_parts_stand_upon_each_other() -> None:
    chart = stack([[("goal", 3), ("slow", 0), ("late", 2)]], ["Mon"])

    goal, late = chart.boxes

    assert float(late.y) + float(late.height) + 1 == pytest.approx(
        float(goal.y), abs=0.2
    )
    assert float(goal.y) + float(goal.height) + 1 == pytest.approx(FLOOR, abs=0.2)


@pytest.mark.parametrize("highest", [0, 1, 4, 5, 7, 9, 12, 52, 99, 101, 4999, 123456])
def test_the_scale_is_round_and_reaches_the_top(highest: int) -> None:
    chart = stack([[("goal", highest)]], ["Mon"])
    values = [int(row.text) for row in chart.rows]

    assert values[-1] >= highest
    assert values[-1] <= max(2 * highest, 5)
    assert 2 <= len(values) <= 6
    assert all(float(box.y) >= TOP for box in chart.boxes)
    step = str(values[1])
    assert step.rstrip("0") in {"1", "2", "5"}


def test_only_named_columns_have_a_name() -> None:
    chart = stack([[("goal", 1)]] * 3, ["24 Oct", "", "26 Oct"])

    assert [mark.text for mark in chart.columns] == ["24 Oct", "26 Oct"]


def looks_of(waits: list[float], *, goal: float = 15, limit: float = 20) -> list[str]:
    """Return the looks of the bars of these waits."""
    return [box.look for box in histogram(waits, goal=goal, limit=limit).boxes]


@pytest.mark.parametrize(
    ("wait", "look"),
    [
        (0, "goal"),
        (15, "goal"),
        (15.01, "slow"),
        (20, "slow"),
        (20.01, "late"),
        (600, "late"),
    ],
)
def test_a_bar_has_the_look_of_its_waits(wait: float, look: str) -> None:
    assert looks_of([wait]) == [look]


def test_the_limits_stand_where_the_looks_change() -> None:
    chart = histogram([14.9, 15.1, 20.1], goal=15, limit=20)
    within, slow, late = (float(box.x) for box in chart.boxes)
    goal, limit = (float(mark.at) for mark in chart.limits)

    assert within < goal < slow < limit < late
    assert [mark.text for mark in chart.limits] == ["15", "20"]


def test_the_histogram_follows_the_shops_own_limit() -> None:
    chart = histogram([50, 70, 100], goal=60, limit=80)

    assert [box.look for box in chart.boxes] == ["goal", "slow", "late"]
    assert chart.columns[-1].text == "120+"


def test_a_line_needs_some_days() -> None:
    assert sparkline([1, 2, 3]) == ""
    assert sparkline([1, None, 2, None, 3]) == ""


def test_a_line_leaves_out_days_without_a_value() -> None:
    assert len(sparkline([1, 2, None, 3, 4]).split()) == 4


def test_a_flat_line_is_flat() -> None:
    heights = {point.split(",")[1] for point in sparkline([5, 5, 5, 5]).split()}

    assert len(heights) == 1
