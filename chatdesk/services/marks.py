"""Marks: how far participants have applied and read. They only grow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from chatdesk.doorbell.listeners import MarkBell
from chatdesk.doorbell.ring import ring_marks
from chatdesk.models import AuthorKind, Mark


@dataclass(frozen=True, slots=True)
class MarkMove:
    """A participant says how far he is; ``public_id`` names the conversation."""

    conversation_id: int
    public_id: str
    author_kind: AuthorKind
    author_id: int
    delivered: int = 0
    read: int = 0

    def joined_by(self, *, delivered: int, read: int) -> "MarkMove":
        """Return a move at least so far."""
        return MarkMove(
            self.conversation_id,
            self.public_id,
            self.author_kind,
            self.author_id,
            max(self.delivered, delivered),
            max(self.read, read),
        )


def move_marks(moves: Sequence[MarkMove]) -> None:
    """Move cursors forward, with one statement; a smaller number changes nothing.

    What is read is delivered too. The number must have been checked against the head.
    """
    merged = list(_merge(moves))
    if not merged:
        return
    greatest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    table = Mark._meta.db_table
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(merged))
    values = [
        value
        for move in merged
        for value in (
            move.conversation_id,
            str(move.author_kind),
            move.author_id,
            move.delivered,
            move.read,
        )
    ]
    sql = (
        f"INSERT INTO {table} AS known (conversation_id, author_kind, author_id,"  # noqa: S608 - only the table's own name is put in
        f" delivered_seq, read_seq) VALUES {rows}"
        " ON CONFLICT (conversation_id, author_kind, author_id) DO UPDATE SET"
        f" delivered_seq = {greatest}(known.delivered_seq, excluded.delivered_seq),"
        f" read_seq = {greatest}(known.read_seq, excluded.read_seq)"
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        bells = [
            MarkBell(
                move.conversation_id,
                move.public_id,
                str(move.author_kind),
                move.delivered,
                move.read,
            )
            for move in merged
        ]
        transaction.on_commit(lambda: ring_marks(bells), robust=True)


def _merge(moves: Iterable[MarkMove]) -> Iterable[MarkMove]:
    merged: dict[tuple[int, str, int], MarkMove] = {}
    for move in moves:
        key = (move.conversation_id, move.author_kind, move.author_id)
        known = merged.get(key, move)
        read = max(known.read, move.read)
        delivered = max(known.delivered, read)
        merged[key] = move.joined_by(delivered=delivered, read=read)
    # In one order for everybody: rows locked crosswise would be a deadlock.
    return [merged[key] for key in sorted(merged)]
