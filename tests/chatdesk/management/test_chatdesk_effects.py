"""The command for hosts without Celery."""

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from chatdesk import worker
from chatdesk.management.commands import chatdesk_effects
from chatdesk.models import Effect
from chatdesk.services.effects import Kind, Promise, promise_effects
from tests.factories import make_conversation

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 10


def promise_copies(count):
    """Let a visitor be owed copies; return when they were promised."""
    at = timezone.now()
    conversation = make_conversation(at=at - timedelta(minutes=1))
    Effect.objects.all().delete()
    promises = [
        Promise(
            kind=Kind.TRANSCRIPT_MAIL,
            conversation_id=conversation.pk,
            key=str(number),
            due_at=at,
            target="visitor@mail.example",
        )
        for number in range(count)
    ]
    promise_effects(promises, at=at)
    return at


def wait_for(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_once_does_all_that_is_due_however_much(monkeypatch):
    monkeypatch.setattr(worker, "AT_ONCE", 2)
    promise_copies(5)
    call_command("chatdesk_effects", "--once")
    assert len(mail.outbox) == 5


def test_once_takes_over_what_a_vanished_worker_left():
    at = promise_copies(1)
    Effect.objects.update(
        state=Effect.State.CLAIMED, claimed_until=at - timedelta(seconds=1)
    )
    call_command("chatdesk_effects", "--once")
    assert len(mail.outbox) == 1


def test_the_loop_works_until_the_signal_and_outlives_a_database_that_is_away(
    monkeypatch, caplog
):
    promise_copies(1)
    monkeypatch.setattr(chatdesk_effects, "TICK_S", 0.01)
    monkeypatch.setattr(chatdesk_effects, "close_old_connections", lambda: None)
    ticks = []

    def run_due(**kwargs):
        ticks.append(kwargs)
        if len(ticks) == 1:
            raise OperationalError
        return worker_run_due(**kwargs)

    worker_run_due = worker.run_due
    monkeypatch.setattr(worker, "run_due", run_due)

    def stop_later():
        wait_for(lambda: mail.outbox)
        os.kill(os.getpid(), signal.SIGTERM)

    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    stopper = threading.Thread(target=stop_later)
    stopper.start()
    try:
        call_command("chatdesk_effects")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stopper.join()
    assert len(mail.outbox) == 1
    assert len(ticks) >= 2
    assert "did not answer" in caplog.text
