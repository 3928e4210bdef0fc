"""The figures themselves: what is struck, and how soon all is well again."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import redis
from django.utils import timezone

from chatdesk.models import AuthorKind, Conversation, Entry
from tests.factories import make_conversation
from tests.faults.cast import Cast, Part
from tests.faults.clients import Person
from tests.faults.crowd import Crowd, spread
from tests.faults.stack import PREPARED, Stack
from tests.sockets import visitor_cookie

SLOW_S = 1.0
LOOK_S = 0.25
GHOST_WITHIN_S = 90.0
RESTARTS = 10
MISSED = (1_000, 50_000)
PERIODS_OFFLINE = (
    "SELECT count(*) FROM chatdesk_presenceperiod WHERE state = 'offline'"
    " AND from_at > to_timestamp(%s)"
)
SHOWN = (
    "SELECT count(*) FROM chatdesk_presenceperiod"
    " WHERE to_at IS NULL AND state <> 'offline'"
)

Figure = Callable[[Stack, Cast], Awaitable[dict[str, Any]]]


async def healthy(stack: Stack, cast: Cast) -> dict[str, Any]:
    """N06: two hundred clients, fifty messages a second, nothing is struck."""
    async with Crowd(stack, cast) as crowd:
        return _told(await crowd.talk(rate=50, seconds=20))


async def without_bells(stack: Stack, cast: Cast) -> dict[str, Any]:
    """N07: the layer delivers nothing, then it is gone altogether."""
    async with Crowd(stack, cast) as crowd:
        stack.to_valkey.hang()
        silent = _told(await crowd.talk(rate=20, seconds=15))
        stack.to_valkey.mend()
        stack.valkey.end()
        down = _told(await crowd.talk(rate=20, seconds=15))
        stack.valkey.start()
    return {"silent": silent, "down": down}


async def emptied(stack: Stack, cast: Cast) -> dict[str, Any]:
    """N08: when it is fast again after everything was deleted under open sockets."""
    async with Crowd(stack, cast) as crowd:
        await crowd.talk(rate=20, seconds=3)
        await asyncio.to_thread(_flush, stack)
        talk = await crowd.talk(rate=20, seconds=30)
    slow = [at for at, took in talk if took > SLOW_S]
    return {**_told(talk), "fast_again_after_s": round(max(slow, default=0.0), 1)}


async def ghosts(stack: Stack, cast: Cast) -> dict[str, Any]:
    """N09: for how long operators are shown whose process is gone."""
    found: dict[str, Any] = {}
    async with Crowd(stack, cast) as crowd:
        web = stack.webs[1]
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP):
            everybody = await _shown(stack)
            began = time.monotonic()
            if number == signal.SIGSTOP:
                web.send(number)
            else:
                await asyncio.to_thread(web.end, number)
            found[number.name] = await _fading(stack, everybody, began)
            web.send(signal.SIGCONT)
            web.start()
            await crowd.until_here()
        found["false_offline"] = await _roll(stack, crowd)
    return found


async def resumed(stack: Stack, _cast: Cast) -> dict[str, Any]:
    """N10, N11: who comes back after a year, to many entries that he missed."""
    return {str(missed): await _resume(stack, missed) for missed in MISSED}


FIGURES: dict[str, Figure] = {
    "healthy": healthy,
    "without_bells": without_bells,
    "emptied": emptied,
    "ghosts": ghosts,
    "resumed": resumed,
}


def _told(talk: list[tuple[float, float]]) -> dict[str, Any]:
    took = [seconds for _, seconds in talk if seconds != float("inf")]
    return {"messages": len(talk), "lost": len(talk) - len(took), **spread(took)}


def _flush(stack: Stack) -> None:
    with redis.Redis.from_url(stack.valkey_url) as client:
        client.flushall()
        client.client_kill_filter(_type="pubsub")


async def _shown(stack: Stack) -> int:
    return int(await asyncio.to_thread(_count, stack, SHOWN))


async def _fading(stack: Stack, everybody: int, began: float) -> dict[str, float]:
    """Return how long it took until those at a process were shown no more."""
    gone: list[float] = []
    while len(gone) < everybody and time.monotonic() - began < GHOST_WITHIN_S:
        left = await _shown(stack)
        gone += [time.monotonic() - began] * (everybody - left - len(gone))
        await asyncio.sleep(LOOK_S)
    return {"operators": everybody, "left": everybody - len(gone), **spread(gone)}


async def _roll(stack: Stack, crowd: Crowd) -> int:
    """Restart the operators' process again and again; return who was called offline."""
    began = time.time()
    for _ in range(RESTARTS):
        await asyncio.to_thread(stack.webs[1].end, signal.SIGTERM)
        stack.webs[1].start()
        await crowd.until_here()
    return int(await asyncio.to_thread(_count, stack, PERIODS_OFFLINE, began))


def _count(stack: Stack, query: str, *values: float) -> int:
    with psycopg.connect(stack.url(PREPARED), connect_timeout=5) as connection:
        row = connection.execute(query, values).fetchone()
    return row[0] if row else 0


async def _resume(stack: Stack, missed: int) -> dict[str, Any]:
    part = await asyncio.to_thread(_missing, missed)
    seen: dict[str, float] = {}
    began = time.monotonic()

    def note(**line: Any) -> None:
        for op in ("ask", "apply", "synced"):
            if line["op"] == op:
                seen.setdefault(op, time.monotonic() - began)

    person = Person(
        part, ports=[stack.to_webs[0].port], chances=random.Random(1), note=note
    )
    life = asyncio.ensure_future(person.live())
    async with asyncio.timeout(GHOST_WITHIN_S):
        while "synced" not in seen:  # noqa: ASYNC110 - state, not an event
            await asyncio.sleep(LOOK_S / 10)
    person.stop()
    await asyncio.gather(life, return_exceptions=True)
    (copy,) = person.core.copies.values()
    return {
        "entries": copy.cursor,
        "first_batch_s": round(seen["apply"] - seen["ask"], 3),
        "complete_s": round(seen["synced"] - seen["ask"], 3),
    }


def _missing(missed: int) -> Part:
    """Make a dialog of a year ago with so many entries; return its visitor's part."""
    at = timezone.now() - timedelta(days=365)
    conversation = make_conversation(entries=(), at=at)
    visitor = conversation.visitor
    rows = (
        Entry(
            conversation=conversation,
            seq=seq,
            author_kind=AuthorKind.VISITOR,
            author_id=visitor.pk,
            cmid=uuid4(),
            kind=Entry.Kind.MESSAGE,
            text=f"word {seq}",
            at=at + timedelta(seconds=seq),
        )
        for seq in range(1, missed + 1)
    )
    Entry.objects.bulk_create(rows, batch_size=5000)
    Conversation.objects.filter(pk=conversation.pk).update(head=missed)
    author, conv = f"v{visitor.pk}", conversation.public_id.hex
    return Part(f"{author}.0", author, "visitor", visitor_cookie(visitor), (conv,))
