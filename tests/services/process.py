"""Starting servers that end with us, and keeping one for the life of a process."""

import atexit
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")
SECONDS_TO_START = 120


class ServiceFailed(Exception):
    """A server that the tests need could not be had; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server to run: its command, its own folder, and how it is told to stop."""

    name: str
    command: Sequence[str]
    folder: Path
    identity: tuple[int, int] | None = None
    environment: dict[str, str] | None = None
    stop: signal.Signals = signal.SIGTERM


@contextmanager
def running(server: Server, *, is_ready: Callable[[], bool]) -> Iterator[None]:
    """Run the server under its guard; leaves nothing behind, however we end."""
    with tempfile.TemporaryFile() as log:
        uid, gid = server.identity or ("", "")
        guard = subprocess.Popen(
            [
                *(sys.executable, "-I", str(GUARD), str(server.folder)),
                *(str(uid), str(gid), server.stop.name),
                *server.command,
            ],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=server.environment,
            # Ctrl-C is for us; the guard hears of it by the end of its input.
            start_new_session=True,
        )
        try:
            if not wait_until(is_ready, lambda: guard.poll() is None):
                log.seek(0)
                text = log.read()[-4000:].decode(errors="replace")
                message = f"{server.name} did not start:\n{text}"
                raise ServiceFailed(message)
            yield
        finally:
            guard.communicate()


def wait_until(is_ready: Callable[[], bool], is_alive: Callable[[], bool]) -> bool:
    """Say whether it became ready; gives up when it died or took too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while is_alive() and time.monotonic() < deadline:
        if is_ready():
            return True
        time.sleep(0.05)
    return False


def url_of(variable: str, run: Callable[[], AbstractContextManager[str]]) -> str:
    """Return the URL from the environment, or start the server and put it there.

    A server that is started here stays up until this process ends. The processes that
    we start, such as the workers of pytest, find the URL in their environment.
    """
    if variable not in os.environ:
        stack = ExitStack()
        atexit.register(stack.close)
        os.environ[variable] = stack.enter_context(run())
    return os.environ[variable]
