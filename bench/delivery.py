"""What a durable delivered message costs, beside a chat as the tutorial teaches it.

A message counts when it is committed and the other side's socket has received it. The
server, PostgreSQL and Redis share one core, the load comes from another, so that the
rate at saturation and the CPU time a message tell the same story.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.servers import (
    LOADED_BY,
    SERVED_BY,
    Running,
    pin,
    pin_tree,
    run_server,
    used_seconds,
)
from tests.services.postgres import run_postgres
from tests.services.valkey import run_valkey

WARM_UP_S = 3.0


@dataclass(frozen=True)
class Plan:
    """What to measure and for how long."""

    server: str = "daphne"
    database: str = "postgres"
    layer: str = "redis"
    conversations: int = 200
    operators: int = 40
    seconds: float = 10.0
    rounds: int = 3
    alone: bool = False


def measure_delivery(plan: Plan) -> dict[str, Any]:
    """Measure chatdesk and the tutorial in turn, in one sitting; return all figures."""
    kinds = ["chatdesk"] if plan.alone else ["chatdesk", "tutorial"]
    figures: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    with _database(plan) as environment:
        cast = _prepare(plan, environment)
        for _ in range(plan.rounds):
            for kind in kinds:
                figures[kind].append(_measure(kind, plan, cast, environment))
    medians = {kind: _median(rows) for kind, rows in figures.items()}
    result: dict[str, Any] = {"plan": plan.__dict__, "rounds": figures, **medians}
    if not plan.alone:
        result["tutorial_over_chatdesk"] = round(
            medians["tutorial"]["cpu_us"]["total"]
            / medians["chatdesk"]["cpu_us"]["total"],
            1,
        )
    return result


def describe(result: dict[str, Any]) -> str:
    """Return the figures as lines for people."""
    lines = []
    for kind in ("chatdesk", "tutorial"):
        if kind in result:
            row = result[kind]
            parts = ", ".join(f"{name} {us}" for name, us in row["cpu_us"].items())
            lines.append(
                f"{kind:9} {row['per_second']:>6} messages/s   CPU µs: {parts}"
                f"   p50 {row['p50_ms']} ms, p99 {row['p99_ms']} ms"
                f"   sockets lost {row['sockets_lost']}"
            )
    if "tutorial_over_chatdesk" in result:
        lines.append(f"tutorial / chatdesk: {result['tutorial_over_chatdesk']}")
    return "\n".join(lines)


@contextmanager
def _database(plan: Plan) -> Iterator[dict[str, str]]:
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
        yield environment


def _prepare(plan: Plan, environment: dict[str, str]) -> Any:
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="bench.settings")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"],
        check=True,
    )
    import django  # noqa: PLC0415 - the settings had to be known first

    django.setup()
    from bench.people import make_cast  # noqa: PLC0415 - needs Django set up

    return make_cast(conversations=plan.conversations, operators=plan.operators)


def _measure(
    kind: str, plan: Plan, cast: Any, environment: dict[str, str]
) -> dict[str, Any]:
    from bench import talkers  # noqa: PLC0415 - needs Django set up

    begin = getattr(talkers, f"talk_on_{kind}")
    serve = {**environment, "BENCH_APPLICATION": kind}
    with run_server(plan.server, serve) as running:
        pin_tree(SERVED_BY)
        pin(LOADED_BY)
        group = talkers.Talkers()
        talk = partial(begin, running.port, cast, group)
        return asyncio.run(_run(talk, group, running, plan.seconds))


async def _run(
    talk: Callable[[], Any], group: Any, _running: Running, seconds: float
) -> dict[str, Any]:
    await talk()
    await asyncio.sleep(WARM_UP_S)
    pin_tree(SERVED_BY)
    group.count.delivered, group.count.seconds = 0, []
    before, began = used_seconds(), time.perf_counter()
    await asyncio.sleep(seconds)
    after, lasted = used_seconds(), time.perf_counter() - began
    delivered, latencies = group.count.delivered, sorted(group.count.seconds)
    group.is_over = True
    lost = group.closed()
    for socket in group.sockets:
        socket.close()
    if not delivered:
        raise RuntimeError("Not one message was delivered")
    spent = {
        name: round((after[name] - before[name]) / delivered * 1e6, 1) for name in after
    }
    return {
        "per_second": round(delivered / lasted),
        "cpu_us": {**spent, "total": round(sum(spent.values()), 1)},
        "p50_ms": round(latencies[len(latencies) // 2] * 1000, 1),
        "p99_ms": round(latencies[int(len(latencies) * 0.99)] * 1000, 1),
        "sockets_lost": lost,
    }


def _median(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "per_second": round(statistics.median(row["per_second"] for row in rows)),
        "cpu_us": {
            name: round(statistics.median(row["cpu_us"][name] for row in rows), 1)
            for name in rows[0]["cpu_us"]
        },
        "p50_ms": statistics.median(row["p50_ms"] for row in rows),
        "p99_ms": statistics.median(row["p99_ms"] for row in rows),
        "sockets_lost": max(row["sockets_lost"] for row in rows),
    }
