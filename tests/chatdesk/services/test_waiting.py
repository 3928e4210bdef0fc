"""The clock of a question, and the moment when it raises the alert."""

from datetime import timedelta

import pytest

from chatdesk.models import Conversation
from chatdesk.services.waiting import (
    COMES_BACK,
    alert_key,
    seek_place,
    start_waiting,
    stop_waiting,
)
from tests.chatdesk.services.desks import MINUTE
from tests.factories import NOON


def test_a_question_starts_the_clock_towards_one_alert():
    conversation = Conversation(pk=1)

    start_waiting(conversation, at=NOON)

    assert conversation.waiting_since == NOON
    assert conversation.alert_at == NOON + timedelta(seconds=20)


def test_a_clock_that_runs_is_not_started_again():
    conversation = Conversation(pk=1, waiting_since=NOON, alert_at=None)

    start_waiting(conversation, at=NOON + timedelta(seconds=5))

    assert conversation.waiting_since == NOON
    assert conversation.alert_at is None


def test_the_limit_is_a_setting(settings):
    settings.CHATDESK = {"LIMIT": timedelta(seconds=45)}

    conversation = Conversation(pk=1)

    start_waiting(conversation, at=NOON)

    assert conversation.alert_at == NOON + timedelta(seconds=45)


def test_stopping_the_clock_forgets_the_alert():
    conversation = Conversation(pk=1)
    start_waiting(conversation, at=NOON)

    stop_waiting(conversation)

    assert conversation.waiting_since is None
    assert conversation.alert_at is None


@pytest.mark.parametrize("later", [timedelta(microseconds=1), timedelta(days=1)])
def test_the_alert_of_one_question_is_never_that_of_the_next(later):
    conversation = Conversation(pk=1, waiting_since=NOON)
    first = alert_key(conversation)
    conversation.waiting_since = NOON + later

    assert alert_key(conversation) != first
    assert conversation.public_id.hex in first


# The line


def waiting(**fields):
    return Conversation(pk=1, **{"status": "waiting", **fields})


@pytest.mark.parametrize("head_start", [0, 1, 3600])
def test_a_head_start_counts_as_time_waited(head_start):
    conversation = waiting(head_start=head_start)

    start_waiting(conversation, at=NOON)

    assert conversation.line_at == NOON - timedelta(seconds=head_start)
    assert conversation.waiting_since == NOON


def test_a_question_is_heard_although_the_clock_runs():
    conversation = waiting(waiting_since=NOON, heard_at=NOON)

    start_waiting(conversation, at=NOON + MINUTE)

    assert conversation.heard_at == NOON + MINUTE
    assert conversation.waiting_since == NOON


@pytest.mark.parametrize(
    ("status", "heard_before", "comes_back"),
    [
        ("open", timedelta(minutes=10), True),
        ("open", timedelta(minutes=9, seconds=59), False),
        ("waiting", timedelta(hours=1), False),
        ("closed", timedelta(hours=1), False),
    ],
)
def test_who_was_quiet_in_a_dialog_that_goes_on_comes_first_in_line(
    status, heard_before, comes_back
):
    conversation = waiting(status=status, heard_at=NOON - heard_before)

    start_waiting(conversation, at=NOON)

    gained = COMES_BACK if comes_back else timedelta()
    assert conversation.line_at == NOON - gained
    assert conversation.route_at == (NOON if comes_back else None)


def test_who_comes_back_keeps_his_head_start_too():
    conversation = waiting(
        status="open", heard_at=NOON - timedelta(hours=1), head_start=60
    )

    start_waiting(conversation, at=NOON)

    assert conversation.line_at == NOON - COMES_BACK - MINUTE


def test_an_old_question_starts_the_ladder_anew():
    conversation = waiting(step=4)

    start_waiting(conversation, at=NOON)

    assert conversation.step == 0


def test_stopping_leaves_the_line_and_the_search():
    conversation = waiting(step=3, route_at=NOON)
    start_waiting(conversation, at=NOON)

    stop_waiting(conversation)

    found = (conversation.line_at, conversation.route_at, conversation.step)
    assert found == (None, None, 0)


@pytest.mark.parametrize(("since", "sought"), [(NOON, True), (None, False)])
def test_a_place_is_sought_only_where_somebody_waits(since, sought):
    conversation = waiting(waiting_since=since)

    seek_place(conversation, at=NOON + MINUTE)

    assert conversation.route_at == (NOON + MINUTE if sought else None)
