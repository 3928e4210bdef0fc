"""What a durable delivered message costs, beside what peers pay for it.

The peers are a chat as the Channels tutorial teaches it, and one on socket.io, each
with an insert a message.

A message counts when it is committed and the other side's socket has received it. The
server, PostgreSQL and Redis share one core, the load comes from another, so that the
rate at saturation and the CPU time a message tell the same story.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.servers import SERVED_BY, pin_tree, used_seconds
from bench.stage import Plan, Stage, set_stage
from bench.talkers import Talkers

WARM_UP_S = 3.0
PEERS = ("tutorial", "socketio")


def measure_delivery(plan: Plan) -> dict[str, Any]:
    """Measure chatdesk and its peers in turn, in one sitting; return all figures."""
    kinds = ["chatdesk", *_peers_of(plan)]
    figures: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    with set_stage(plan) as stage:
        for _ in range(plan.rounds):
            for kind in kinds:
                figures[kind].append(_measure(kind, plan, stage))
    medians = {kind: _median(rows) for kind, rows in figures.items()}
    result: dict[str, Any] = {"plan": plan.__dict__, "rounds": figures, **medians}
    own = medians["chatdesk"]["cpu_us"]["total"]
    for peer in kinds[1:]:
        result[f"{peer}_over_chatdesk"] = round(
            medians[peer]["cpu_us"]["total"] / own, 2
        )
    return result


def describe(result: dict[str, Any]) -> str:
    """Return the figures as lines for people."""
    lines = []
    for kind in ("chatdesk", *PEERS):
        if kind in result:
            row = result[kind]
            parts = ", ".join(f"{name} {us}" for name, us in row["cpu_us"].items())
            lines.append(
                f"{kind:9} {row['per_second']:>6} messages/s   CPU µs: {parts}"
                f"   p50 {row['p50_ms']} ms, p95 {row['p95_ms']}, p99 {row['p99_ms']}"
                f"   sockets lost {row['sockets_lost']}"
            )
        if f"{kind}_over_chatdesk" in result:
            lines.append(f"{kind} / chatdesk: {result[f'{kind}_over_chatdesk']}")
    return "\n".join(lines)


def _peers_of(plan: Plan) -> list[str]:
    if plan.alone:
        return []
    # The peer on Node knows PostgreSQL only.
    return [peer for peer in PEERS if peer != "socketio" or plan.database == "postgres"]


def _measure(kind: str, plan: Plan, stage: Stage) -> dict[str, Any]:
    from bench import talk_chatdesk, talk_rooms  # noqa: PLC0415 - needs Django set up

    begins = {
        "chatdesk": talk_chatdesk.talk,
        "tutorial": talk_rooms.talk_on_tutorial,
        "socketio": talk_rooms.talk_on_socketio,
    }
    with stage.run(kind) as running:
        group = Talkers(rate=plan.rate, talking=plan.talking)
        talk = partial(begins[kind], running, stage.cast, group)
        return asyncio.run(_run(talk, group, plan.seconds))


async def _run(talk: Callable[[], Any], group: Any, seconds: float) -> dict[str, Any]:
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
        "p95_ms": round(latencies[int(len(latencies) * 0.95)] * 1000, 1),
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
        "p95_ms": statistics.median(row["p95_ms"] for row in rows),
        "p99_ms": statistics.median(row["p99_ms"] for row in rows),
        "sockets_lost": max(row["sockets_lost"] for row in rows),
    }
