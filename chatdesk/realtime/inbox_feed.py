"""Rows of the operators' list, sent when they change: read once for all sockets."""

import asyncio
import logging
from collections.abc import Collection

from chatdesk.doorbell.listeners import Bell
from chatdesk.realtime.encode import to_text
from chatdesk.realtime.hub import Follower
from chatdesk.selectors.inbox import list_rows
from chatdesk.threads import in_database
from chatdesk.wire.frames import Inbox

SOON_S = 0.05
LATER_S = 5.0

logger = logging.getLogger(__name__)


class InboxFeed:
    """Collects conversations whose row changed and sends their rows together.

    Words added to a dialog that somebody leads reach its operator by the log itself,
    so for the rest of the staff they may come later.
    """

    def __init__(self, operators: set[Follower]) -> None:
        self._operators = operators
        self._changed: set[str] = set()
        self._heads: dict[int, int] = {}
        self._due: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def known_ids(self) -> set[int]:
        """The conversations whose changes were noted and that perhaps went on."""
        return set(self._heads)

    def note_missed(self, bell: Bell) -> None:
        """Take a head that a look found; it changed a row if no bell told of it."""
        if bell.seq > self._heads.get(bell.conversation_id, 0):
            self.note(bell)

    def keep(self, ids: Collection[int]) -> None:
        """Know of these conversations alone: the others are over."""
        self._heads = {pk: seq for pk, seq in self._heads.items() if pk in ids}

    def note(self, bell: Bell) -> None:
        """Remember that a row changed and see to it that it is sent."""
        if not self._operators:
            return
        if bell.seq:
            self._heads[bell.conversation_id] = bell.seq
        self._changed.add(bell.public_id)
        if self._due is None or not bell.is_quiet:
            self._schedule(LATER_S if bell.is_quiet else SOON_S)

    def close(self) -> None:
        """Stop; nobody listens any more."""
        if self._due is not None:
            self._due.cancel()
        if self._task is not None:
            self._task.cancel()

    def _schedule(self, delay: float) -> None:
        loop = asyncio.get_running_loop()
        if self._due is not None:
            if self._due.when() <= loop.time() + delay:
                return
            self._due.cancel()
        self._due = loop.call_later(delay, self._start)

    def _start(self) -> None:
        self._due = None
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._send())
        else:
            self._schedule(SOON_S)

    async def _send(self) -> None:
        changed, self._changed = self._changed, set()
        try:
            rows = await in_database(list_rows, public_ids=changed)
            text = to_text(Inbox(rows=tuple(rows)))
            for operator in self._operators:
                operator.push(text)
        except Exception:
            logger.exception("Rows of the inbox could not be read")
            self._changed |= changed
            self._schedule(LATER_S)
        finally:
            self._task = None
