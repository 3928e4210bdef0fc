"""What both sides' sockets can say besides messages: hello, ack, read, typing, ping."""

from typing import TYPE_CHECKING, Any

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.errors import ChatRefusal, NotFound, OutOfOrder
from chatdesk.limits import Budget
from chatdesk.realtime.connection import ChatConnection
from chatdesk.realtime.encode import to_text
from chatdesk.realtime.pump import Follow
from chatdesk.services.log import Appended
from chatdesk.services.marks import MarkMove
from chatdesk.services.typing import share_sign, share_typing
from chatdesk.threads import in_database
from chatdesk.wire import frames
from chatdesk.wire.objects import to_ms

if TYPE_CHECKING:
    from chatdesk.models import Conversation

MOST_FOLLOWS = 100


class Talk(ChatConnection):
    """A socket that follows conversations and takes part in them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.follows: dict[str, Follow] = {}
        self._begins_anew: set[str] = set()
        self._is_terse = False
        self._drafts = Budget(get_settings().draft_rate)

    def get_conversation(self, public_id: str) -> "Conversation":
        """Return a conversation this socket may follow, or raise ``NotFound``."""
        raise NotImplementedError

    def answer(self, conv: str, cmid: str, outcome: Appended | ChatRefusal) -> None:
        """Tell what became of a message; called after its commit."""
        if isinstance(outcome, ChatRefusal):
            self.refuse(outcome, cmid=cmid, conv=conv)
            return
        if self._is_terse and self._has_shown(conv, outcome):
            return
        sent = frames.Sent(
            cmid=cmid,
            conv=conv,
            seq=outcome.entry.seq,
            at=to_ms(outcome.entry.at),
            dup=outcome.is_repeat,
            mismatch=outcome.is_mismatch,
        )
        self.push(to_text(sent))

    def _has_shown(self, conv: str, outcome: Appended) -> bool:
        if outcome.is_repeat:
            return False
        follow = self.follows.get(conv)
        return follow is not None and follow.cursor >= outcome.entry.seq

    async def leave(self) -> None:
        """Forget what this socket follows."""
        for follow in self.follows.values():
            self.process.hub.remove(self, follow)

    async def on_hello(self, hello: frames.Hello) -> None:
        """Follow each conversation of a hello from where the client's copy ends."""
        self._is_terse = hello.terse
        for resume in hello.resume:
            await self._follow(resume)

    async def _follow(self, resume: frames.Resume) -> None:
        self._begins_anew.discard(resume.conv)
        known = self.follows.get(resume.conv)
        if known is not None and known.is_bringing(resume.cursor, epoch=resume.epoch):
            known.acknowledge(resume.cursor)
            known.start()
            return
        if known is not None:
            del self.follows[resume.conv]
            self.process.hub.remove(self, known)
        try:
            conversation = await in_database(self.get_conversation, resume.conv)
        except NotFound:
            self._reset(resume.conv, "gone")
            return
        if resume.epoch and resume.epoch != self.process.epoch:
            self._reset(resume.conv, "epoch")
        elif resume.cursor > conversation.head:
            self._reset(resume.conv, "ahead")
        elif self.is_alive:
            self._begin(conversation.pk, resume, known)

    def _begin(
        self, conversation_id: int, resume: frames.Resume, known: Follow | None
    ) -> None:
        follow = Follow(
            conversation_id=conversation_id,
            public_id=resume.conv,
            cursor=resume.cursor,
            epoch=self.process.epoch,
            staff=self.is_staff,
            push=self.push,
            before=known,
        )
        if len(self.follows) >= MOST_FOLLOWS:
            # Clients do not say which they left: an operator opens dialogs all day.
            oldest = self.follows.pop(next(iter(self.follows)))
            self.process.hub.remove(self, oldest)
        self.follows[resume.conv] = follow
        self.process.hub.add(self, follow)
        if resume.cursor:
            # An acknowledgement may have been lost with the socket before this one.
            self.process.marks.want(self._mark_of(follow, delivered=resume.cursor))
        follow.start()

    def follow_of(self, conv: str) -> Follow | None:
        """Return the follow of a conversation, if this socket follows it.

        What was sent before the client heard of a reset is not refused for good: it
        raises ``OutOfOrder``, and may come again after the next hello.
        """
        if conv in self._begins_anew:
            raise OutOfOrder(retry_after=1.0)
        return self.follows.get(conv)

    def on_ack(self, frame: frames.Ack) -> None:
        """Note what the client applied; a number beyond what it was sent is a lie."""
        follow = self.follows.get(frame.conv)
        if follow is None:
            return
        if not follow.acknowledge(frame.seq):
            self._reset(frame.conv, "ahead")
            return
        self._move(follow, delivered=frame.seq)

    def on_read(self, frame: frames.Read) -> None:
        """Note what a person saw, never beyond what this socket was sent."""
        follow = self.follows.get(frame.conv)
        if follow is not None:
            self._move(follow, read=min(frame.seq, max(follow.cursor, follow.sent)))

    def _move(self, follow: Follow, *, delivered: int = 0, read: int = 0) -> None:
        self.process.move_mark(self._mark_of(follow, delivered=delivered, read=read))

    def _mark_of(
        self, follow: Follow, *, delivered: int = 0, read: int = 0
    ) -> MarkMove:
        return MarkMove(
            conversation_id=follow.conversation_id,
            public_id=follow.public_id,
            author_kind=self.actor.author_kind,
            author_id=self.actor.id,
            delivered=delivered,
            read=read,
        )

    def on_eph(self, frame: frames.Eph) -> None:
        """Relay a typing sign while it is fresh; too many are dropped in silence."""
        if frame.conv not in self.follows or self._drafts.spend() is not None:
            return
        at = clock.now()
        if frame.kind == "draft" and self.process.may_peek:
            share_typing(public_id=frame.conv, actor=self.actor, text=frame.text, at=at)
        else:
            share_sign(public_id=frame.conv, actor=self.actor, at=at)

    def on_ping(self, frame: frames.Ping) -> None:
        """Answer a heartbeat, with the heads of what this socket follows."""
        self.is_hidden = frame.hidden
        self.push(to_text(frames.Pong(t=frame.t)))
        heads = {conv: follow.head for conv, follow in self.follows.items()}
        self.push(to_text(frames.Heads(heads=heads)))

    def _reset(self, conv: str, reason: Any) -> None:
        follow = self.follows.pop(conv, None)
        if follow is not None:
            self.process.hub.remove(self, follow)
        if reason != "gone":
            self._begins_anew.add(conv)
        reset = frames.Reset(conv=conv, epoch=self.process.epoch, reason=reason)
        self.push(to_text(reset))
