"""Strikes and heals: does to the running servers what the schedule says."""

import asyncio
import random
import signal
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
import redis

from tests.faults.clients import Person
from tests.faults.history import History
from tests.faults.proxy import Act, Proxy, Rule
from tests.faults.schedule import Fault
from tests.faults.stack import Stack

AGAIN_S = 0.2
SLOW_S = 0.4
HEALED_WITHIN_S = 60.0


class Nemesis:
    """One round's faults, on one stack."""

    def __init__(
        self, stack: Stack, people: Sequence[Person], *, database: str, history: History
    ) -> None:
        self._stack = stack
        self._people = people
        self._database = database
        self._history = history
        # One deed at a time: two faults may have the same victim.
        self._lock = asyncio.Lock()

    async def run(self, faults: Sequence[Fault]) -> None:
        """Strike at the appointed times; return when the last fault is healed."""
        self._began = self._history.now
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                group.create_task(self._suffer(fault))

    async def _suffer(self, fault: Fault) -> None:
        await asyncio.sleep(max(0.0, self._began + fault.at - self._history.now))
        place = {"op": "fault", "kind": fault.kind, "number": fault.number}
        self._history.note(**place, type="invoke", victim=fault.victim)
        # One that a fault of the same hour thwarted is no fault of the product.
        try:
            heal = await self._strike(fault)
            await asyncio.sleep(fault.lasts)
            async with self._lock:
                await asyncio.to_thread(heal)
        except (psycopg.Error, redis.RedisError, TimeoutError) as error:
            self._history.note(**place, type="info", error=type(error).__name__)
        self._history.note(**place, type="ok")

    async def _strike(self, fault: Fault) -> Callable[[], object]:
        if fault.kind in {"everybody reconnects", "pages reloaded"}:
            self._shake(fault)
            return lambda: None
        if fault.kind == "backends terminated":
            await self._terminate(fault)
            return lambda: None
        deeds: dict[str, Callable[[Fault], Callable[[], object]]] = {
            "web": self._strike_web,
            "all": self._strike_web,
            "worker": self._strike_worker,
            "workers": self._strike_worker,
            "beat": self._strike_worker,
            "valkey": self._strike_valkey,
            "postgres": self._strike_postgres,
            "row": self._lock_row,
            "another": self._begin_epoch,
        }
        deed = deeds.get(fault.kind.split()[0], self._strike_network)
        async with self._lock:
            return await asyncio.to_thread(deed, fault)

    def _shake(self, fault: Fault) -> None:
        if fault.kind == "everybody reconnects":
            for person in self._people:
                person.drop()
                person.wake()
            return
        chances = random.Random(fault.victim)
        for person in chances.sample(self._people, len(self._people) // 3):
            person.reload()

    async def _terminate(self, fault: Fault) -> None:
        ends = self._history.now + fault.lasts
        while self._history.now < ends:
            await asyncio.to_thread(self._stack.terminate_backends, self._database)
            await asyncio.sleep(AGAIN_S)

    def _strike_web(self, fault: Fault) -> Callable[[], object]:
        webs = self._stack.webs
        web = webs[fault.victim % len(webs)]
        if fault.kind == "web frozen":
            web.send(signal.SIGSTOP)
            return lambda: web.send(signal.SIGCONT)
        struck = webs if fault.kind == "all webs killed" else [web]
        for each in struck:
            is_gentle = fault.kind == "web terminated"
            each.end(signal.SIGTERM if is_gentle else signal.SIGKILL)
        return lambda: [each.start() for each in struck]

    def _strike_worker(self, fault: Fault) -> Callable[[], object]:
        *workers, beat = self._stack.workers
        struck = [workers[fault.victim % len(workers)]]
        if fault.kind == "beat killed":
            struck = [beat]
        elif fault.kind == "workers killed":
            struck = workers
        is_gentle = fault.kind == "worker terminated"
        for each in struck:
            each.end(signal.SIGTERM if is_gentle else signal.SIGKILL)
        return lambda: [each.start() for each in struck]

    def _strike_valkey(self, fault: Fault) -> Callable[[], object]:
        valkey, proxy = self._stack.valkey, self._stack.to_valkey
        match fault.kind:
            case "valkey killed":
                valkey.end()
                return valkey.start
            case "valkey frozen":
                valkey.send(signal.SIGSTOP)
                return lambda: valkey.send(signal.SIGCONT)
            case "valkey flushed":
                with redis.Redis.from_url(
                    self._stack.valkey_url, socket_timeout=2
                ) as client:
                    client.flushall()
                    client.client_kill_filter(_type="pubsub")
            case "valkey silent":
                proxy.hang()
            case "valkey slow":
                proxy.to_client.delay_s = SLOW_S * 2
            case _:
                proxy.to_client.reset_chance = 0.2
        return proxy.mend

    def _strike_postgres(self, fault: Fault) -> Callable[[], object]:
        stack = self._stack
        if fault.kind == "postgres crashed":
            stack.crash_postgres()
            return stack.postgres.start
        if fault.kind == "postgres frozen":
            stack.freeze_postgres()
            return stack.thaw_postgres
        stack.to_postgres.hang()

        def heal() -> None:
            stack.to_postgres.cut()
            stack.to_postgres.mend()

        return heal

    def _lock_row(self, fault: Fault) -> Callable[[], object]:
        holder = psycopg.connect(self._stack.url(self._database), connect_timeout=5)
        holder.execute(
            "SELECT 1 FROM chatdesk_conversation ORDER BY id OFFSET %s LIMIT 1"
            " FOR UPDATE",
            [fault.victim % 5],
        )
        return holder.close

    def _begin_epoch(self, fault: Fault) -> Callable[[], object]:
        """Say that the database went back in time, as after a restore: by nothing."""
        lineage = UUID(int=fault.victim + 1)
        with psycopg.connect(
            self._stack.url(self._database), connect_timeout=5
        ) as holder:
            holder.execute("UPDATE chatdesk_epoch SET value = %s", [lineage])
        return lambda: None

    def _strike_network(self, fault: Fault) -> Callable[[], object]:
        if fault.kind == "cut at commit":
            # The outcome is unknown to the process: it was done, or never heard.
            proxies = [self._stack.to_postgres]
        else:
            proxies = self._stack.to_webs
        for proxy in proxies:
            _spoil(proxy, fault)
        return lambda: [proxy.mend() for proxy in proxies]


def is_send(said: Any) -> bool:
    """Return whether this is a frame that carries a message to the server."""
    return isinstance(said, dict) and said.get("type") == "send"


def is_sent(said: Any) -> bool:
    """Return whether this is the answer to such a frame."""
    return isinstance(said, dict) and said.get("type") == "sent"


def _spoil(proxy: Proxy, fault: Fault) -> None:
    every_third = [1 + 3 * number for number in range(40)]
    match fault.kind:
        case "cut at commit":
            acts = (Act.CUT_AFTER, Act.CUT_BEFORE)
            proxy.to_server.rules = [
                Rule(acts[number % 2], lambda raw: b"COMMIT" in raw, nth=nth)
                for number, nth in enumerate(every_third)
            ]
        case "network cut":
            proxy.cut()
        case "network silent":
            proxy.hang()
        case "answers lost":
            proxy.to_client.rules = [
                Rule(Act.CUT_BEFORE, is_sent, nth=nth) for nth in every_third
            ]
        case "network slow":
            proxy.to_client.delay_s = proxy.to_server.delay_s = SLOW_S
            proxy.to_client.jitter_s = proxy.to_server.jitter_s = SLOW_S
        case "network in slices":
            proxy.to_client.slice_bytes = proxy.to_server.slice_bytes = 40
        case "cut inside frames":
            proxy.to_client.limit_bytes = 2500 + fault.victim
        case "cut after send":
            proxy.to_server.rules = [
                Rule(Act.CUT_AFTER, is_send, nth=nth) for nth in every_third
            ]
        case "send doubled":
            proxy.to_server.rules = [Rule(Act.DUPLICATE, is_send, nth=None)]
