"""The whole stack as one process: started, talked to, asked for mail, stopped."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.chatdesk.embedded.running import Running, run, running, wait_for

STOP_S = 5
COMMAND = ("-m", "django", "chatdesk_up")
TALK = """
import django
django.setup()
from tests.factories import make_conversation, make_operator
from tests.sockets import visitor_cookie
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.transcripts import request_transcript
from django.utils import timezone

said = (("visitor", "In stock?"), ("operator", "Yes."))
conversation = make_conversation(operator=make_operator(), entries=said)
request_transcript(
    conversation_id=conversation.pk,
    actor=actor_of(conversation.visitor),
    email="visitor@mail.example",
    at=timezone.now(),
)
print(visitor_cookie(conversation.visitor))
"""


@pytest.fixture
def host(tmp_path: Path) -> dict[str, str]:
    """Return the variables that make a process part of one host."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.settings.embedded",
        "EMBEDDED_FOLDER": str(tmp_path),
    }


@pytest.fixture
def stack(tmp_path: Path, host: dict[str, str]) -> Iterator[Running]:
    with running(tmp_path / "log.txt", *COMMAND, **host) as command:
        yield command


@pytest.fixture
def cookie(stack: Running, host: dict[str, str]) -> str:
    """Let a visitor be answered and ask for a copy; return his cookie."""
    talked = run("-c", TALK, **host)
    assert talked.returncode == 0, talked.stderr
    return talked.stdout.strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_stack_serves_and_stops_without_a_sound(stack, cookie, number):
    assert stack.get("/chatdesk/api/v1/visitor/status/") == 200
    assert stack.get("/static/admin/css/base.css") == 200
    with connect(
        f"ws://127.0.0.1:{stack.port}/chatdesk/ws/visitor/",
        origin=f"http://127.0.0.1:{stack.port}",
        additional_headers={"Cookie": cookie},
    ) as wire:
        wire.send(json.dumps({"type": "hello", "v": 1}))
        assert json.loads(wire.recv(timeout=10))["type"] == "welcome"
        assert stack.stop(number) < STOP_S
    assert stack.process.returncode == 0
    assert stack.said().splitlines() == [
        f"Running at http://127.0.0.1:{stack.port}/. Ctrl-C stops."
    ]


def test_the_stack_sends_what_is_due_before_anybody_visits(stack, cookie, tmp_path):
    outbox = tmp_path / "outbox"
    wait_for(lambda: outbox.is_dir() and list(outbox.iterdir()))
    stack.stop()
    (file,) = outbox.iterdir()
    assert b"To: visitor@mail.example" in file.read_bytes()


def test_a_taken_port_is_told_in_a_sentence(stack, host):
    second = run(*COMMAND, "--port", str(stack.port), **host)
    assert second.returncode == 1
    assert f"Port {stack.port} is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_an_address_of_another_machine_is_told_in_a_sentence(host):
    failed = run(*COMMAND, "--host", "192.0.2.1", **host)
    assert failed.returncode == 1
    assert "Cannot listen on 192.0.2.1:8000" in failed.stderr
    assert "Traceback" not in failed.stderr
