"""What watching visits costs a served page: a real server, asked over HTTP.

    python -m bench.served_pages

Two servers of the demo shop stand beside each other on one database, one that watches
visits and one that does not; a process of its own asks them in turn, at 200 pages a
second or at the highest rate that the server holds. Servers and database are on one
core, whoever asks on another. What the processes used is read from the system, the
writing of visits and the database's work included.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.servers import LOADED_BY, SERVED_BY, TICKS, answers, pin, used_seconds
from tests.services.postgres import run_postgres
from tests.services.process import wait_until
from tests.services.valkey import free_port

WANTED = 200.0
HELD = 0.8
"""So much of the highest rate is asked for, where 200 pages a second are too many."""

UVICORN = ("uvicorn", "--log-level", "warning", "--no-access-log")
COMMANDS = {
    "uvicorn": (*UVICORN, "shop_demo.asgi:application"),
    "daphne": ("daphne", "-v", "0", "--no-server-name", "shop_demo.asgi:application"),
    "wsgi": (*UVICORN, "--interface", "wsgi", "shop_demo.wsgi:application"),
}
"""Under WSGI the shop answers in ten threads, and a thread of its own writes visits."""

SIDES = {"off": "off", "on": "notice"}


@dataclass(frozen=True)
class Shop:
    """One server of the shop that answers."""

    port: int
    pid: int


def main() -> None:
    """Serve the shop on each database, measure it, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.served_pages")
    parser.add_argument("--server", choices=COMMANDS, default="uvicorn")
    parser.add_argument(
        "--database", choices=("sqlite", "postgres"), default="postgres"
    )
    parser.add_argument("--seconds", type=float, default=6.0, help="a round")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with ExitStack() as stack:
        environment = prepare(stack, given.database)
        shops = {
            side: stack.enter_context(serve(given.server, environment, tracking))
            for side, tracking in SIDES.items()
        }
        pin(LOADED_BY)
        result = {
            kind: measure(shops, kind, seconds=given.seconds, rounds=given.rounds)
            for kind in ("shop", "light")
        }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def prepare(stack: ExitStack, database: str) -> dict[str, str]:
    """Make a database with the catalogue; return what the servers must know."""
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    environment = {
        "SHOP_VAR": folder,
        "SHOP_DEBUG": "",
        "BENCH_TRACKING": "off",
        "DJANGO_SETTINGS_MODULE": "bench.served_settings",
    }
    if database == "postgres":
        environment["DATABASE_URL"] = stack.enter_context(run_postgres(durable=True))
    fill = (
        "import django; django.setup();"
        "from django.core.management import call_command as call;"
        "call('migrate', verbosity=0);"
        "from shop_demo.seeding.catalogue import seed_catalogue as seed; seed()"
    )
    subprocess.run(
        [sys.executable, "-c", fill], check=True, env={**os.environ, **environment}
    )
    return environment


@contextmanager
def serve(server: str, environment: dict[str, str], tracking: str) -> Iterator[Shop]:
    """Run one server of the shop until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", *COMMANDS[server]]
    command += ["--port", str(port)]
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment, "BENCH_TRACKING": tracking},
        preexec_fn=lambda: pin(SERVED_BY),  # noqa: PLW1509 - single-threaded here
    )
    try:
        if not wait_until(lambda: answers(port), lambda: process.poll() is None):
            raise RuntimeError(f"{server} did not start")
        yield Shop(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def measure(
    shops: dict[str, Shop], kind: str, *, seconds: float, rounds: int
) -> dict[str, Any]:
    """Return what a page costs on both sides, and the ratio."""
    for shop in shops.values():
        ask(shop, rate=0, seconds=2, kind=kind)
    highest = ask(shops["off"], rate=0, seconds=seconds, kind=kind)["rate"]
    rate = min(WANTED, highest * HELD)
    found: dict[str, list[dict[str, float]]] = {side: [] for side in shops}
    for _round in range(rounds):
        for side, shop in shops.items():
            found[side].append(ask(shop, rate=rate, seconds=seconds, kind=kind))
    off, on = (
        statistics.median(each["ms"] for each in found[side]) for side in ("off", "on")
    )
    return {
        "highest_rate": round(highest, 1),
        "rate": round(rate, 1),
        "off_ms": round(off, 2),
        "on_ms": round(on, 2),
        "more_ms": round(on - off, 2),
        "ratio": round(on / off, 3),
        "rounds": found,
    }


def ask(shop: Shop, *, rate: float, seconds: float, kind: str) -> dict[str, float]:
    """Let pages be asked for; return what the server and the database used for each."""
    before = cpu_seconds(shop.pid), used_seconds()["postgres"]
    command = [sys.executable, "-m", "bench.page_load"]
    command += [str(shop.port), str(rate), str(seconds), kind]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, float] = json.loads(told)
    if figures["refused"]:
        raise RuntimeError(f"{figures['refused']} pages were refused")
    server = (cpu_seconds(shop.pid) - before[0]) * 1000 / figures["views"]
    database = (used_seconds()["postgres"] - before[1]) * 1000 / figures["views"]
    return {
        **{name: round(value, 1) for name, value in figures.items()},
        "server_ms": round(server, 3),
        "database_ms": round(database, 3),
        "ms": round(server + database, 3),
    }


def cpu_seconds(pid: int) -> float:
    """Return the processor time of one process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
