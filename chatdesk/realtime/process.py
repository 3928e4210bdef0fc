"""One a process: what its sockets share, and what it looks after by the clock.

It hears bells of this process and of others, looks at the heads of the log in case a
bell was lost, renews the leases of operators it hears from, and runs what is due.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from chatdesk.actors import OperatorActor
from chatdesk.doorbell.groups import BELLS, MARKS, WHISPER
from chatdesk.doorbell.listeners import Bell, MarkBell, Whisper, listen
from chatdesk.doorbell.polls import wake, wake_for_marks
from chatdesk.realtime.clockwork import Clockwork
from chatdesk.realtime.collector import calm_collector
from chatdesk.realtime.encode import News
from chatdesk.realtime.hub import Follower, Hub
from chatdesk.realtime.inbox_feed import InboxFeed
from chatdesk.realtime.layer import LayerSubscription
from chatdesk.realtime.line_feed import LineFeed
from chatdesk.realtime.mark_watch import MarkWatch
from chatdesk.realtime.tabs import Tabs
from chatdesk.realtime.team import TeamFeed
from chatdesk.realtime.writer import Writer
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.log import entries_of_many
from chatdesk.services.marks import MarkMove
from chatdesk.threads import close_readers, in_database
from chatdesk.wire.codes import Goodbye

if TYPE_CHECKING:
    from chatdesk.models import Entry

MARKS_SOON_S = 0.1
MARKS_LATER_S = 0.5
MANY_MARKS = 50
BELL_WITHIN_S = 0.2
FAREWELL_S = 0.3
PAUSE_S = 1.0

logger = logging.getLogger(__name__)


class Process:
    """What the sockets of one event loop share."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.epoch = ""
        self.availability_text = ""
        self.may_peek = False
        self.sockets: set[Follower] = set()
        self.operators: set[Follower] = set()
        self.tabs = Tabs()
        self.counts: Counter[str] = Counter()
        self.hub = Hub()
        self.writer = Writer()
        self.inbox = InboxFeed(self.operators)
        self.line = LineFeed(self.hub)
        self.team = TeamFeed(self.operators)
        self.marks = MarkWatch(self)
        self._loop = asyncio.get_running_loop()
        self._layer = LayerSubscription(process=self.id, hear=self._hear_remote)
        self._remote: dict[str, Bell] = {}
        self._reading: asyncio.Task[None] | None = None
        self._moves: list[MarkMove] = []
        self._is_crowded = False
        self._clockwork = Clockwork(self)
        self._ready = asyncio.Event()
        self._life = self._loop.create_task(self._live())

    @classmethod
    def start(cls) -> "Process":
        """Return the process of this event loop, which begins to run if it did not."""
        loop = asyncio.get_running_loop()
        process = _processes.get(loop)
        if process is None or process._life.done():
            process = _processes[loop] = cls()
        return process

    @classmethod
    async def running(cls) -> "Process":
        """Return the process of this event loop, started and ready."""
        process = cls.start()
        await process._ready.wait()
        return process

    async def stop(self) -> None:
        """Send the sockets elsewhere, end all that runs, close database connections."""
        serving = {socket.task for socket in self.sockets if socket.task is not None}
        for socket in list(self.sockets):
            socket.end(Goodbye.RESTART)
        if serving:
            await asyncio.wait(serving, timeout=FAREWELL_S)
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)

    @property
    def layer_state(self) -> str:
        """Whether other processes hear this one."""
        return self._layer.state

    def figures(self) -> dict[str, float]:
        """Return what this process counts, by name."""
        return {
            "sockets": len(self.sockets),
            "operators": len(self.operators),
            "bells_lost": self._layer.lost,
            "batches": self.writer.batches,
            "messages": self.writer.messages,
            "commit_seconds": self.writer.commit_seconds,
            **self.counts,
        }

    def hear(self, bells: Sequence[Bell]) -> None:
        """Take the bells of one committed batch, from any thread."""
        self._call(self._bring, bells)

    def hear_marks(self, bells: Sequence[MarkBell]) -> None:
        """Take marks, from any thread."""
        self._call(self._mark, bells)

    def overhear(self, whisper: Whisper) -> None:
        """Take a typing sign or a draft, from any thread."""
        self._call(self._relay, whisper)

    def publish(self, message: dict[str, Any]) -> None:
        """Carry a message to the other processes, from any thread."""
        self._call(self._layer.publish, message)

    def move_mark(self, move: MarkMove) -> None:
        """Store how far a participant is, soon and together with others."""
        self.marks.want(move)
        if not self._moves:
            pause = MARKS_LATER_S if self._is_crowded else MARKS_SOON_S
            self._loop.call_later(pause, self._flush_marks)
        self._moves.append(move)

    def note_heads(self, heads: Sequence[Bell]) -> None:
        """Take where a look found conversations, perhaps beyond all bells.

        The bell of what was just committed is still under way: only what is unknown a
        moment later was missed, and is read together.
        """
        for head in heads:
            wake(head.conversation_id, seq=head.seq)
        self._loop.call_later(BELL_WITHIN_S, self._make_up, heads)

    def _call(self, function: Any, *args: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)

    def _bring(self, bells: Sequence[Bell]) -> None:
        for bell in bells:
            if self.hub.is_followed(bell.public_id):
                self._offer(bell, bell.entries)
            self.inbox.note(bell)

    def _mark(self, bells: Sequence[MarkBell]) -> None:
        for bell in bells:
            self.hub.mark(bell)
            if bell.author_kind != OperatorActor.author_kind:
                continue
            wake_for_marks(bell.conversation_id)
            if bell.read:
                row = Bell(bell.conversation_id, bell.public_id, 0, is_quiet=True)
                self.inbox.note(row)

    def _flush_marks(self) -> None:
        moves, self._moves = self._moves, []
        self._is_crowded = len(moves) >= MANY_MARKS
        if moves:
            self.writer.put_marks(moves)

    def _hear_remote(self, message: dict[str, Any]) -> None:
        # Another release may say what this one does not know: that is ignored.
        if message.get("v") != 1:
            self.counts["unknown_bells"] += 1
        elif message["type"] == BELLS:
            for pk, public_id, seq, is_quiet in message["bells"]:
                self._note_remote(Bell(pk, public_id, seq, is_quiet=is_quiet))
        elif message["type"] == MARKS:
            self._mark([MarkBell(*values) for values in message["marks"]])
        elif message["type"] == WHISPER:
            fields = Whisper.__slots__
            self._relay(Whisper(**{name: message[name] for name in fields}))

    def _relay(self, whisper: Whisper) -> None:
        if whisper.kind == "earned":
            self.team.tell_earned(whisper)
        else:
            self.hub.relay(whisper)

    def _note_remote(self, bell: Bell) -> None:
        self.inbox.note(bell)
        wake(bell.conversation_id, seq=bell.seq)
        if self.hub.is_followed(bell.public_id):
            self._read_soon(bell)

    def _make_up(self, heads: Sequence[Bell]) -> None:
        for head in heads:
            self.inbox.note_missed(head)
            public_id, seq = head.public_id, head.seq
            if not self.hub.is_behind(public_id=public_id, seq=seq):
                continue
            known = self._remote.get(public_id)
            if known is None or known.seq < seq:
                unaware = self.hub.count_unaware(public_id=public_id, seq=seq)
                self.counts["doorbell_misses"] += unaware
                known = head
            self._read_soon(known)

    def _read_soon(self, bell: Bell) -> None:
        self._remote[bell.public_id] = bell
        if self._reading is None:
            self._reading = self._loop.create_task(self._read_remote())

    async def _read_remote(self) -> None:
        try:
            while self._remote:
                bells = list(self._remote.values())
                cursors = self.hub.lowest_cursors(self._remote)
                found = await in_database(entries_of_many, cursors=cursors)
                for bell in bells:
                    if self._remote[bell.public_id] is bell:
                        del self._remote[bell.public_id]
                    self._offer(bell, found.get(bell.conversation_id, ()))
        except Exception:
            # The next look at the heads makes up for it.
            logger.exception("Entries of another process could not be read")
        finally:
            self._reading = None

    def _offer(self, bell: Bell, entries: Sequence["Entry"]) -> None:
        if not entries:
            self.hub.hear(public_id=bell.public_id, seq=bell.seq)
            return
        first, last = entries[0].seq, entries[-1].seq
        self.hub.offer(News(bell.public_id, self.epoch, first, last, entries))
        if last < bell.seq:
            self.hub.hear(public_id=bell.public_id, seq=bell.seq)

    async def _live(self) -> None:
        leave = listen(self)
        try:
            await self._begin()
            calm_collector()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._layer.run())
                group.create_task(self._clockwork.run())
        finally:
            self._ready.set()
            self.inbox.close()
            self._flush_marks()
            # The last commits ring, and a layer may need this loop for that.
            await asyncio.to_thread(self.writer.close)
            await asyncio.to_thread(self._clockwork.close)
            leave()
            close_readers()
            await self._layer.close()

    async def _begin(self) -> None:
        while not self._ready.is_set():
            try:
                self.epoch = await in_database(current_epoch)
                await self._clockwork.look_around()
                self._ready.set()
            except Exception:
                # Sockets wait for the database; pages of the shop do not wait for us.
                logger.exception("The process cannot begin yet")
                await asyncio.sleep(PAUSE_S)


_processes: WeakKeyDictionary[asyncio.AbstractEventLoop, Process]
_processes = WeakKeyDictionary()
