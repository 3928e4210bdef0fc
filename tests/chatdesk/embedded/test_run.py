"""The whole stack as one process: started, talked to, asked for mail, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.services.valkey import free_port

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30
STOP_S = 3


COMMAND = ("-m", "django", "chatdesk_up", "--port")
PROMISE = """
import django
django.setup()
from tests.factories import make_conversation, make_operator
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
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python beside the stack, on the same database."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment_of(folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def environment_of(folder: Path) -> dict[str, str]:
    """Return what makes a process part of the host in this folder."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings.embedded",
        "EMBEDDED_FOLDER": str(folder),
    }


class Stack:
    """A running ``chatdesk_up`` with a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "log.txt"
        self.outbox = folder / "outbox"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *COMMAND, str(self.port)],
                cwd=ROOT,
                env=environment_of(folder),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def get(self, path: str) -> int:
        """Return the status of one page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def open_socket(self) -> socket.socket:
        """Open a visitor's web socket by hand; it is refused or kept, but answered."""
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        wire.sendall(
            b"GET /chatdesk/ws/visitor/ HTTP/1.1\r\n"
            b"Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert wire.recv(12).startswith(b"HTTP/1.1 ")
        return wire

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Stop it; return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE_S)
        return time.monotonic() - began

    def said(self) -> str:
        """Return all that it has printed."""
        return self.log.read_text()


def wait_for(condition) -> None:
    """Wait until something is true; fails when it never becomes true."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    running = Stack(tmp_path)
    try:
        wait_for(lambda: "Running at" in running.said() or running.process.poll())
        yield running
    finally:
        running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_stack_serves_works_and_stops_without_a_sound(stack, number):
    assert stack.get("/chatdesk/api/v1/visitor/status/") == 200
    assert stack.get("/static/admin/css/base.css") == 200
    wire = stack.open_socket()
    assert stack.stop(number) < STOP_S
    wire.close()
    assert stack.process.returncode == 0
    assert stack.said().splitlines() == [
        f"Running at http://127.0.0.1:{stack.port}/. Ctrl-C stops."
    ]


def test_the_stack_sends_what_is_due_before_anybody_visits(stack, tmp_path):
    promised = run(tmp_path, "-c", PROMISE)
    assert promised.returncode == 0, promised.stderr
    wait_for(lambda: stack.outbox.is_dir() and list(stack.outbox.iterdir()))
    stack.stop()
    (file,) = stack.outbox.iterdir()
    assert b"To: visitor@mail.example" in file.read_bytes()


def test_a_second_stack_on_the_port_says_that_it_is_taken(stack, tmp_path):
    second = run(tmp_path, *COMMAND, str(stack.port))
    assert second.returncode == 1
    assert f"Port {stack.port} is taken" in second.stderr
    assert "Traceback" not in second.stderr
