"""Rows end where their period ends, and the database finds the same median."""

from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.kpi import facts
from chatdesk.kpi.period import last_days
from chatdesk.models import Conversation
from tests.factories import make_conversation, make_operator

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def ask(at: datetime) -> Conversation:
    """Make a dialog whose first question is asked at exactly this moment."""
    conversation = make_conversation()
    conversation.first_message_at = at
    conversation.begun_online = True
    conversation.save()
    return conversation


def test_a_period_has_its_first_instant_and_not_its_last() -> None:
    period = last_days(1, at=AT)
    first = ask(period.start)
    ask(period.end)
    ask(period.start - timedelta(microseconds=1))
    last = ask(period.end - timedelta(microseconds=1))

    assert set(facts.begun(period)) == {first, last}


@pytest.mark.parametrize(
    ("waits", "middle"),
    [
        ([], None),
        ([7], 7),
        ([4, 9], 6.5),
        ([31, 2, 9], 9),
        ([1, 2, 9, 31], 5.5),
        ([3, 1, 2, 5, 4], 3),
    ],
)
def test_the_database_finds_the_same_median(
    waits: list[int], middle: float | None
) -> None:
    anna = make_operator()
    for wait in waits:
        conversation = ask(AT - timedelta(minutes=30))
        conversation.first_answered_at = AT - timedelta(minutes=30) + wait * SECOND
        conversation.first_answered_by = anna
        conversation.save()
    period = last_days(1, at=AT)

    found = facts.list_waits(period)

    assert facts.median_wait(period, answered=len(waits)) == middle
    assert facts.median([wait.seconds for wait in found]) == middle
    assert [wait.seconds for wait in found] == sorted(waits)
    assert {wait.operator_id for wait in found} <= {anna.pk}


def test_the_hours_are_those_of_the_shop() -> None:
    ask(datetime(2026, 11, 20, 8, 30, tzinfo=UTC))

    by_hour = facts.count_by_hour(last_days(1, at=AT), at=AT)

    assert len(by_hour) == 24
    assert {hour for hour, counts in by_hour.items() if counts.dialogs} == {9}


def test_the_days_are_those_of_the_shop() -> None:
    ask(datetime(2026, 11, 19, 23, 30, tzinfo=UTC))

    by_day = facts.count_by_day(last_days(2, at=AT), at=AT)

    assert [counts.dialogs for counts in by_day.values()] == [0, 1]
