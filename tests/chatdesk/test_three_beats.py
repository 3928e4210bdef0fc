"""Three schedules that run by mistake do every periodic job once."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail

from chatdesk import worker
from chatdesk.models import Assignment, Effect, Entry
from tests.factories import make_led_conversation, make_operator
from tests.together import Together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

BEATS = 3
DIALOGS = 3
SECONDS = (21, 22, 40, 90)


def beat(at):
    worker.run_due(at=at)
    worker.sweep(at=at)


def test_alerts_steps_and_owners_are_the_same_as_of_one_schedule():
    operator = make_operator(capacity=DIALOGS)
    conversations = [make_led_conversation(operator) for _ in range(DIALOGS)]
    began = max(each.waiting_since for each in map(refreshed, conversations))
    with Together(BEATS) as threads:
        for seconds in SECONDS:
            at = began + timedelta(seconds=seconds)
            outcomes = threads.run([partial(beat, at)] * BEATS)
            assert outcomes == [None] * BEATS

    alerts = Effect.objects.filter(kind=Effect.Kind.NO_REPLY_ALERT)
    assert alerts.count() == DIALOGS
    assert set(alerts.values_list("state", flat=True)) == {"done"}
    ids = [each.extra_headers["Message-ID"] for each in mail.outbox]
    assert len(ids) == len(set(ids))
    for conversation in conversations:
        of_one = Assignment.objects.filter(conversation=conversation)
        assert of_one.filter(to_at__isnull=True).count() <= 1
        seqs = Entry.objects.filter(conversation=conversation).order_by("seq")
        numbers = list(seqs.values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def refreshed(conversation):
    conversation.refresh_from_db()
    return conversation
