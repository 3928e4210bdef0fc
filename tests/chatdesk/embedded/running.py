"""A command that serves in a process of its own, started, asked and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.services.valkey import free_port

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 120


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python until it ends by itself; return what it said."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


class Running:
    """A Python command that listens on a free port and writes to a log."""

    def __init__(self, log: Path, *arguments: str, **variables: str) -> None:
        self.port = free_port()
        self._log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, *arguments, "--port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, **variables},
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - nothing of it takes a lock
            )

    def get(self, path: str) -> int:
        """Return the status of one page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Stop it; return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE_S)
        return time.monotonic() - began

    def said(self) -> str:
        """Return all that it has printed."""
        return self._log.read_text()


def _hear_ctrl_c() -> None:
    # Who is started in the background by a shell ignores it, and passes that on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(log: Path, *arguments: str, **variables: str) -> Iterator[Running]:
    """Run a command and wait until it says how it is stopped, or has ended."""
    command = Running(log, *arguments, **variables)
    try:
        wait_for(lambda: "Ctrl-C" in command.said() or command.process.poll())
        yield command
    finally:
        command.process.kill()
        command.process.wait()


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is true; fails when it never becomes true."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
