"""Starts what is measured and reads from the system what it used."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.socketio.command import command_of
from tests.services.process import wait_until
from tests.services.valkey import free_port

TICKS = os.sysconf("SC_CLK_TCK")
SERVED_BY, LOADED_BY = 0, 1


@dataclass(frozen=True)
class Running:
    """Web servers that answer: visitors are on the first, operators on the last."""

    ports: tuple[int, ...]
    pid: int

    @property
    def port(self) -> int:
        """Return where visitors come."""
        return self.ports[0]

    @property
    def operators_port(self) -> int:
        """Return where operators come."""
        return self.ports[-1]


@contextmanager
def run_server(server: str, environment: Mapping[str, str]) -> Iterator[Running]:
    """Run one web process of the measured host until the block ends."""
    port = free_port()
    if server == "socketio":
        url = environment["BENCH_DATABASE"]
        command, added = command_of(port=port, database=url)
    else:
        command, added = _command(server, port), {}
    process = subprocess.Popen(
        command,
        env={
            **os.environ,
            **environment,
            **added,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        },
        preexec_fn=lambda: pin(SERVED_BY),  # noqa: PLW1509 - single-threaded here
    )
    try:
        if not wait_until(lambda: answers(port), lambda: process.poll() is None):
            raise RuntimeError(f"{server} did not start")
        yield Running((port,), process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(server: str, port: int) -> list[str]:
    commands = {
        "daphne": ["daphne", "-e", _endpoint(port), "--no-server-name"],
        "uvicorn": [
            *("uvicorn", "--port", str(port), "--log-level", "warning"),
            *("--ws", "websockets-sansio", "--no-access-log"),
        ],
    }
    command = [sys.executable, "-m", *commands[server]]
    if server == "daphne":
        command += ["--websocket_connect_timeout", "60", "-v", "0"]
    return [*command, "bench.asgi:application"]


def _endpoint(port: int) -> str:
    # As docs/operations.md says: with -p and -b only 50 may wait to be let in.
    return f"tcp:port={port}:interface=127.0.0.1:backlog=1024"


def pin(core: int) -> None:
    """Keep this process on one core, if there is more than one."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {core})


def used_seconds() -> dict[str, float]:
    """Return CPU seconds by kind of process, of all that this process started."""
    children: dict[int, list[int]] = {}
    used: dict[int, tuple[str, float]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (
                (entry / "stat").read_text().partition("(")[2].rpartition(")")
            )
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = rest.split()
        pid, parent = int(entry.name), int(fields[1])
        children.setdefault(parent, []).append(pid)
        # Own time, and that of children that have ended and been waited for.
        used[pid] = name, sum(int(fields[place]) for place in (11, 12, 13, 14)) / TICKS
    totals = {"server": 0.0, "postgres": 0.0, "redis": 0.0}
    waiting = list(children.get(os.getpid(), []))
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        name, seconds = used.get(pid, ("", 0.0))
        totals[_kind(name)] += seconds
    return totals


def pin_tree(core: int) -> None:
    """Put everything that this process started on one core."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            name = (entry / "comm").read_text().strip()
            if _kind(name) != "server":
                os.sched_setaffinity(int(entry.name), {core})
        except (FileNotFoundError, ProcessLookupError, PermissionError, OSError):
            continue


def _kind(name: str) -> str:
    if name.startswith("postgres"):
        return "postgres"
    if name.startswith(("valkey", "redis")):
        return "redis"
    return "server"


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/none/", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
