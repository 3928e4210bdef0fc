"""The clock of a question, and the moment when it raises the alert."""

from datetime import timedelta

import pytest

from chatdesk.models import Conversation
from chatdesk.services.waiting import alert_key, start_waiting, stop_waiting
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
