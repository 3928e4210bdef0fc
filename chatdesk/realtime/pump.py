"""The pump: brings a conversation's entries to one socket, in order, from a cursor.

Live entries that an in-process bell offers are taken only when they are exactly the
next ones. Anything else is a plain bell, and the pump reads after its cursor. It never
runs further ahead of the client's acknowledgements than a window.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

from chatdesk.realtime.encode import News, split, to_text
from chatdesk.selectors.log import Span, entries_after, marks_of
from chatdesk.threads import in_database
from chatdesk.wire.codes import MAX_BATCH_ITEMS
from chatdesk.wire.frames import Synced
from chatdesk.wire.objects import Marks

WINDOW = 200
WINDOW_LETTERS = 256 * 1024

logger = logging.getLogger(__name__)


class Follow:
    """One conversation on one socket: how far it was sent and acknowledged."""

    __slots__ = (
        "_epoch",
        "_owed",
        "_owed_letters",
        "_push",
        "_start",
        "_task",
        "acked",
        "choked_at",
        "conversation_id",
        "cursor",
        "head",
        "is_live",
        "public_id",
        "sent",
        "staff",
    )

    def __init__(  # noqa: PLR0913 - all by keyword, all needed
        self,
        *,
        conversation_id: int,
        public_id: str,
        cursor: int,
        epoch: str,
        staff: bool,
        push: Callable[[str], None],
        before: "Follow | None" = None,
    ) -> None:
        self.conversation_id = conversation_id
        self.public_id = public_id
        self.cursor = self.acked = self.head = cursor
        # What an earlier follow of this socket sent may be acknowledged later.
        self.sent: int = 0 if before is None else max(before.cursor, before.sent)
        self.staff = staff
        self.is_live = False
        self.choked_at: float | None = None
        self._start = cursor
        self._epoch = epoch
        self._push = push
        self._task: asyncio.Task[None] | None = None
        # How long each frame was that is not acknowledged, and the last entry in it.
        self._owed: deque[tuple[int, int]] = deque()
        self._owed_letters = 0

    @property
    def is_ready(self) -> bool:
        """Whether the next entries could be sent at once."""
        return self.is_live and self._task is None and not self._is_choked()

    def is_bringing(self, cursor: int, *, epoch: str) -> bool:
        """Whether the replay that runs brings all that follows ``cursor``.

        Who is slow and asks again while it is under way must not make it begin anew.
        """
        is_in_it = self._start <= cursor <= self.cursor
        return is_in_it and not self.is_live and epoch in ("", self._epoch)

    def start(self) -> None:
        """Replay from the cursor, then stay live. The hub must know this follow."""
        self._read_on()

    def stop(self) -> None:
        """End a replay that runs."""
        if self._task is not None:
            self._task.cancel()

    def offer(self, news: News) -> None:
        """Take live entries, or read when they are not exactly the next ones."""
        self.head = max(self.head, news.last)
        if news.first == self.cursor + 1 and self.is_ready:
            self._give(news.last, news.text(staff=self.staff))
        elif news.last > self.cursor or not self.is_live:
            self._read_on()

    def hear(self, seq: int) -> None:
        """Learn that the conversation has come to ``seq``."""
        self.head = max(self.head, seq)
        if self.head > self.cursor or not self.is_live:
            self._read_on()

    def acknowledge(self, seq: int) -> bool:
        """Note that the client has applied up to ``seq``; False if that cannot be."""
        if seq > max(self.cursor, self.sent):
            return False
        self.acked = max(self.acked, seq)
        while self._owed and self._owed[0][0] <= self.acked:
            self._owed_letters -= self._owed.popleft()[1]
        if self.choked_at is not None and not self._is_choked():
            self._read_on()
        return True

    def _is_choked(self) -> bool:
        is_near = self.cursor - self.acked < WINDOW
        if is_near and self._owed_letters < WINDOW_LETTERS:
            self.choked_at = None
            return False
        if self.choked_at is None:
            self.choked_at = time.monotonic()
        return True

    def _read_on(self) -> None:
        if self._task is None and not self._is_choked():
            self._task = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        try:
            while not self._is_choked():
                span, marks = await in_database(
                    _read_after,
                    self.conversation_id,
                    self.cursor,
                    marks=not self.is_live,
                )
                is_all = self._send(span)
                if not is_all or len(span.entries) == MAX_BATCH_ITEMS:
                    continue
                if marks is not None:
                    self.is_live = True
                    self._push(self._synced(marks))
                if self.head <= self.cursor or not span.entries:
                    break
        except Exception:
            # The next bell, or the next look at the heads, makes up for it.
            logger.exception("The log of a conversation could not be read")
        finally:
            self._task = None

    def _send(self, span: Span) -> bool:
        """Send what the window has room for; return whether that was all."""
        if not span.entries:
            return True
        self.head = max(self.head, span.last)
        news = News(self.public_id, self._epoch, span.first, span.last, span.entries)
        for last, text in split(news, staff=self.staff):
            if self._is_choked():
                return False
            self._give(last, text)
        return True

    def _give(self, last: int, text: str) -> None:
        self._push(text)
        self.cursor = last
        self._owed.append((last, len(text)))
        self._owed_letters += len(text)

    def _synced(self, marks: Marks) -> str:
        return to_text(Synced(conv=self.public_id, seq=self.cursor, marks=marks))


def _read_after(
    conversation_id: int, cursor: int, *, marks: bool
) -> tuple[Span, Marks | None]:
    span = entries_after(conversation_id=conversation_id, cursor=cursor)
    if not marks or len(span.entries) == MAX_BATCH_ITEMS:
        return span, None
    found = marks_of(conversation_ids=[conversation_id])
    return span, found[conversation_id]
