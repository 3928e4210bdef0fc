"""Three schedules that run by mistake do every periodic job once."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection
from psycopg.conninfo import make_conninfo

from chatdesk import worker
from chatdesk.models import (
    Assignment,
    Effect,
    Entry,
    Letter,
    PresencePeriod,
    ShopEvent,
    Visit,
)
from chatdesk.services.letters import LetterIntent, leave_letter
from tests.architecture.sources import ROOT
from tests.chatdesk.services.desks import ask, at_desk, steps
from tests.factories import (
    NOON,
    actor_of,
    make_conversation,
    make_led_conversation,
    make_operator,
)
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


# The same with three real processes, and with everything else that is periodic


@contextmanager
def a_beat(smtp) -> Iterator[subprocess.Popen[str]]:
    """Run a schedule on this test's database, ready to be told of a moment."""
    given = connection.settings_dict
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    parts |= {"host": "HOST", "port": "PORT"}
    known = {key: given[name] for key, name in parts.items() if given[name]}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings.postgres",
        "TEST_DATABASE_URL": make_conninfo(**known),
        "BEATS_SMTP_HOST": smtp.host,
        "BEATS_SMTP_PORT": str(smtp.port),
    }
    command = [sys.executable, "-m", "tests.beats"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def beat_at(processes, at):
    """Let all of them do at once what is due at a moment."""
    for process in processes:
        process.stdin.write(f"{at.isoformat()}\n")
        process.stdin.flush()
    assert [each.stdout.readline() for each in processes] == ["done\n"] * BEATS


def leave_a_letter():
    conversation = make_conversation(at=NOON - timedelta(hours=3), entries=())
    intent = LetterIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=conversation.public_id,
        text="Do you have the copper cezve?",
        contact="",
    )
    leave_letter(intent, at=NOON - timedelta(hours=3))


def test_three_processes_do_every_periodic_job_once(smtp_server):
    if connection.vendor != "postgresql":
        pytest.skip("Processes share no SQLite in memory.")
    asked = [ask(at=NOON) for _ in range(DIALOGS)]
    silent = at_desk("Silent", at=NOON - timedelta(hours=1))
    leave_a_letter()
    visit = Visit.objects.create(
        begun_at=NOON,
        seen_at=NOON,
        cart_total=90,
        cart_currency="EUR",
        cart_pieces=2,
        idle_at=NOON,
    )
    with ExitStack() as stack:
        beats = [stack.enter_context(a_beat(smtp_server)) for _ in range(BEATS)]
        assert [each.stdout.readline() for each in beats] == ["ready\n"] * BEATS
        for seconds in (22, 42, 62, 602):
            beat_at(beats, NOON + timedelta(seconds=seconds))

    for conversation in asked:
        assert steps(conversation) == ["red", "tell", "rescue", "left"]
    effects = Counter(Effect.objects.values_list("kind", flat=True))
    assert effects[Effect.Kind.NO_REPLY_ALERT] == DIALOGS
    assert effects[Effect.Kind.MANAGER_ALERT] == DIALOGS
    assert effects[Effect.Kind.LETTER_ALERT] == Letter.objects.count() == 1
    assert effects[Effect.Kind.DIGEST] == 1
    assert set(Effect.objects.values_list("attempts", flat=True)) <= {0, 1}
    sent = Effect.objects.filter(state="done").count()
    ids = [each["Message-ID"] for each in smtp_server.messages]
    assert len(ids) == len(set(ids)) == sent
    assert ShopEvent.objects.filter(visit=visit, kind="idle_cart").count() == 1
    ended = PresencePeriod.objects.filter(operator=silent, state="offline")
    assert ended.count() == 1
