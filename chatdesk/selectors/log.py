"""The log, read: entries after a cursor, heads, marks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max

from chatdesk.models import AuthorKind, Conversation, Entry, Mark
from chatdesk.wire.codes import MAX_BATCH_ITEMS
from chatdesk.wire.objects import Marks


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
    lowest = min(cursors.values())
    rows = Entry.objects.filter(conversation_id__in=cursors, seq__gt=lowest)
    found: dict[int, list[Entry]] = {}
    for entry in rows.order_by("conversation_id", "seq")[: MAX_BATCH_ITEMS * 5]:
        if entry.seq > cursors[entry.conversation_id]:
            found.setdefault(entry.conversation_id, []).append(entry)
    return found


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
