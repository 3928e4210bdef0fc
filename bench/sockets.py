"""What sockets cost that say little: idle ones, many at once, and slow readers."""

import asyncio
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from bench.light_socket import LightSocket, open_socket
from bench.servers import Running, used_seconds
from bench.stage import Plan, Stage, set_stage

PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
ESTABLISHED = "01"
WARMING_UP = 20
SETTLE_S = 3.0
CUT_WITHIN_S = 90.0
MORE_THAN_A_WINDOW = 80
LONG_WORDS = "A long word about a copper kettle. " * 100


def measure_idle(plan: Plan) -> dict[str, Any]:
    """Measure the memory of visitors' sockets that were opened and say nothing."""
    with set_stage(plan) as stage, stage.run() as running:
        return asyncio.run(_idle(stage, running))


def measure_storm(plan: Plan) -> dict[str, Any]:
    """Measure how long it takes until everybody is back after a restart."""
    with set_stage(plan) as stage, stage.run() as running:
        return asyncio.run(_storm(stage, running))


def measure_slow_reader(plan: Plan) -> dict[str, Any]:
    """Measure what visitors cost who never read while they are written to."""
    with set_stage(plan) as stage, stage.run() as running:
        return asyncio.run(_slow_reader(stage, running))


async def _idle(stage: Stage, running: Running) -> dict[str, Any]:
    pairs = stage.cast.pairs
    await _open_all(running.port, pairs[:WARMING_UP])
    await asyncio.sleep(SETTLE_S)
    before = _memory_kib(running.pid)
    sockets = await _open_all(running.port, pairs[WARMING_UP:])
    await asyncio.sleep(SETTLE_S)
    grown = _memory_kib(running.pid) - before
    return {"sockets": len(sockets), "kib_a_socket": round(grown / len(sockets), 1)}


async def _storm(stage: Stage, running: Running) -> dict[str, Any]:
    pairs = stage.cast.pairs
    counts: list[int] = []
    watch = asyncio.create_task(_watch_connections(stage, counts))
    used, began = used_seconds(), time.perf_counter()
    await _open_all(running.port, pairs)
    lasted = time.perf_counter() - began
    spent = {name: value - used[name] for name, value in used_seconds().items()}
    watch.cancel()
    return {
        "sockets": len(pairs),
        "all_synced_s": round(lasted, 2),
        "opened_a_second": round(len(pairs) / lasted),
        "cpu_ms_a_socket": round(sum(spent.values()) / len(pairs) * 1000, 2),
        "most_database_connections": max(counts, default=0),
    }


async def _slow_reader(stage: Stage, running: Running) -> dict[str, Any]:
    pairs = stage.cast.pairs
    readers = await _open_all(running.port, pairs)
    desks = []
    for number, cookie in enumerate(stage.cast.operator_cookies):
        own = [pair.conv for pair in pairs if pair.operator == number]
        desks.append(await _open("operator", running.port, cookie, own))
    await asyncio.sleep(SETTLE_S)
    before, began = _memory_kib(running.pid), time.perf_counter()
    for reader in readers:
        reader.pause()
    for _ in range(MORE_THAN_A_WINDOW):
        _write_to(pairs, desks)
    most, alive = before, len(pairs)
    while alive and time.perf_counter() - began < CUT_WITHIN_S:
        await asyncio.sleep(0.5)
        _write_to(pairs, desks)
        most = max(most, _memory_kib(running.pid))
        alive = _established(running.port) - len(desks)
    return {
        "readers": len(readers),
        "kib_a_reader": round((most - before) / len(readers), 1),
        "cut": len(readers) - alive,
        "cut_after_s": round(time.perf_counter() - began, 1),
    }


async def _open_all(port: int, pairs: Sequence[Any]) -> list[LightSocket]:
    opening = (_open("visitor", port, pair.cookie, [pair.conv]) for pair in pairs)
    return await asyncio.gather(*opening)


async def _open(side: str, port: int, cookie: str, convs: list[str]) -> LightSocket:
    left = len(convs)
    synced = asyncio.get_running_loop().create_future()

    def hear(data: bytes) -> None:
        nonlocal left
        if data.startswith(b'{"type":"synced"'):
            left -= 1
            if left == 0:
                synced.set_result(None)

    socket = await open_socket(port, f"/chatdesk/ws/{side}/", hear, cookie=cookie)
    resume = [{"conv": conv, "cursor": 0} for conv in convs]
    socket.send(json.dumps({"type": "hello", "v": 1, "resume": resume}).encode())
    await asyncio.wait_for(synced, 120)
    return socket


async def _watch_connections(stage: Stage, counts: list[int]) -> None:
    url = stage.environment["BENCH_DATABASE"]
    if not url.startswith("postgresql"):
        return
    query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type='client backend'"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as watcher:
        while True:
            row = await (await watcher.execute(query)).fetchone()
            # The watcher itself, and the connection that filled the database.
            counts.append((row[0] if row else 0) - 2)
            await asyncio.sleep(0.1)


def _write_to(pairs: Sequence[Any], desks: Sequence[LightSocket]) -> None:
    for pair in pairs:
        desks[pair.operator].send(_say(pair.conv))


def _say(conv: str) -> bytes:
    frame = {"type": "send", "cmid": uuid4().hex, "conv": conv}
    return json.dumps({**frame, "body": {"text": LONG_WORDS}}).encode()


def _memory_kib(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KIB


def _established(port: int) -> int:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = f":{port:04X}"
    return sum(row[1].endswith(ours) and row[3] == ESTABLISHED for row in rows)
