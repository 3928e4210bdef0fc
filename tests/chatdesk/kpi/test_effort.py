"""Time led counts each dialog by itself, for whoever led it, within its period."""

from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.kpi.effort import time_led
from chatdesk.kpi.period import last_days
from chatdesk.kpi.report import build_report
from chatdesk.models import Assignment, Conversation
from tests.factories import make_conversation, make_operator

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_operator(name="Anna")


@pytest.fixture
def boris():
    return make_operator(name="Boris")


def asked(*, ago):
    """Make a dialog whose first question came so long ago."""
    row = make_conversation()
    Conversation.objects.filter(pk=row.pk).update(first_message_at=AT - ago)
    return row


def led(conversation, operator, *, since, until=None):
    Assignment.objects.create(
        conversation=conversation,
        operator=operator,
        reason=Assignment.Reason.TAKEN,
        from_at=AT - since,
        to_at=None if until is None else AT - until,
    )


def of_today():
    return time_led(last_days(1, at=AT))


def test_a_dialog_that_was_handed_on_counts_for_both(anna, boris):
    dialog = asked(ago=30 * MINUTE)
    led(dialog, anna, since=29 * MINUTE, until=20 * MINUTE)
    led(dialog, boris, since=20 * MINUTE, until=5 * MINUTE)

    assert of_today() == {anna.pk: 9 * MINUTE, boris.pk: 15 * MINUTE}


def test_two_at_once_count_as_two(anna):
    for _ in range(2):
        led(asked(ago=10 * MINUTE), anna, since=9 * MINUTE, until=3 * MINUTE)

    assert of_today() == {anna.pk: 12 * MINUTE}


def test_one_that_goes_on_counts_until_the_end_of_the_period(anna):
    led(asked(ago=10 * MINUTE), anna, since=7 * MINUTE)

    assert of_today() == {anna.pk: 7 * MINUTE}


def test_what_comes_after_the_period_is_left_out(anna, boris):
    dialog = asked(ago=26 * 60 * MINUTE)
    led(dialog, anna, since=26 * 60 * MINUTE, until=2 * MINUTE)
    led(dialog, boris, since=2 * MINUTE)
    before = last_days(1, at=AT).previous()

    assert time_led(before) == {anna.pk: before.end - (AT - 26 * 60 * MINUTE)}


def test_dialogs_of_other_periods_do_not_count(anna):
    led(asked(ago=50 * 60 * MINUTE), anna, since=5 * MINUTE, until=MINUTE)

    assert of_today() == {}


@pytest.mark.postgres
def test_the_report_has_it_for_each_and_for_all(anna, boris):
    led(asked(ago=30 * MINUTE), anna, since=29 * MINUTE, until=20 * MINUTE)
    led(asked(ago=30 * MINUTE), boris, since=29 * MINUTE)

    report = build_report(last_days(1, at=AT), at=AT)

    assert report.operators[anna.pk].led == 9 * MINUTE
    assert report.operators[boris.pk].led == 29 * MINUTE
    assert report.led == 38 * MINUTE
