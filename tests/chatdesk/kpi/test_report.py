"""The report compares what can be compared, with a fixed number of queries."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from pytest_django import DjangoAssertNumQueries

from chatdesk.kpi.definitions import (
    DIALOGS,
    FIRST_REPLY,
    WITHIN_GOAL,
    Figure,
    share,
)
from chatdesk.kpi.facts import online_time
from chatdesk.kpi.period import last_days
from chatdesk.kpi.report import Reading, build_report
from chatdesk.models import Conversation, Operator, PresencePeriod, Visitor
from chatdesk.selectors.storefronts import get_storefront

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
QUERIES = 13
HOURS = 1  # Only for a single day.


def make_operator(name: str) -> Operator:
    """Make an operator with a user of his own."""
    user = get_user_model().objects.create_user(username=name)
    return Operator.objects.create(user=user, name=name)


def make_dialogs(number: int, *, operator: Operator) -> None:
    """Make closed dialogs of today, each answered after nine seconds."""
    for index in range(number):
        asked_at = AT - timedelta(minutes=index + 15)
        visitor = Visitor.objects.create(
            storefront=get_storefront(), created_at=asked_at, latest_seen_at=asked_at
        )
        Conversation.objects.create(
            storefront=visitor.storefront,
            visitor=visitor,
            operator=operator,
            status=Conversation.Status.CLOSED,
            created_at=asked_at,
            first_message_at=asked_at,
            begun_online=True,
            first_answered_at=asked_at + timedelta(seconds=9),
            first_answered_by=operator,
            outcome=Conversation.Outcome.ANSWERED,
            thumb="up",
        )


@pytest.mark.django_db
@pytest.mark.parametrize("days", [1, 30])
@pytest.mark.parametrize("dialogs", [0, 25])
def test_the_number_of_queries_is_fixed(
    django_assert_num_queries: DjangoAssertNumQueries, days: int, dialogs: int
) -> None:
    for name in ("anna", "dmitry"):
        make_dialogs(dialogs, operator=make_operator(name))

    with django_assert_num_queries(QUERIES + (HOURS if days == 1 else 0)):
        report = build_report(last_days(days, at=AT), at=AT)

    assert report.counts.dialogs == 2 * dialogs


@pytest.mark.django_db
def test_finished_dialogs_are_counted_by_their_outcome() -> None:
    make_dialogs(3, operator=make_operator("anna"))

    report = build_report(last_days(7, at=AT), at=AT)

    assert report.outcomes == {"answered": 3}


@pytest.mark.django_db
def test_time_online_is_cut_at_both_ends_of_the_period() -> None:
    anna = make_operator("anna")
    period = last_days(1, at=AT)
    hour = timedelta(hours=1)
    for state, from_at, to_at in [
        ("online", period.start - hour, period.start + hour),
        ("away", period.start + hour, period.start + 2 * hour),
        ("online", AT - 2 * hour, AT - hour),
        ("online", AT - hour / 2, None),
        ("online", period.start - 3 * hour, period.start - 2 * hour),
    ]:
        PresencePeriod.objects.create(
            operator=anna, state=state, from_at=from_at, to_at=to_at
        )

    assert online_time(period) == {anna.pk: 2.5 * hour}


@pytest.mark.parametrize(
    ("reading", "change"),
    [
        (Reading(DIALOGS, Figure(108), Figure(100)), 8),
        (Reading(DIALOGS, Figure(3), Figure(0)), 3),
        (Reading(WITHIN_GOAL, share(86, 100), share(81, 100)), 0.05),
        (Reading(WITHIN_GOAL, share(9, 10), share(81, 100)), None),
        (Reading(WITHIN_GOAL, share(86, 100), share(0, 0)), None),
        (Reading(FIRST_REPLY, Figure(9, whole=40), Figure(11, whole=40)), -2),
        (Reading(FIRST_REPLY, Figure(9, whole=4), Figure(11, whole=40)), None),
    ],
)
def test_only_what_can_be_compared_has_a_change(
    reading: Reading, change: float | None
) -> None:
    assert reading.change == (None if change is None else pytest.approx(change))
