"""What the servers of a round hold: memory, files, threads, sessions, keys."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis

from tests.faults.stack import Stack

MIB = 1024.0

# Of all web processes together: what a round may leave behind beyond a tenth more.
# Processes that were started anew warm up; pools of sessions grow to their size.
ROOM = {"rss_mib": 60.0, "files": 24, "threads": 12, "keys": 20}
MOST_SESSIONS = 20


def measure(stack: Stack, *, database: str) -> dict[str, Any]:
    """Return what is held now; a process that is not there holds nothing."""
    pids = [web.pid for web in stack.webs if web.is_running]
    held = [_of_process(Path(f"/proc/{pid}")) for pid in pids]
    found: dict[str, Any] = {
        name: round(sum(each[name] for each in held), 1)
        for name in ("rss_mib", "files", "threads")
    }
    with psycopg.connect(stack.url("postgres"), connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database]
        ).fetchone()
    with redis.Redis.from_url(stack.valkey_url, socket_timeout=5) as client:
        keys = client.dbsize()
    return found | {"sessions": row[0] if row else 0, "keys": keys}


def left_behind(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Yield in words what did not come back to where it was."""
    for name, room in ROOM.items():
        if after[name] > before[name] * 1.1 + room:
            yield f"{name} went from {before[name]} to {after[name]}"
    if after["sessions"] > MOST_SESSIONS:
        yield f"{after['sessions']} sessions of the database are open"


def _of_process(folder: Path) -> dict[str, float]:
    try:
        status = dict(_pairs((folder / "status").read_text().splitlines()))
        files = len(list((folder / "fd").iterdir()))
    except OSError:
        return {"rss_mib": 0.0, "files": 0, "threads": 0}
    return {
        "rss_mib": int(status["VmRSS"].split()[0]) / MIB,
        "files": files,
        "threads": int(status["Threads"]),
    }


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name, value.strip()
