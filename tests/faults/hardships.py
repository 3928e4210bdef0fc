"""The hardships themselves: each is a coroutine that returns what it found wrong."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.faults.cast import Cast
from tests.faults.crowd import Crowd
from tests.faults.migrating import Later
from tests.faults.stack import Stack

RATE = 15
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0

# Nothing of all this is worth an exception to anybody.
UNCALLED = "Error"
SAID = "message"

NOW = "SELECT clock_timestamp()"
LOG = (
    "SELECT c.public_id, e.seq, e.cmid, e.at, e.kind FROM chatdesk_entry e"
    " JOIN chatdesk_conversation c ON c.id = e.conversation_id ORDER BY 1, 2"
)
OFFLINE = (
    "SELECT operator_id, from_at FROM chatdesk_presenceperiod"
    " WHERE state = 'offline' AND id > %s"
)
LATEST_PERIOD = "SELECT coalesce(max(id), 0) FROM chatdesk_presenceperiod"
# A lease counts for 25 seconds, so none may end later than in so many, or in the past.
WRONG_LEASES = (
    "SELECT operator_id, expires_at - clock_timestamp() FROM chatdesk_lease"
    " WHERE expires_at - clock_timestamp()"
    " NOT BETWEEN interval '0 s' AND interval '25 s'"
)


@dataclass(frozen=True)
class Scene:
    """Where it happens: the servers, and people who talk."""

    stack: Stack
    crowd: Crowd
    database: str
    seconds: float

    async def ask(self, sql: str, *values: Any) -> list[Any]:
        """Ask the database by the back door."""
        return await asyncio.to_thread(self._ask, sql, values)

    def _ask(self, sql: str, values: Sequence[Any]) -> list[Any]:
        with psycopg.connect(self.stack.url(self.database)) as connection:
            return connection.execute(sql, values).fetchall()

    async def talk(self) -> list[str]:
        """Let people talk; return what is wrong with what became of their words."""
        talk = await self.crowd.talk(rate=RATE, seconds=self.seconds)
        lost = sum(took == float("inf") for _, took in talk)
        wrong = [f"{lost} of {len(talk)} words reached nobody"] if lost else []
        return wrong + self.crowd.refused() + await self._compare()

    async def _compare(self) -> list[str]:
        """Return whose copy is another than the log, and which numbers are holes."""
        log: dict[str, list[tuple[str, str]]] = {}
        wrong = []
        for public_id, seq, cmid, _at, kind in await self.ask(LOG):
            told = log.setdefault(public_id.hex, [])
            if seq != len(told) + 1:
                wrong.append(f"{seq} follows {len(told)}")
            told.append((kind, cmid.hex))
        for person in self.crowd.people:
            for conv, copy in person.core.copies.items():
                # Visitors are not shown everything, but all that people said.
                said = [cmid for kind, cmid in log[conv][: copy.cursor] if kind == SAID]
                shown = [each["cmid"] for each in copy.entries if each["kind"] == SAID]
                if shown != said:
                    wrong.append(f"{person.part.tab} has another order than the log")
        return wrong


async def clocks_apart(scene: Scene) -> list[str]:
    """F59: one process is five minutes ahead, the other five minutes late."""
    return await _by_wrong_clocks(scene, 5 * MINUTE_S, -5 * MINUTE_S)


async def clocks_that_jump(scene: Scene) -> list[str]:
    """F60: one steps a day forward while it runs, and the other an hour back."""
    return await _by_wrong_clocks(scene, DAY_S, -HOUR_S)


async def migrations(scene: Scene) -> list[str]:
    """F78: the tables of messages are changed and changed back while people talk.

    In between a process is killed, and starts anew on tables that it does not know.
    """
    later, web = Later(), scene.stack.webs[0]

    def kill() -> None:
        web.end(signal.SIGKILL)
        web.start()

    wrong = []
    for change in (later.forwards, kill, later.backwards):
        changing = asyncio.create_task(asyncio.to_thread(change))
        wrong += await scene.talk()
        await changing
        await scene.crowd.until_here()
    return wrong


async def releases_mixed(scene: Scene) -> list[str]:
    """F77: the operators' process is replaced by one of a release yet to come.

    Visitors stay where they were, so that every word crosses from one to the other.
    """
    deploying = asyncio.create_task(asyncio.to_thread(scene.stack.deploy_newer, 1))
    wrong = await scene.talk()
    await deploying
    await scene.crowd.until_here()
    closed = scene.crowd.closed
    wrong += await scene.talk()
    if scene.crowd.closed > closed:
        wrong.append("sockets were closed that nobody restarted")
    said = "".join(web.log.read_text(errors="replace") for web in scene.stack.webs)
    return wrong + [line for line in said.splitlines() if UNCALLED in line]


Hardship = Callable[[Scene], Awaitable[list[str]]]

HARDSHIPS: dict[str, Hardship] = {
    "clocks_apart": clocks_apart,
    "clocks_that_jump": clocks_that_jump,
    "migrations": migrations,
    "releases_mixed": releases_mixed,
}


async def endure(
    stack: Stack, cast: Cast, names: Sequence[str], *, database: str, seconds: float
) -> dict[str, list[str]]:
    """Go through hardships one after the other; return what was wrong in each."""
    # So they begin, before anybody has told them what time it is.
    stack.set_clock(0, 5 * MINUTE_S)
    stack.set_clock(1, -5 * MINUTE_S)
    await asyncio.to_thread(stack.start_webs, database)
    async with Crowd(stack, cast) as crowd:
        scene = Scene(stack, crowd, database, seconds)
        return {name: await HARDSHIPS[name](scene) for name in names}


async def _by_wrong_clocks(scene: Scene, *off: float) -> list[str]:
    """Talk while clocks are off; return what went by them instead of the database's.

    Those who talk last longer than a look for leases that ran out.
    """
    for number, seconds in enumerate(off):
        scene.stack.set_clock(number, seconds)
    ((latest,),) = await scene.ask(LATEST_PERIOD)
    known = {(public_id, seq) for public_id, seq, *_ in await scene.ask(LOG)}
    ((began,),) = await scene.ask(NOW)
    wrong = await scene.talk()
    ((ended,),) = await scene.ask(NOW)
    wrong += [
        f"an entry is dated {at - began} after its time"
        for public_id, seq, _cmid, at, _kind in await scene.ask(LOG)
        if (public_id, seq) not in known and not began <= at <= ended
    ]
    wrong += [
        f"{who} is offline from {at}" for who, at in await scene.ask(OFFLINE, latest)
    ]
    wrong += [
        f"{who} is here for {left}" for who, left in await scene.ask(WRONG_LEASES)
    ]
    return wrong
