"""Finds marks that no bell told of, or that could not be stored, by a look at them.

A conversation whose both sides have read all is left alone until it goes on.
"""

from typing import TYPE_CHECKING

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.doorbell.listeners import MarkBell
from chatdesk.selectors.log import marks_of
from chatdesk.services.marks import MarkMove
from chatdesk.threads import in_database
from chatdesk.wire.objects import Marks

if TYPE_CHECKING:
    from chatdesk.realtime.process import Process

Key = tuple[int, str]


class MarkWatch:
    """What this process was asked to mark, beside what its sockets were told."""

    def __init__(self, process: "Process") -> None:
        self._process = process
        self._wanted: dict[Key, MarkMove] = {}
        self._wanted_before: dict[Key, MarkMove] = {}
        self._at_rest: dict[int, int] = {}

    def want(self, move: MarkMove) -> None:
        """Remember a mark until it is seen in the database."""
        key = move.conversation_id, str(move.author_kind)
        known = self._wanted.get(key)
        if known is not None:
            move = move.joined_by(delivered=known.delivered, read=known.read)
        self._wanted[key] = move

    async def look(self) -> None:
        """Store again what was lost, and tell what was not told."""
        heads = {
            follow.conversation_id: (follow.public_id, follow.head)
            for follow in self._process.hub.follows()
        }
        restless = {
            pk for pk, (_, head) in heads.items() if self._at_rest.get(pk) != head
        }
        wanted = dict(self._wanted)
        ids = restless | {pk for pk, _ in wanted}
        if ids:
            for pk, marks in (
                await in_database(marks_of, conversation_ids=ids)
            ).items():
                self._compare(pk, marks, heads.get(pk))
        self._wanted_before = wanted
        self._at_rest = {pk: at for pk, at in self._at_rest.items() if pk in heads}

    def _compare(self, pk: int, marks: Marks, place: tuple[str, int] | None) -> None:
        sides = {
            VisitorActor.author_kind: (marks.visitor_delivered, marks.visitor_read),
            OperatorActor.author_kind: (marks.operator_delivered, marks.operator_read),
        }
        for kind, (delivered, read) in sides.items():
            self._store_again((pk, str(kind)), delivered, read)
        if place is None:
            return
        public_id, head = place
        bells = [
            MarkBell(pk, public_id, str(kind), delivered, read)
            for kind, (delivered, read) in sides.items()
            if self._is_news(public_id, str(kind), delivered, read)
        ]
        if bells:
            self._process.hear_marks(bells)
        if all(read == head for _, read in sides.values()):
            self._at_rest[pk] = head

    def _store_again(self, key: Key, delivered: int, read: int) -> None:
        move = self._wanted.get(key)
        if move is None:
            return
        if delivered >= move.delivered and read >= move.read:
            del self._wanted[key]
        elif self._wanted_before.get(key) is move:
            # Not on its way any more: it had the whole time since the latest look.
            self._process.move_mark(move)

    def _is_news(self, public_id: str, kind: str, delivered: int, read: int) -> bool:
        known = self._process.hub.told(public_id, kind)
        return delivered > known[0] or read > known[1]
