"""The only writer of the log, so that every promise about it is kept in one place.

``append_entries`` takes a list of drafts and commits them together: it locks the
conversations in the order of their ids, returns the earlier entry for a client id that
is known, asks each draft's rule under the lock, numbers without holes, inserts all
entries at once, stores the changed facts and the promised effects, and rings after the
commit. A refused draft never harms the others.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from chatdesk.doorbell.listeners import Bell
from chatdesk.doorbell.ring import ring
from chatdesk.errors import ChatRefusal, Held, NotFound, OutOfOrder
from chatdesk.models import AuthorKind, Conversation, Entry
from chatdesk.selectors.rows import make_row
from chatdesk.services.effects import Promise, promise_effects
from chatdesk.services.locks import lock_conversations
from chatdesk.services.log_sql import select_known, store
from chatdesk.services.row_text import values_of

WORDS = frozenset({Entry.Kind.MESSAGE, Entry.Kind.NOTE})

# What every message may change, and what only few do: those are stored when they did.
MOVING = (
    "head",
    "preview",
    "preview_author",
    "waiting_since",
    "heard_at",
    "step",
    "alert_at",
    "line_at",
    "latest_entry_at",
)
RARE = (
    "status",
    "operator",
    "first_message_at",
    "begun_online",
    "route_at",
    "first_answered_at",
    "first_answered_by",
    "closed_at",
    "outcome",
    "thumb",
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry that the system writes before the draft that causes it."""

    kind: str
    cmid: UUID
    data: dict[str, Any] | None = None
    staff_only: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """What a draft brings with it: lines before it, and effects promised."""

    leading: tuple[Line, ...] = ()
    promises: tuple[Promise, ...] = ()


ADMITTED = Admission()

Rule = Callable[[Conversation, datetime], Admission]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that somebody wants to be written.

    ``admit`` is called under the row lock. It raises a refusal before it changes
    anything, or changes the facts of the conversation and says what goes with it.
    ``at`` is set only by an import, whose entries carry the moments of the past.
    """

    conversation_id: int
    author_kind: AuthorKind
    author_id: int
    cmid: UUID
    kind: str
    admit: Rule
    text: str = ""
    data: dict[str, Any] | None = None
    staff_only: bool = False
    prev_cmid: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """The entry that stands in the log, and the conversation as it now is.

    A new entry is known by its ``seq``; its row id is not read back.
    """

    entry: Entry
    conversation: Conversation
    is_repeat: bool = False
    is_mismatch: bool = False


Key = tuple[int, UUID, str, int]


@dataclass(slots=True)
class _Batch:
    """What one transaction is about to write."""

    at: datetime
    conversations: dict[int, Conversation]
    held: set[int]
    known: dict[Key, Entry]
    rare: dict[int, tuple[Any, ...]]
    entries: list[Entry] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


def append_entries(
    drafts: Sequence[Draft], *, at: datetime, wait: bool = True
) -> list[Appended | ChatRefusal]:
    """Write drafts in one transaction; answer each in its place.

    ``at`` is the moment that new entries carry. Without ``wait``, drafts for a
    conversation that somebody else holds are refused with ``Held``, so that it delays
    no other. A database error leaves nothing behind and is raised; the caller may send
    the same drafts again.
    """
    wanted = {each.conversation_id for each in drafts}
    with transaction.atomic():
        conversations = lock_conversations(wanted, wait=wait)
        held = set() if wait else _which_exist(wanted - conversations.keys())
        rare = {pk: values_of(row, RARE) for pk, row in conversations.items()}
        batch = _Batch(at, conversations, held, _find_known(drafts), rare)
        results = [_judge(draft, batch) for draft in drafts]
        _write(batch)
    return results


def append(draft: Draft, *, at: datetime) -> Appended:
    """Write one draft; raises its refusal."""
    (result,) = append_entries([draft], at=at)
    if isinstance(result, ChatRefusal):
        raise result
    return result


def _which_exist(ids: set[int]) -> set[int]:
    if not ids:
        return ids
    rows = Conversation.objects.filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))


def _find_known(drafts: Sequence[Draft]) -> dict[Key, Entry]:
    asked = {(draft.conversation_id, draft.cmid) for draft in drafts}
    asked |= {
        (draft.conversation_id, draft.prev_cmid) for draft in drafts if draft.prev_cmid
    }
    return {_key_of(row): row for row in select_known(asked)}


def _key_of(entry: Entry) -> Key:
    return entry.conversation_id, entry.cmid, entry.author_kind, entry.author_id


def _judge(draft: Draft, batch: _Batch) -> Appended | ChatRefusal:
    conversation = batch.conversations.get(draft.conversation_id)
    if conversation is None:
        is_held = draft.conversation_id in batch.held
        return Held(retry_after=1.0) if is_held else NotFound()
    key = (draft.conversation_id, draft.cmid, draft.author_kind, draft.author_id)
    earlier = batch.known.get(key)
    if earlier is not None:
        return Appended(
            earlier,
            conversation,
            is_repeat=True,
            is_mismatch=_differs(earlier, draft),
        )
    if draft.prev_cmid is not None:
        before = (key[0], draft.prev_cmid, draft.author_kind, draft.author_id)
        if before not in batch.known:
            return OutOfOrder()
    at = draft.at or batch.at
    try:
        admission = draft.admit(conversation, at)
    except ChatRefusal as refusal:
        return refusal
    for line in admission.leading:
        _number(_entry_of_line(line, conversation, at), conversation, batch)
    entry = _number(_entry_of_draft(draft, at), conversation, batch)
    batch.promises.extend(admission.promises)
    return Appended(entry, conversation)


def _differs(entry: Entry, draft: Draft) -> bool:
    return (entry.kind, entry.text, entry.data) != (draft.kind, draft.text, draft.data)


def _entry_of_draft(draft: Draft, at: datetime) -> Entry:
    values = {
        "id": None,
        "conversation_id": draft.conversation_id,
        "seq": 0,
        "author_kind": draft.author_kind,
        "author_id": draft.author_id,
        "cmid": draft.cmid,
        "kind": draft.kind,
        "staff_only": draft.staff_only,
        "text": draft.text,
        "data": draft.data,
        "at": at,
    }
    return make_row(Entry, values)


def _entry_of_line(line: Line, conversation: Conversation, at: datetime) -> Entry:
    return Entry(
        conversation_id=conversation.pk,
        author_kind=AuthorKind.SYSTEM,
        cmid=line.cmid,
        kind=line.kind,
        staff_only=line.staff_only,
        data=line.data,
        at=at,
    )


def _number(entry: Entry, conversation: Conversation, batch: _Batch) -> Entry:
    conversation.head += 1
    conversation.latest_entry_at = entry.at
    entry.seq = conversation.head
    batch.entries.append(entry)
    batch.known[_key_of(entry)] = entry
    return entry


def _write(batch: _Batch) -> None:
    if not batch.entries:
        return
    changed = sorted({entry.conversation_id for entry in batch.entries})
    rows = [batch.conversations[pk] for pk in changed]
    is_plain = all(values_of(row, RARE) == batch.rare[row.pk] for row in rows)
    store(
        entries=batch.entries,
        rows=rows,
        facts=MOVING if is_plain else MOVING + RARE,
    )
    if batch.promises:
        promise_effects(batch.promises, at=batch.at)
    bells = list(_bells(batch.entries, batch.conversations))
    transaction.on_commit(lambda: ring(bells), robust=True)


def _bells(
    entries: Iterable[Entry], conversations: dict[int, Conversation]
) -> Iterable[Bell]:
    grouped: dict[int, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.conversation_id, []).append(entry)
    for pk, news in grouped.items():
        conversation = conversations[pk]
        yield Bell(
            conversation_id=pk,
            public_id=conversation.public_id.hex,
            seq=conversation.head,
            entries=tuple(news),
            is_quiet=conversation.status == Conversation.Status.OPEN
            and all(entry.kind in WORDS for entry in news),
        )
