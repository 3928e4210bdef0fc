"""A figure says what it counts, and nothing it cannot know."""

from datetime import timedelta

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from chatdesk.kpi.definitions import (
    FIRST_REPLY,
    LIKED,
    REGISTRY,
    SLOWEST,
    WITHIN_GOAL,
    Figure,
    Sample,
    share,
)
from chatdesk.kpi.facts import Counts, median


@pytest.mark.parametrize(
    ("values", "middle"),
    [([], None), ([9.0], 9.0), ([4.0, 9.0], 6.5), ([1.0, 2.0, 60.0], 2.0)],
)
def test_the_median_is_the_middle_value(
    values: list[float], middle: float | None
) -> None:
    assert median(values) == middle


def test_a_share_of_nothing_has_no_value() -> None:
    assert LIKED.compute(Sample(Counts())).value is None


def test_missed_dialogs_lower_the_share_within_the_goal() -> None:
    counts = Counts(within_goal=30, slow=5, late=5, missed=10)

    assert WITHIN_GOAL.compute(Sample(counts)).value == 30 / 50


@pytest.mark.parametrize(("whole", "is_thin"), [(0, True), (19, True), (20, False)])
def test_a_share_of_under_twenty_is_thin(whole: int, *, is_thin: bool) -> None:
    assert share(0, whole).is_thin is is_thin


def test_titles_name_the_shops_own_goal(settings: Settings) -> None:
    settings.CHATDESK = {"GOAL": timedelta(seconds=12.5)}

    assert WITHIN_GOAL.name == "Answered within 12.5 s"
    assert "12.5 seconds" in WITHIN_GOAL.explanation


def test_every_figure_is_explained_in_both_languages() -> None:
    for kpi in REGISTRY.values():
        with translation.override("en"):
            english = kpi.name, kpi.explanation
        with translation.override("ru"):
            russian = kpi.name, kpi.explanation
        assert len(english[1]) > 30
        assert all(
            ours != theirs for ours, theirs in zip(english, russian, strict=True)
        )


def test_the_median_waits_for_an_answer() -> None:
    assert FIRST_REPLY.compute(Sample(Counts(missed=3))).value is None


def test_the_slowest_waits_for_an_answer_and_is_over_soon_enough() -> None:
    assert SLOWEST.compute(Sample(Counts(missed=3))).value is None
    sample = Sample(Counts(slow=2, late=1), median=18.0, slowest=41.5)
    assert SLOWEST.compute(sample) == Figure(41.5, whole=3)
