"""Imports: finished dialogs and past presence, from elsewhere or made up for a demo.

They pass through the same log as all others, with the moments of the past. Nothing is
promised to the outside: no alert is raised for a question of last week.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from uuid import UUID, uuid5

from django.db import transaction

from chatdesk.errors import ChatRefusal, Invalid
from chatdesk.models import (
    Assignment,
    AuthorKind,
    Conversation,
    Entry,
    Operator,
    PresencePeriod,
    Rating,
    Visitor,
)
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.log import ADMITTED, Admission, Draft, append_entries
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.messages import PREVIEW_LENGTH
from chatdesk.services.past import PastDialog, PastEntry, PastPresence
from chatdesk.wire.codes import MAX_TEXT_LENGTH
from chatdesk.wire.decode import clean_text

DIALOGS_AT_ONCE = 100
KINDS = frozenset({"message", "note", "taken", "closed", "rated"})
SPOKEN = frozenset({"message", "note"})


def import_dialogs(dialogs: Sequence[PastDialog], *, at: datetime) -> int:
    """Write finished dialogs of the past; return how many were not known yet.

    Each begins with a message of the visitor, goes forward in time and is closed.
    Raises ``Invalid`` otherwise, and then writes nothing of that hundred. Dialogs
    should come in the order in which they began.
    """
    for dialog in dialogs:
        _check(dialog)
    return sum(
        _import_some(dialogs[begin : begin + DIALOGS_AT_ONCE], at=at)
        for begin in range(0, len(dialogs), DIALOGS_AT_ONCE)
    )


def import_presence(periods: Iterable[PastPresence]) -> None:
    """Write who was at the desk, for operators without any record of it."""
    known = set(PresencePeriod.objects.values_list("operator_id", flat=True))
    PresencePeriod.objects.bulk_create(
        PresencePeriod(
            operator_id=period.operator_id,
            state=Operator.Status(period.state),
            from_at=period.from_at,
            to_at=period.to_at,
        )
        for period in periods
        if period.operator_id not in known
    )


def _check(dialog: PastDialog) -> None:
    entries = dialog.entries
    moments = [entry.at for entry in entries]
    if not entries or not _is_question(entries[0]):
        raise Invalid(detail="a dialog begins with a message of the visitor")
    if moments != sorted(moments):
        raise Invalid(detail="a dialog goes forward in time")
    if {entry.kind for entry in entries} - KINDS:
        raise Invalid(detail="an entry of this kind cannot be imported")
    if [entry.kind for entry in entries].count("closed") != 1:
        raise Invalid(detail="a dialog of the past is closed once")


def _is_question(entry: PastEntry) -> bool:
    return entry.kind == "message" and entry.operator_id is None


def _import_some(dialogs: Sequence[PastDialog], *, at: datetime) -> int:
    with transaction.atomic():
        keys = [dialog.key for dialog in dialogs]
        known = Conversation.objects.filter(public_id__in=keys)
        known_keys = set(known.values_list("public_id", flat=True))
        news = [dialog for dialog in dialogs if dialog.key not in known_keys]
        rows = _make_conversations(news)
        drafts = [
            draft for dialog in news for draft in _drafts_of(dialog, rows[dialog.key])
        ]
        for result in append_entries(drafts, at=at) if drafts else ():
            if isinstance(result, ChatRefusal):
                raise result
        _write_beside(news, rows)
    return len(news)


def _make_conversations(dialogs: Sequence[PastDialog]) -> dict[UUID, Conversation]:
    visitors = _make_visitors(dialogs)
    storefront = get_storefront()
    # Closed from the start: a visitor has one unfinished dialog at most.
    rows = Conversation.objects.bulk_create(
        Conversation(
            public_id=dialog.key,
            storefront=storefront,
            visitor=visitors[dialog.visitor.key],
            language=dialog.visitor.language,
            status=Conversation.Status.CLOSED,
            created_at=dialog.entries[0].at,
            begun_online=dialog.begun_online,
        )
        for dialog in dialogs
    )
    return {row.public_id: row for row in rows}


def _make_visitors(dialogs: Sequence[PastDialog]) -> dict[UUID, Visitor]:
    wanted = {dialog.visitor.key: dialog for dialog in reversed(dialogs)}
    found = {row.public_id: row for row in Visitor.objects.filter(public_id__in=wanted)}
    storefront = get_storefront()
    made = Visitor.objects.bulk_create(
        Visitor(
            public_id=key,
            storefront=storefront,
            name=dialog.visitor.name,
            contact=dialog.visitor.contact,
            email=dialog.visitor.email,
            language=dialog.visitor.language,
            user_agent=dialog.visitor.user_agent,
            page_url=dialog.visitor.page_url,
            page_title=dialog.visitor.page_title,
            referrer=dialog.visitor.referrer,
            created_at=dialog.entries[0].at,
            latest_seen_at=dialog.entries[-1].at,
        )
        for key, dialog in wanted.items()
        if key not in found
    )
    return {**found, **{row.public_id: row for row in made}}


def _drafts_of(dialog: PastDialog, row: Conversation) -> Iterator[Draft]:
    for number, entry in enumerate(dialog.entries):
        is_visitor = entry.operator_id is None
        text = entry.text
        if entry.kind in SPOKEN:
            text = clean_text(text, max_length=MAX_TEXT_LENGTH)
        yield Draft(
            conversation_id=row.pk,
            author_kind=AuthorKind.VISITOR if is_visitor else AuthorKind.OPERATOR,
            author_id=entry.operator_id or row.visitor_id,
            cmid=uuid5(dialog.key, str(number)),
            kind=entry.kind,
            admit=partial(_admit, entry),
            text=text,
            data=dict(entry.data) if entry.data else None,
            staff_only=entry.kind == Entry.Kind.NOTE,
            at=entry.at,
        )


def _admit(entry: PastEntry, conversation: Conversation, at: datetime) -> Admission:
    data = entry.data or {}
    match entry.kind:
        case Entry.Kind.MESSAGE:
            _admit_message(entry, conversation, at)
        case Entry.Kind.TAKEN:
            conversation.operator_id = entry.operator_id
        case Entry.Kind.CLOSED:
            conversation.closed_at = at
            conversation.outcome = data.get("outcome", "")
        case Entry.Kind.RATED:
            conversation.thumb = data["thumb"]
    return ADMITTED


def _admit_message(entry: PastEntry, conversation: Conversation, at: datetime) -> None:
    conversation.preview = entry.text.strip()[:PREVIEW_LENGTH]
    if entry.operator_id is None:
        conversation.preview_author = AuthorKind.VISITOR
        conversation.first_message_at = conversation.first_message_at or at
        return
    conversation.preview_author = AuthorKind.OPERATOR
    if conversation.first_answered_at is None:
        conversation.first_answered_at = at
        conversation.first_answered_by_id = entry.operator_id


def _write_beside(
    dialogs: Sequence[PastDialog], rows: Mapping[UUID, Conversation]
) -> None:
    Assignment.objects.bulk_create(
        each for dialog in dialogs for each in _assignments(dialog, rows[dialog.key])
    )
    Rating.objects.bulk_create(
        each for dialog in dialogs for each in _ratings(dialog, rows[dialog.key])
    )
    move_marks(
        [move for dialog in dialogs for move in _marks(dialog, rows[dialog.key])]
    )


def _assignments(dialog: PastDialog, row: Conversation) -> Iterator[Assignment]:
    changes = [each for each in dialog.entries if each.kind in {"taken", "closed"}]
    for entry, following in pairwise(changes):
        if entry.kind == "taken" and entry.operator_id is not None:
            yield Assignment(
                conversation=row,
                operator_id=entry.operator_id,
                reason=Assignment.Reason.TAKEN,
                from_at=entry.at,
                to_at=following.at,
            )


def _ratings(dialog: PastDialog, row: Conversation) -> Iterator[Rating]:
    rated = [entry for entry in dialog.entries if entry.kind == "rated"]
    taken = [entry for entry in dialog.entries if entry.kind == "taken"]
    for entry in rated[-1:]:
        data = entry.data or {}
        yield Rating(
            conversation=row,
            operator_id=taken[-1].operator_id if taken else None,
            thumb=data["thumb"],
            comment=data.get("comment", ""),
            rated_at=entry.at,
        )


def _marks(dialog: PastDialog, row: Conversation) -> Iterator[MarkMove]:
    # Nobody has anything left to read of what is over.
    head = len(dialog.entries)
    readers = [(AuthorKind.VISITOR, row.visitor_id)]
    operators = {entry.operator_id for entry in dialog.entries if entry.operator_id}
    readers += [(AuthorKind.OPERATOR, pk) for pk in sorted(operators)]
    for kind, author_id in readers:
        yield MarkMove(
            conversation_id=row.pk,
            public_id=row.public_id.hex,
            author_kind=kind,
            author_id=author_id,
            delivered=head,
            read=head,
        )
