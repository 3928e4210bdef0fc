"""The writer: one a process; what arrives during a commit goes into the next.

There is no timer: at rest an intent is written at once, under load dozens share one
commit. The answer always follows the commit.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Sequence

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.errors import Busy, ChatRefusal, DatabaseAway
from chatdesk.services.log import Appended
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.messages import MessageIntent, post_messages
from chatdesk.threads import DatabaseThreads

Outcome = Appended | ChatRefusal
Answer = Callable[[Outcome], None]

LARGEST_BATCH = 200
TRIES = 3

logger = logging.getLogger(__name__)


class Writer:
    """Feeds intents of this process's sockets to the log, in batches."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = DatabaseThreads(name="chatdesk-write", size=1)
        self._queue: deque[tuple[MessageIntent, Answer]] = deque()
        self._is_writing = False
        self.batches = self.messages = 0
        self.commit_seconds = 0.0

    def put(self, intent: MessageIntent, answer: Answer) -> None:
        """Queue an intent; ``answer`` is called in the event loop after the commit.

        Raises ``Busy`` when too many wait already.
        """
        if len(self._queue) >= get_settings().write_queue:
            raise Busy(retry_after=1.0)
        self._queue.append((intent, answer))
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
        self._thread.close()

    def _start(self) -> None:
        size = min(len(self._queue), LARGEST_BATCH)
        batch = [self._queue.popleft() for _ in range(size)]
        self._is_writing = True
        self._thread.submit(self._write, batch)

    def _write(self, batch: list[tuple[MessageIntent, Answer]]) -> None:
        began = time.perf_counter()
        try:
            outcomes = write_batch([intent for intent, _ in batch])
        except Exception:
            logger.exception("A batch of messages could not be written")
            outcomes = [DatabaseAway(retry_after=1.0) for _ in batch]
        self.batches += 1
        self.messages += len(batch)
        self.commit_seconds += time.perf_counter() - began
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._finish, batch, outcomes)

    def _finish(
        self, batch: list[tuple[MessageIntent, Answer]], outcomes: list[Outcome]
    ) -> None:
        self._is_writing = False
        if self._queue:
            self._start()
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            answer(outcome)


def write_batch(intents: Sequence[MessageIntent]) -> list[Outcome]:
    """Write intents together, or one by one when the database refuses the batch.

    One that cannot be written is answered with a retryable refusal; the others are
    not harmed by it.
    """
    try:
        return post_messages(intents, at=timezone.now())
    except (DatabaseError, InterfaceError):
        logger.warning("A batch of %d is written one by one", len(intents))
    return [_write_alone(intent) for intent in intents]


def _write_alone(intent: MessageIntent) -> Outcome:
    for left in reversed(range(TRIES)):
        try:
            return post_messages([intent], at=timezone.now())[0]
        except (DatabaseError, InterfaceError):
            if not left:
                logger.warning("A message could not be written", exc_info=True)
                break
            time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 - jitter, no secret
    return DatabaseAway(retry_after=1.0)
