"""The production path as real processes: web processes, PostgreSQL and Valkey.

Everybody reaches everybody through a fault proxy. Each process can be killed, frozen
and started again where it was.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.faults.guarded import Guarded
from tests.faults.proxy import Proxy
from tests.services.postgres import answers as postgres_answers
from tests.services.postgres import binaries_for, initialise, own_identity
from tests.services.valkey import answers as valkey_answers
from tests.services.valkey import find_program, free_port
from tests.services.web import web_command

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARED = "prepared"


class Stack:
    """All servers of one bench, and the proxies between them."""

    def __init__(
        self, folder: Path, *, server: str, webs: int = 2, workers: int = 0
    ) -> None:
        self.folder = folder
        self._identity = own_identity()
        self._server = server
        self.valkey_port = free_port()
        self.web_ports = [free_port() for _ in range(webs)]
        self.postgres = Guarded(
            "postgres",
            self._postgres_command(),
            folder=folder,
            identity=self._identity,
        )
        self.valkey = Guarded(
            "valkey",
            [
                *(find_program(), "--bind", "127.0.0.1"),
                *("--port", str(self.valkey_port), "--save", "", "--appendonly", "no"),
            ],
            folder=folder,
        )
        self.webs: list[Guarded] = []
        # Workers of Celery, and its beat behind them; without any, web processes tick.
        self.workers: list[Guarded] = []
        self._worker_count = workers

    @contextmanager
    def running(self, *, seed: int) -> Iterator[None]:
        """Run PostgreSQL, Valkey and the proxies until the block ends."""
        with ExitStack() as stack:
            stack.callback(self.end)
            self.postgres.start()
            self.valkey.start()
            self.wait_for_postgres()
            self.valkey.wait_for(lambda: valkey_answers(self.valkey_url))
            target = str(self.folder / ".s.PGSQL.5432")
            self.to_postgres = stack.enter_context(Proxy(target, seed=seed))
            self.to_valkey = stack.enter_context(
                Proxy(("127.0.0.1", self.valkey_port), seed=seed)
            )
            self.to_webs = [
                stack.enter_context(
                    Proxy(("127.0.0.1", port), seed=seed + port, knows_frames=True)
                )
                for port in self.web_ports
            ]
            yield

    @property
    def valkey_url(self) -> str:
        return f"redis://127.0.0.1:{self.valkey_port}"

    @property
    def proxies(self) -> list[Proxy]:
        return [*self.to_webs, self.to_valkey, self.to_postgres]

    def url(self, database: str) -> str:
        """Return the address of a database for ourselves, past the proxy."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def environment(self, database: str, *, is_direct: bool) -> dict[str, str]:
        """Return what the settings of the bench read from the environment."""
        url = f"postgresql://postgres@127.0.0.1:{self.to_postgres.port}/{database}"
        return {
            "DJANGO_SETTINGS_MODULE": "tests.settings.faults",
            "CHATDESK_TEST_FOLDER": str(self.folder),
            "FAULTS_FOLDER": str(self.mails(database)),
            "FAULTS_DATABASE": self.url(database) if is_direct else url,
            "FAULTS_CELERY": "1" if self._worker_count else "",
            "FAULTS_REDIS": f"redis://127.0.0.1:{self.to_valkey.port}",
            "PYTHONPATH": str(ROOT),
        }

    def mails(self, database: str) -> Path:
        """Return the folder in which the host of a database writes down its mails."""
        folder = self.folder / f"mails-{database}"
        folder.mkdir(exist_ok=True)
        return folder

    def create(self, database: str, *, template: str = "template1") -> None:
        """Make a database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def start_webs(self, database: str, *, broken: str = "") -> None:
        """Start the web processes and wait until each listens."""
        environment = {
            **os.environ,
            **self.environment(database, is_direct=False),
            "FAULTS_BROKEN": broken,
        }
        environment.pop("PYTEST_XDIST_WORKER", None)
        self.webs = [
            Guarded(
                f"{database}-web{number}",
                self._web_command(port),
                folder=self.folder,
                environment={
                    **environment,
                    "FAULTS_CLOCK": str(self._clock_file(number)),
                    "FAULTS_NEWER": str(self._newer_file(number)),
                },
            )
            for number, port in enumerate(self.web_ports)
        ]
        names = [f"worker{number}" for number in range(self._worker_count)]
        self.workers = [
            Guarded(
                f"{database}-{name}",
                self._celery_command(name),
                folder=self.folder,
                environment=environment,
            )
            for name in (*names, *(["beat"] if names else []))
        ]
        for each in (*self.webs, *self.workers):
            each.start()
        for web, port in zip(self.webs, self.web_ports, strict=True):
            web.wait_for(lambda port=port: listens(port))

    def set_clock(self, number: int, off: float) -> None:
        """Let the clock of a web process be so many seconds off, at once."""
        written = self.folder / "clock"
        written.write_text(str(off))
        written.rename(self._clock_file(number))

    def deploy_newer(self, number: int) -> None:
        """Restart a web process in good order, as one of a release yet to come."""
        self._newer_file(number).touch()
        self.webs[number].end(signal.SIGTERM)
        self.webs[number].start()

    def _newer_file(self, number: int) -> Path:
        return self.folder / f"web{number}.newer"

    def _clock_file(self, number: int) -> Path:
        return self.folder / f"web{number}.clock"

    def end_webs(self) -> None:
        for each in (*self.webs, *self.workers):
            each.end()

    def wait_for_postgres(self) -> None:
        """Wait until PostgreSQL has started, or has recovered from a crash."""
        self.postgres.wait_for(lambda: postgres_answers(self.url("postgres")))

    def crash_postgres(self) -> None:
        """End PostgreSQL as a crash does: nothing is flushed, recovery follows."""
        self.thaw_postgres()
        self.postgres.end(signal.SIGQUIT)

    def freeze_postgres(self) -> None:
        for pid in self._postgres_pids():
            _signal(pid, signal.SIGSTOP)

    def thaw_postgres(self) -> None:
        for pid in self._postgres_pids():
            _signal(pid, signal.SIGCONT)

    def terminate_backends(self, database: str) -> None:
        """End every session of the web processes at once."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [database],
            )

    def end(self) -> None:
        self.end_webs()
        self.valkey.end()
        self.crash_postgres()

    def _postgres_pids(self) -> list[int]:
        if not self.postgres.is_running:
            return []
        pid = self.postgres.pid
        found = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        )
        return [pid, *(int(each) for each in found.stdout.split())]

    def _postgres_command(self) -> list[str]:
        binaries = binaries_for(self._identity, self.folder)
        initialise(binaries, self.folder, self._identity)
        return [
            *(str(binaries / "postgres"), "-D", str(self.folder / "data")),
            *("-k", str(self.folder), "-c", "listen_addresses="),
        ]

    def _celery_command(self, name: str) -> list[str]:
        app = [sys.executable, "-m", "celery", "-A", "tests.faults.celery_app"]
        if name == "beat":
            state = str(self.folder / "beat-schedule")
            return [*app, "beat", "--pidfile=", "-s", state]
        apart = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return [*app, "worker", "--pool", "solo", "-n", f"{name}@bench", *apart]

    def _web_command(self, port: int) -> list[str]:
        return web_command(
            "tests.faults.asgi:application", port=port, server=self._server
        )


@contextmanager
def running_stack(*, server: str, seed: int, workers: int = 0) -> Iterator[Stack]:
    """Yield a stack whose database ``prepared`` has chatdesk's tables."""
    # A socket's path must be short, and root's server must be able to get there.
    with tempfile.TemporaryDirectory(prefix="chatdesk-faults-", dir="/tmp") as name:
        folder = Path(name)
        stack = Stack(folder, server=server, workers=workers)
        with stack.running(seed=seed):
            stack.create(PREPARED)
            yield stack


def listens(port: int) -> bool:
    """Return whether somebody accepts connections on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
