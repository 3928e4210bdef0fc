"""The clock of a question, and the alert that is due at its limit."""

from datetime import timedelta

import pytest

from chatdesk.models import Conversation
from chatdesk.services.waiting import alert_key, start_waiting, stop_waiting
from tests.factories import NOON


def test_a_question_starts_the_clock_and_promises_one_alert():
    conversation = Conversation(pk=1)

    (promise,) = start_waiting(conversation, at=NOON)

    assert conversation.waiting_since == NOON
    assert promise.kind == "no_reply_alert"
    assert promise.due_at == NOON + timedelta(seconds=20)
    assert promise.conversation_id == 1


def test_a_clock_that_runs_is_not_started_again():
    conversation = Conversation(pk=1, waiting_since=NOON)

    assert start_waiting(conversation, at=NOON + timedelta(seconds=5)) == ()
    assert conversation.waiting_since == NOON


def test_the_limit_is_a_setting(settings):
    settings.CHATDESK = {"LIMIT": timedelta(seconds=45)}

    (promise,) = start_waiting(Conversation(pk=1), at=NOON)

    assert promise.due_at == NOON + timedelta(seconds=45)


def test_stopping_says_what_is_not_needed_any_more_once():
    conversation = Conversation(pk=1, waiting_since=NOON)

    assert stop_waiting(conversation) == ("no_reply_alert",)
    assert conversation.waiting_since is None
    assert stop_waiting(conversation) == ()


@pytest.mark.parametrize("later", [timedelta(microseconds=1), timedelta(days=1)])
def test_the_alert_of_one_question_is_never_that_of_the_next(later):
    conversation = Conversation(pk=1, waiting_since=NOON)
    first = alert_key(conversation)
    conversation.waiting_since = NOON + later

    assert alert_key(conversation) != first
    assert conversation.public_id.hex in first
