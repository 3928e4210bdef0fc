"""A server that may be killed, frozen and started again on its own port.

Each start runs under the guard of ``tests.services``, so that nothing outlives us.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.services.process import GUARD

PATIENCE_S = 60.0
WITH_PID = 'echo $$ > "$0"; exec "$@"'


class Guarded:
    """One server: its command, its folder for notes and output, and its process."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        environment: dict[str, str] | None = None,
        identity: tuple[int, int] | None = None,
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._command = command
        self._folder = folder
        self._environment = environment
        self._identity = identity
        self._guard: subprocess.Popen[bytes] | None = None
        self._starts = 0

    @property
    def pid(self) -> int:
        """The id of the server's process."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            text = self._pid_file.read_text() if self._pid_file.exists() else ""
            if text.strip():
                return int(text)
            time.sleep(0.01)
        raise TimeoutError(self.name)

    @property
    def is_running(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    def start(self) -> None:
        """Start the server; it answers a little later."""
        if self.is_running:
            return
        self._starts += 1
        scratch = self._folder / f"{self.name}-{self._starts}"
        scratch.mkdir()
        uid, gid = self._identity or ("", "")
        if self._identity:
            os.chown(scratch, *self._identity)
        # Outside the scratch folder, which the guard takes away with the server.
        self._pid_file = self._folder / f"{self.name}-{self._starts}.pid"
        self._pid_file.touch()
        if self._identity:
            os.chown(self._pid_file, *self._identity)
        shell = ["sh", "-c", WITH_PID, str(self._pid_file), *self._command]
        with self.log.open("ab") as log:
            self._guard = subprocess.Popen(
                [
                    *(sys.executable, "-I", str(GUARD), str(scratch)),
                    *(str(uid), str(gid), "SIGKILL", *shell),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the server's process."""
        if self.is_running:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal that ends the server, and wait for its end."""
        if self._guard is None:
            return
        self.send(number)
        # One that was frozen hears nothing else until it goes on.
        self.send(signal.SIGCONT)
        try:
            self._guard.wait(PATIENCE_S / 4)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            self._guard.wait(PATIENCE_S)
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard = None

    def wait_for(self, is_ready: Callable[[], bool]) -> None:
        """Wait until the started server is ready."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_ready():
            if not self.is_running or time.monotonic() > deadline:
                text = self.log.read_text(errors="replace")[-4000:]
                raise RuntimeError(f"{self.name} did not start:\n{text}")
            time.sleep(0.05)
