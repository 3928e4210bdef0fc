"""The hub: which sockets of this process follow which conversation, and fan-out."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.doorbell.listeners import MarkBell, Whisper
from chatdesk.realtime.encode import News, to_text
from chatdesk.realtime.pump import Follow
from chatdesk.selectors.inbox import AUTHORS
from chatdesk.wire.codes import Goodbye
from chatdesk.wire.frames import EphRelay, MarksChanged
from chatdesk.wire.objects import Marks


class Follower(Protocol):
    """A socket that follows conversations."""

    id: UUID
    actor: VisitorActor | OperatorActor
    is_staff: bool
    is_hidden: bool
    was_hidden: bool
    has_said_hello: bool
    opened_at: float
    heard_at: float
    touched_at: float
    noted_at: float
    session_key: str
    task: asyncio.Task[Any] | None
    follows: dict[str, Follow]

    def end(self, code: Goodbye) -> None:
        """Close the socket with a reason."""

    def push(self, text: str) -> None:
        """Send a frame without waiting."""


class Hub:
    """Follows by conversation, and what both sides have marked."""

    def __init__(self) -> None:
        self._follows: defaultdict[str, dict[Follower, Follow]] = defaultdict(dict)
        self._marks: dict[str, dict[str, tuple[int, int]]] = {}

    def add(self, follower: Follower, follow: Follow) -> None:
        """Let a socket follow a conversation; call before the log is read for it."""
        self._follows[follow.public_id][follower] = follow

    def remove(self, follower: Follower, follow: Follow) -> None:
        """Forget a follow; the last one takes the conversation with it."""
        follow.stop()
        sockets = self._follows.get(follow.public_id)
        if sockets is None:
            return
        sockets.pop(follower, None)
        if not sockets:
            del self._follows[follow.public_id]
            self._marks.pop(follow.public_id, None)

    def followed_ids(self) -> set[int]:
        """Return the conversations that a socket here follows."""
        return {follow.conversation_id for follow in self.follows()}

    def follows(self) -> Iterable[Follow]:
        """Return every follow of this process."""
        for sockets in self._follows.values():
            yield from sockets.values()

    def is_followed(self, public_id: str) -> bool:
        """Return whether a socket here follows the conversation."""
        return public_id in self._follows

    def has_visitors(self) -> bool:
        """Return whether any visitor's socket follows anything here."""
        return any(
            not follower.is_staff
            for sockets in self._follows.values()
            for follower in sockets
        )

    def tell_visitor(self, public_id: str, text: str) -> None:
        """Send a frame to the visitor's sockets that follow a conversation."""
        for follower in self._follows.get(public_id, {}):
            if not follower.is_staff:
                follower.push(text)

    def offer(self, news: News) -> None:
        """Offer entries to the sockets that follow their conversation."""
        for follow in self._follows.get(news.public_id, {}).values():
            follow.offer(news)

    def hear(self, *, public_id: str, seq: int) -> None:
        """Learn a head without its entries: each socket reads for itself."""
        for follow in self._follows.get(public_id, {}).values():
            follow.hear(seq)

    def is_behind(self, *, public_id: str, seq: int) -> bool:
        """Return whether a socket here should be brought something up to a head."""
        follows = self._follows.get(public_id, {}).values()
        return any(follow.cursor < seq or not follow.is_live for follow in follows)

    def count_unaware(self, *, public_id: str, seq: int) -> int:
        """Return how many live sockets here have not heard of a head."""
        follows = self._follows.get(public_id, {}).values()
        return sum(follow.is_live and follow.head < seq for follow in follows)

    def lowest_cursors(self, public_ids: Iterable[str]) -> dict[int, int]:
        """Return from where the sockets that can take more need the conversations."""
        lowest: dict[int, int] = {}
        for public_id in public_ids:
            for follow in self._follows.get(public_id, {}).values():
                if follow.is_ready:
                    known = lowest.get(follow.conversation_id, follow.cursor)
                    lowest[follow.conversation_id] = min(known, follow.cursor)
        return lowest

    def told(self, public_id: str, author_kind: str) -> tuple[int, int]:
        """Return how far sockets here were told that a side is: delivered, read."""
        return self._marks.get(public_id, {}).get(author_kind, (0, 0))

    def mark(self, bell: MarkBell) -> None:
        """Tell how far a side is: the other side always, its own when it has read."""
        sockets = self._follows.get(bell.public_id)
        if not sockets:
            return
        sides = self._marks.setdefault(bell.public_id, {})
        delivered, read = self.told(bell.public_id, bell.author_kind)
        is_read = bell.read > read
        sides[bell.author_kind] = (max(delivered, bell.delivered), max(read, bell.read))
        text = to_text(MarksChanged(conv=bell.public_id, marks=_marks(sides)))
        by_staff = bell.author_kind == OperatorActor.author_kind
        for follower in sockets:
            if is_read or follower.is_staff != by_staff:
                follower.push(text)

    def relay(self, sign: Whisper) -> None:
        """Show a typing sign or a draft to the other side, if it is there."""
        by_staff = sign.author == OperatorActor.author_kind
        sockets = self._follows.get(sign.public_id, {})
        others = [each for each in sockets if each.is_staff != by_staff]
        if not others:
            return
        text = to_text(
            EphRelay(
                conv=sign.public_id,
                kind=sign.kind,
                author=AUTHORS[sign.author],
                at=sign.at,
                by=sign.by or None,
                text=sign.text,
            )
        )
        for follower in others:
            follower.push(text)


def _marks(sides: dict[str, tuple[int, int]]) -> Marks:
    visitor = sides.get(VisitorActor.author_kind, (0, 0))
    operator = sides.get(OperatorActor.author_kind, (0, 0))
    return Marks(
        visitor_delivered=visitor[0],
        visitor_read=visitor[1],
        operator_delivered=operator[0],
        operator_read=operator[1],
    )
