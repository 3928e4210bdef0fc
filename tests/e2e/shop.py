"""The shop under test: a real process that can be killed and started again."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.services.process import GUARD, ServiceFailed, wait_until
from tests.services.valkey import free_port
from tests.services.web import UVICORN, server_of_this_run

ROOT = Path(__file__).resolve().parent.parent.parent
STATUS = "/chatdesk/api/v1/visitor/status/"
OF_THIS_MACHINE = ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST", "SHOP_SITE_URL")


class Shop:
    """``make demo`` with data of its own; the same port and data after a restart."""

    def __init__(self, folder: Path, *, settings: str = "tests.e2e.settings") -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "demo.sqlite3"
        self._log = folder / "server.log"
        self._settings = settings
        self._read = 0
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    def start(self) -> None:
        """Start, and wait until pages are served; the first time fills the shop."""
        scratch = tempfile.mkdtemp(prefix="chatdesk-shop-", dir=self.folder)
        with self._log.open("ab") as log:
            # A session of its own is a group that can be killed as one.
            guard = self._guard = subprocess.Popen(
                [
                    *(sys.executable, "-I", str(GUARD), scratch, "", "", "SIGTERM"),
                    *self._command(),
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                start_new_session=True,
            )
        if not wait_until(self._answers, lambda: guard.poll() is None):
            message = f"The shop did not start:\n{self._log.read_text()[-4000:]}"
            raise ServiceFailed(message)

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self._guard is not None:
            os.killpg(self._guard.pid, signal.SIGKILL)
            self._close()

    def stop(self) -> None:
        """End the process as Ctrl-C would."""
        self._close()

    def new_errors(self) -> list[str]:
        """Return what the server has complained of since the last time."""
        with self._log.open(encoding="utf-8") as log:
            log.seek(self._read)
            lines = log.read().splitlines()
            self._read = log.tell()
        return [line for line in lines if " ERROR " in line or "Traceback" in line]

    def _close(self) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()

    def _command(self) -> list[str]:
        if server_of_this_run() == UVICORN:
            return [sys.executable, "-m", "tests.e2e.serve", str(self.port)]
        demo = (sys.executable, str(ROOT / "manage.py"), "demo")
        return [*demo, "--port", str(self.port)]

    def _environment(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": self._settings,
            "SHOP_VAR": str(self.folder),
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in OF_THIS_MACHINE
        }
        return {**kept, **own}

    def _answers(self) -> bool:
        try:
            with urlopen(self.url + STATUS, timeout=5) as response:  # noqa: S310 - ours
                return bool(response.status == 200)
        except (URLError, OSError):
            return False
