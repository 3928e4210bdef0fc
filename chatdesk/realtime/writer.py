"""The writer: one a process; what arrives during a commit goes into the next.

At rest an intent is written at once. Under load dozens share one commit, for which the
writer pauses a moment when the one before was shared, too. The answer always follows
the commit. Intents for a conversation that somebody else holds step aside for a moment,
in their order, so that no other waits with them.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, connection

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.errors import Busy, ChatRefusal, DatabaseAway, Held
from chatdesk.services.log import Appended
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.messages import MessageIntent, post_messages
from chatdesk.threads import DatabaseThreads

Outcome = Appended | ChatRefusal
Answer = Callable[[Outcome], None]

LARGEST_BATCH = 200
# So many in one commit say that there is load, and that a pause brings more together.
SHARED = 4
PAUSE_S = 0.01
TRIES = 3
STEP_ASIDE_S = 0.05
HELD_AT_MOST_S = 2.0

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Waiting:
    intent: MessageIntent
    answer: Answer
    since: float = field(default_factory=time.monotonic)


class Writer:
    """Feeds intents of this process's sockets to the log, in batches."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = DatabaseThreads(name="chatdesk-write", size=1)
        self._queue: deque[_Waiting] = deque()
        self._aside: dict[int, list[_Waiting]] = {}
        self._is_writing = False
        self.batches = self.messages = 0
        self.commit_seconds = 0.0

    def put(self, intent: MessageIntent, answer: Answer) -> None:
        """Queue an intent; ``answer`` is called in the event loop after the commit.

        Raises ``Busy`` when too many wait already.
        """
        waiting = len(self._queue) + sum(map(len, self._aside.values()))
        if waiting >= get_settings().write_queue:
            raise Busy(retry_after=1.0)
        self._queue.append(_Waiting(intent, answer))
        if not self._is_writing:
            self._start()

    def put_marks(self, moves: Sequence[MarkMove]) -> None:
        """Store marks after what is being written now."""
        self._thread.submit(move_marks, moves)

    def close(self) -> None:
        """Finish the batch in flight and end the thread.

        What waits behind it gets no answer, so its clients send it again elsewhere.
        """
        self._queue.clear()
        self._aside.clear()
        self._thread.close()

    def _start(self) -> None:
        batch: list[_Waiting] = []
        while self._queue and len(batch) < LARGEST_BATCH:
            each = self._queue.popleft()
            # Behind one that stepped aside, so that nobody's words change their order.
            self._aside.get(each.intent.conversation_id, batch).append(each)
        if batch:
            self._is_writing = True
            self._thread.submit(self._write, batch)

    def _write(self, batch: list[_Waiting]) -> None:
        began = time.perf_counter()
        try:
            outcomes = write_batch([each.intent for each in batch])
        except Exception:
            logger.exception("A batch of messages could not be written")
            outcomes = [DatabaseAway(retry_after=1.0) for _ in batch]
        self.batches += 1
        self.messages += len(batch)
        self.commit_seconds += time.perf_counter() - began
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._finish, batch, outcomes)

    def _finish(self, batch: list[_Waiting], outcomes: list[Outcome]) -> None:
        self._is_writing = False
        longest = time.monotonic() - HELD_AT_MOST_S
        done = []
        for each, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Held) and each.since > longest:
                self._step_aside(each)
            else:
                done.append((each, outcome))
        if len(batch) >= SHARED and len(self._queue) < LARGEST_BATCH:
            self._is_writing = True
            self._loop.call_later(PAUSE_S, self._go_on)
        elif self._queue:
            self._start()
        for each, outcome in done:
            each.answer(outcome)

    def _go_on(self) -> None:
        self._is_writing = False
        if self._queue:
            self._start()

    def _step_aside(self, each: _Waiting) -> None:
        conversation_id = each.intent.conversation_id
        if conversation_id not in self._aside:
            self._aside[conversation_id] = []
            self._loop.call_later(STEP_ASIDE_S, self._come_back, conversation_id)
        self._aside[conversation_id].append(each)

    def _come_back(self, conversation_id: int) -> None:
        self._queue.extendleft(reversed(self._aside.pop(conversation_id, ())))
        if self._queue and not self._is_writing:
            self._start()


def write_batch(intents: Sequence[MessageIntent]) -> list[Outcome]:
    """Write intents together, or one by one when the database refuses the batch.

    One that cannot be written is answered with a retryable refusal; the others are
    not harmed by it. One for a conversation that somebody holds is ``Held``.
    """
    try:
        return post_messages(intents, at=clock.now(), wait=False)
    except (DatabaseError, InterfaceError):
        logger.warning("A batch of %d is written one by one", len(intents))
    outcomes: list[Outcome] = []
    for intent in intents:
        outcome = _write_alone(intent)
        outcomes.append(outcome)
        if isinstance(outcome, DatabaseAway) and not _is_database_there():
            break
    # Each would wait for the database as long as this one did.
    left = len(intents) - len(outcomes)
    return outcomes + [DatabaseAway(retry_after=1.0) for _ in range(left)]


def _write_alone(intent: MessageIntent) -> Outcome:
    for left in reversed(range(TRIES)):
        try:
            return post_messages([intent], at=clock.now(), wait=False)[0]
        except (DatabaseError, InterfaceError):
            if not left:
                logger.warning("A message could not be written", exc_info=True)
                break
            time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - jitter, no secret
    # It may lead to a server that writes no more; another is found by connecting.
    connection.close()
    return DatabaseAway(retry_after=1.0)


def _is_database_there() -> bool:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError):
        return False
    return True
