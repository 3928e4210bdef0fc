"""What a process does by the clock, each job guarded so that none stops another."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import InterfaceError, OperationalError

from chatdesk import clock
from chatdesk.actors import OperatorActor
from chatdesk.conf import get_settings
from chatdesk.doorbell.listeners import Bell
from chatdesk.doorbell.polls import Place, polled_ids, polls_with_login, wake_all
from chatdesk.realtime.authentication import look_again
from chatdesk.realtime.encode import to_text
from chatdesk.realtime.hub import Follower
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.log import Head, list_heads, list_heads_in_progress
from chatdesk.selectors.operators import Desk, list_desks
from chatdesk.selectors.recent import recent_availability
from chatdesk.selectors.storefronts import may_peek
from chatdesk.services.activity import note_activity, note_sight, watch_idle
from chatdesk.services.operators import relieve_operators
from chatdesk.services.presence import (
    connect_operator,
    expire_leases,
    renew_leases,
)
from chatdesk.services.visit_terms import forget_visits
from chatdesk.services.visits import flush_visits
from chatdesk.threads import DatabaseThreads, in_database
from chatdesk.wire.codes import Goodbye
from chatdesk.wire.frames import AvailabilityChanged
from chatdesk.wire.objects import Availability
from chatdesk.worker import run_due

if TYPE_CHECKING:
    from chatdesk.realtime.process import Process

LOOK_EVERY_S = 2.0
RENEW_EVERY_S = 8.0
HEARD_WITHIN_S = 20.0
HELLO_WITHIN_S = 5.0
HIDDEN_SILENCE_S = 150.0
STALLED_S = 20.0
LOGINS_EVERY_S = 3.0
RELIEVE_EVERY_S = 15.0
MARKS_EVERY_S = 4.0
NOTE_TOUCH_S = 10.0
TICK_S = 1.0
FORGET_EVERY_S = 60.0

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


class Clockwork:
    """The periodic work of one process."""

    def __init__(self, process: "Process") -> None:
        self._process = process
        self._epoch = self._state = ""
        # A thread of its own: a silent mail server must not keep readers waiting.
        self._due = DatabaseThreads(name="chatdesk-due", size=1)

    async def run(self) -> None:
        """Run every job at its pace until cancelled."""
        settings = get_settings()
        jobs: list[tuple[float, Job]] = [
            (settings.head_poll.total_seconds(), self._look_at_heads),
            (LOOK_EVERY_S, partial(in_database, clock.look)),
            (LOOK_EVERY_S, self.look_around),
            (LOOK_EVERY_S, self._process.line.look),
            (LOOK_EVERY_S, self._cut_silent),
            (LOOK_EVERY_S, self._expire),
            (LOOK_EVERY_S, self._watch_idle),
            (RENEW_EVERY_S, self._renew),
            (MARKS_EVERY_S, self._process.marks.look),
            (LOGINS_EVERY_S, self._check_logins),
            (RELIEVE_EVERY_S, self._relieve),
            (TICK_S, self._flush_visits),
            (FORGET_EVERY_S, self._forget_visits),
        ]
        if settings.tick:
            jobs.append((TICK_S, self._tick))
        async with asyncio.TaskGroup() as group:
            for pace, job in jobs:
                group.create_task(_repeat(pace, job))

    def close(self) -> None:
        """End the thread that does what is due."""
        self._due.close()

    async def look_around(self) -> None:
        """Find out who is there, and tell whom it concerns when it changed."""
        availability, desks, self._process.may_peek = await in_database(_look)
        self._process.team.tell(desks)
        text = to_text(AvailabilityChanged(availability=availability))
        if text == self._process.availability_text:
            return
        self._process.availability_text = text
        if availability.state != self._state:
            # Numbers beside it change often, and may wait for the next poll.
            self._state = availability.state
            recent_availability.forget()
            wake_all()
        for socket in list(self._process.sockets):
            if socket.has_said_hello:
                socket.push(text)

    async def _look_at_heads(self) -> None:
        process = self._process
        self._note_epoch(await in_database(current_epoch))
        wanted = process.hub.followed_ids() | set(polled_ids())
        unfinished: set[int] = set()
        if process.operators:
            wanted |= process.inbox.known_ids
            heads = await in_database(list_heads_in_progress)
            self._note(heads)
            unfinished = {head.conversation_id for head in heads}
        if wanted - unfinished:
            ended = wanted - unfinished
            self._note(await in_database(list_heads, conversation_ids=ended))
        process.inbox.keep(unfinished)

    def _note_epoch(self, epoch: str) -> None:
        self._process.epoch = epoch
        known, self._epoch = self._epoch, epoch
        if known in {"", epoch}:
            return
        # A backup was restored: what clients have applied is perhaps no longer there.
        self._process.inbox.keep(())
        for socket in list(self._process.sockets):
            socket.end(Goodbye.RESTART)

    def _note(self, heads: Sequence[Head]) -> None:
        self._process.note_heads(
            [Bell(head.conversation_id, head.public_id, head.seq) for head in heads]
        )

    async def _renew(self) -> None:
        now = time.monotonic()
        heard = [
            socket.id
            for socket in self._process.operators
            if not _is_silent(socket, now)
        ]
        if not heard:
            return
        at = clock.now()
        lost = await in_database(renew_leases, connections=heard, at=at)
        for socket in list(self._process.operators):
            if socket.id in lost:
                # This process slept longer than a lease; its sockets did not end.
                await in_database(
                    connect_operator,
                    operator_id=socket.actor.id,
                    connection=socket.id,
                    process=self._process.id,
                    at=at,
                )

    async def _cut_silent(self) -> None:
        now = time.monotonic()
        for socket in list(self._process.sockets):
            if not socket.has_said_hello:
                if now - socket.opened_at > HELLO_WITHIN_S:
                    socket.end(Goodbye.MALFORMED)
            elif _is_silent(socket, now) or _is_stalled(socket, now):
                socket.end(Goodbye.SLOW)

    async def _check_logins(self) -> None:
        sockets, polls = list(self._process.sockets), polls_with_login()
        if not sockets and not polls:
            return
        visitors = [socket for socket in sockets if not socket.is_staff]
        operators = [socket for socket in sockets if socket.is_staff]
        waiting = [who for _, who in polls]
        lasting, actors = await in_database(
            look_again, _places_of(visitors) + waiting, _places_of(operators)
        )
        ends: list[Callable[[], None]]
        ends = [partial(each.end, Goodbye.AUTH_GONE) for each in visitors]
        # A poll looks for itself who asks before it answers.
        ends += [poll.ring for poll, _ in polls]
        for end in compress(ends, map(not_, lasting)):
            end()
        _know_again(operators, actors)
        if None in actors:
            await self._relieve()

    async def _expire(self) -> None:
        await in_database(expire_leases, at=clock.now())

    async def _watch_idle(self) -> None:
        touched = [
            socket
            for socket in self._process.operators
            if socket.touched_at - socket.noted_at > NOTE_TOUCH_S
        ]
        for socket in touched:
            socket.noted_at = socket.touched_at
        at, ids = clock.now(), [socket.id for socket in touched]
        await in_database(_follow_activity, ids, at=at)
        await self._tell_sight()

    async def _tell_sight(self) -> None:
        changed = [
            socket
            for socket in self._process.operators
            if socket.is_hidden != socket.was_hidden
        ]
        for socket in changed:
            socket.was_hidden = socket.is_hidden
        hidden = [socket.id for socket in changed if socket.is_hidden]
        shown = [socket.id for socket in changed if not socket.is_hidden]
        if changed:
            await in_database(note_sight, shown=shown, hidden=hidden)

    async def _relieve(self) -> None:
        await in_database(relieve_operators, at=clock.now())

    async def _flush_visits(self) -> None:
        await in_database(flush_visits, at=clock.now())

    async def _forget_visits(self) -> None:
        await in_database(forget_visits, at=clock.now())

    async def _tick(self) -> None:
        await self._due.run(run_due, at=clock.now())


async def _repeat(pace: float, job: Job) -> None:
    while True:
        await asyncio.sleep(pace)
        try:
            await job()
        except (OperationalError, InterfaceError) as error:
            logger.warning("A periodic job of the process failed: %s", error)
        except Exception:
            logger.exception("A periodic job of the process failed")


def _look() -> tuple[Availability, list[Desk], bool]:
    at = clock.now()
    desks = list_desks(at=at)
    return get_availability(at=at, desks=desks), desks, may_peek()


def _follow_activity(touched: list[UUID], *, at: datetime) -> None:
    if touched:
        note_activity(connections=touched, at=at)
    watch_idle(at=at)


def _know_again(operators: list[Follower], actors: list[OperatorActor | None]) -> None:
    for socket, actor in zip(operators, actors, strict=True):
        if actor is None:
            socket.end(Goodbye.AUTH_GONE)
        else:
            socket.actor = actor


def _places_of(sockets: list[Follower]) -> list[Place]:
    return [(socket.actor.id, socket.session_key) for socket in sockets]


def _is_silent(socket: Follower, now: float) -> bool:
    allowed = HIDDEN_SILENCE_S if socket.is_hidden else HEARD_WITHIN_S
    return now - socket.heard_at > allowed


def _is_stalled(socket: Follower, now: float) -> bool:
    return any(
        follow.choked_at is not None and now - follow.choked_at > STALLED_S
        for follow in socket.follows.values()
    )
