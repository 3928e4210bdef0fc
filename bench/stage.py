"""Database, layer, people and server of one benchmark."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.servers import LOADED_BY, SERVED_BY, Running, pin, pin_tree, run_server
from tests.services.postgres import run_postgres
from tests.services.valkey import run_valkey


@dataclass(frozen=True)
class Plan:
    """What to measure, on what, and for how long."""

    server: str = "daphne"
    database: str = "postgres"
    layer: str = "redis"
    conversations: int = 200
    operators: int = 40
    seconds: float = 10.0
    rounds: int = 3
    alone: bool = False
    processes: int = 1
    rate: float = 0.0
    talking: int = 0
    stored: int = 0


@dataclass(frozen=True)
class Stage:
    """What the server is run on, and the people who talk."""

    server: str
    processes: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    cast: Any = None

    @contextmanager
    def run(self, application: str = "chatdesk") -> Iterator[Running]:
        """Run the web servers, they and their services on one core, us on another."""
        serve = {**self.environment, "BENCH_APPLICATION": application}
        is_peer = application == "socketio"
        server = application if is_peer else self.server
        with ExitStack() as stack:
            running = [
                stack.enter_context(run_server(server, serve))
                for _ in range(1 if is_peer else self.processes)
            ]
            pin_tree(SERVED_BY)
            pin(LOADED_BY)
            yield Running(tuple(each.port for each in running), running[0].pid)


@contextmanager
def set_stage(plan: Plan) -> Iterator[Stage]:
    """Start what the server needs and fill its database."""
    with ExitStack() as stack:
        environment = {}
        if plan.database == "postgres":
            url = stack.enter_context(run_postgres(durable=True))
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite://{folder}/bench.sqlite3"
        environment["BENCH_DATABASE"] = url
        if plan.layer == "redis":
            environment["BENCH_REDIS"] = stack.enter_context(run_valkey())
        cast = _fill(environment, plan)
        yield Stage(plan.server, plan.processes, environment, cast)


def _fill(environment: dict[str, str], plan: Plan) -> Any:
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="bench.settings")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"],
        check=True,
    )
    import django  # noqa: PLC0415 - the settings had to be known first

    django.setup()
    from bench.people import make_cast, store_messages  # noqa: PLC0415 - needs Django set up

    store_messages(plan.stored)
    return make_cast(conversations=plan.conversations, operators=plan.operators)
