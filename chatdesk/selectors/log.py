"""The log, read: entries after a cursor, heads, marks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from chatdesk.models import AuthorKind, Conversation, Entry, Mark
from chatdesk.selectors.rows import read_rows
from chatdesk.wire.codes import MAX_BATCH_ITEMS
from chatdesk.wire.objects import Marks

MOST_OF_MANY = 5 * MAX_BATCH_ITEMS

# Cursor by cursor: behind the lowest of all, a long dialog has much that nobody needs.
_FOLLOWING = (
    "unnest(%s::bigint[], %s::bigint[]) AS asked(pk, cursor) CROSS JOIN LATERAL"  # noqa: S608 - the table is ours
    f" (SELECT * FROM {Entry._meta.db_table} WHERE conversation_id = asked.pk"
    " AND seq > asked.cursor ORDER BY seq LIMIT %s) AS following"
    " ORDER BY conversation_id, seq LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Entries that cover ``first..last`` without a hole, before any is left out."""

    first: int
    last: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Where one conversation stands."""

    conversation_id: int
    public_id: str
    seq: int


def entries_after(
    *, conversation_id: int, cursor: int, limit: int = MAX_BATCH_ITEMS
) -> Span:
    """Return the entries after ``cursor`` in order, at most ``limit`` of them."""
    rows = Entry.objects.filter(conversation_id=conversation_id, seq__gt=cursor)
    entries = tuple(rows.order_by("seq")[:limit])
    return Span(cursor + 1, entries[-1].seq if entries else cursor, entries)


def entries_before(
    *, conversation_id: int, before: int, limit: int = MAX_BATCH_ITEMS
) -> Span:
    """Return the ``limit`` entries that precede number ``before``, in order."""
    rows = Entry.objects.filter(conversation_id=conversation_id, seq__lt=before)
    entries = tuple(reversed(rows.order_by("-seq")[:limit]))
    return Span(entries[0].seq if entries else before, before - 1, entries)


def entries_of_many(*, cursors: dict[int, int]) -> dict[int, list[Entry]]:
    """Return what follows each cursor, by conversation, with one query.

    Conversations that are far ahead come in part; their readers go on by themselves.
    """
    if not cursors:
        return {}
    found: dict[int, list[Entry]] = {}
    for entry in _after_each(cursors):
        found.setdefault(entry.conversation_id, []).append(entry)
    return found


def _after_each(cursors: dict[int, int]) -> Iterable[Entry]:
    if connection.vendor == "postgresql":
        pairs = [list(cursors), list(cursors.values())]
        return read_rows(Entry, _FOLLOWING, [*pairs, MAX_BATCH_ITEMS, MOST_OF_MANY])
    asked = ", ".join(["(%s, %s)"] * len(cursors))
    values = [each for pair in cursors.items() for each in pair]
    return Entry.objects.raw(
        f"WITH asked(pk, cursor) AS (VALUES {asked}) SELECT one.* FROM asked"  # noqa: S608 - as above
        f" JOIN {Entry._meta.db_table} AS one ON one.conversation_id = asked.pk"
        " AND one.seq > asked.cursor ORDER BY one.conversation_id, one.seq LIMIT %s",
        [*values, MOST_OF_MANY],
    )


def list_heads(*, conversation_ids: Collection[int]) -> list[Head]:
    """Return where conversations stand."""
    rows = Conversation.objects.filter(pk__in=conversation_ids)
    return [
        Head(pk, public_id.hex, head)
        for pk, public_id, head in rows.values_list("pk", "public_id", "head")
    ]


def list_heads_in_progress() -> list[Head]:
    """Return where all unfinished conversations stand."""
    rows = Conversation.objects.in_progress()
    return [
        Head(pk, public_id.hex, head)
        for pk, public_id, head in rows.values_list("pk", "public_id", "head")
    ]


def marks_of(*, conversation_ids: Collection[int]) -> dict[int, Marks]:
    """Return how far each side is, by conversation, with one query."""
    rows = (
        Mark.objects.filter(conversation_id__in=conversation_ids)
        .values("conversation_id", "author_kind")
        .annotate(delivered=Max("delivered_seq"), read=Max("read_seq"))
    )
    sides: dict[int, dict[str, tuple[int, int]]] = {}
    for row in rows:
        side = sides.setdefault(row["conversation_id"], {})
        side[row["author_kind"]] = row["delivered"], row["read"]
    return {pk: _marks(sides.get(pk, {})) for pk in conversation_ids}


def _marks(side: dict[str, tuple[int, int]]) -> Marks:
    visitor = side.get(AuthorKind.VISITOR, (0, 0))
    operator = side.get(AuthorKind.OPERATOR, (0, 0))
    return Marks(
        visitor_delivered=visitor[0],
        visitor_read=visitor[1],
        operator_delivered=operator[0],
        operator_read=operator[1],
    )


def visible(entries: Iterable[Entry], *, staff: bool) -> list[Entry]:
    """Return the entries that this audience may see."""
    return [entry for entry in entries if staff or not entry.staff_only]
