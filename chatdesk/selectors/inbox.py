"""The operators' list: a row a conversation, its head is its version."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chatdesk.errors import Invalid
from chatdesk.models import AuthorKind, Conversation, Entry, Mark
from chatdesk.wire.answers import LeftPage
from chatdesk.wire.objects import InboxRow, to_ms

AUTHORS = {
    AuthorKind.VISITOR: "visitor",
    AuthorKind.OPERATOR: "operator",
    AuthorKind.SYSTEM: "system",
    "": "",
}
MOST_ROWS = 200
# More are not counted, so that a flood nobody reads costs a list no more than a talk.
MOST_UNREAD = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LONGEST_KEY = 40

# What a row shows; a dialog and its people have twice as many columns.
SHOWN = (
    "public_id",
    "head",
    "status",
    "preview",
    "preview_author",
    "created_at",
    "latest_entry_at",
    "waiting_since",
    "letter_due_at",
    "language",
    "closed_at",
    "outcome",
    "thumb",
    "heard_at",
    "line_at",
    "step",
    "left_at",
    "followed_at",
    "offered_to_id",
    "offer_note",
    "visitor__name",
    "operator__name",
    "department__name",
)


class _Number(Subquery):
    """How many rows a query finds, which ends where the query is cut."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS few)"
    output_field = IntegerField()


def list_inbox() -> list[InboxRow]:
    """Return unfinished conversations: the longest waiting first, the answered last."""
    longest_first = F("waiting_since").asc(nulls_last=True)
    rows = Conversation.objects.in_progress().order_by(longest_first, "pk")
    return _rows(rows[:MOST_ROWS])


def list_rows(*, public_ids: Collection[str]) -> list[InboxRow]:
    """Return the rows of the named conversations, finished ones too."""
    named = Conversation.objects.filter(
        public_id__in=[UUID(each) for each in public_ids]
    )
    return _rows(named.begun())


def list_closed(*, before: int | None, limit: int) -> tuple[list[InboxRow], int | None]:
    """Return a page of finished conversations, newest first, and where the next begins.

    ``before`` and the returned number are the page's key, not an offset.
    """
    rows = Conversation.objects.begun().filter(status=Conversation.Status.CLOSED)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    page = list(_with_unread(rows.order_by("-pk"))[: limit + 1])
    following = page[limit - 1].pk if len(page) > limit else None
    return [_row(each) for each in page[:limit]], following


def list_left(*, before: str, limit: int) -> LeftPage:
    """Return a page of those left without an answer, the latest first.

    ``before`` is the key of the page before, empty for the first; raises ``Invalid``
    for one that is none. What somebody has seen to since is not among them.
    """
    left = Conversation.objects.to_follow()
    rows = left.filter(_is_before(before)) if before else left
    page = list(_with_unread(rows.order_by("-left_at", "-pk"))[: limit + 1])
    return LeftPage(
        rows=tuple(_row(each) for each in page[:limit]),
        next=_key_of(page[limit - 1]) if len(page) > limit else None,
        total=left.count(),
    )


def _key_of(row: Conversation) -> str:
    return f"{((row.left_at or EPOCH) - EPOCH) // MICROSECOND}.{row.pk}"


def _is_before(key: str) -> Q:
    try:
        micros, pk = (int(part) for part in key[:LONGEST_KEY].split("."))
        moment = EPOCH + micros * MICROSECOND
    except (ValueError, OverflowError) as error:
        raise Invalid from error
    return Q(left_at__lte=moment) & (Q(left_at__lt=moment) | Q(pk__lt=pk))


def _rows(rows: QuerySet[Conversation]) -> list[InboxRow]:
    return [_row(each) for each in _with_unread(rows)]


def _with_unread(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    read = (
        Mark.objects.filter(
            conversation=OuterRef(OuterRef("pk")), author_kind=AuthorKind.OPERATOR
        )
        .order_by("-read_seq")
        .values("read_seq")[:1]
    )
    unread = Entry.objects.filter(
        conversation=OuterRef("pk"),
        kind=Entry.Kind.MESSAGE,
        author_kind=AuthorKind.VISITOR,
        seq__gt=Coalesce(Subquery(read), 0),
    )
    annotated: QuerySet[Conversation] = (
        rows.select_related("visitor", "operator", "department")
        .only(*SHOWN)
        .annotate(unread=_Number(unread.values("pk")[:MOST_UNREAD]))
    )
    return annotated


def _row(conversation: Conversation) -> InboxRow:
    operator, department = conversation.operator, conversation.department
    offered_to = conversation.offered_to_id
    shown_at = conversation.latest_entry_at or conversation.created_at
    return InboxRow(
        conv=conversation.public_id.hex,
        head=conversation.head,
        status=conversation.status,
        visitor=conversation.visitor.name,
        visitor_number=conversation.visitor_id,
        preview=conversation.preview,
        preview_author=AUTHORS[conversation.preview_author],
        preview_at=to_ms(shown_at),
        owner=None if operator is None else str(operator.pk),
        owner_name="" if operator is None else operator.name,
        waiting_since=_ms(conversation.waiting_since),
        letter_due_at=_ms(conversation.letter_due_at),
        unread=getattr(conversation, "unread", 0),
        language=conversation.language,
        closed_at=_ms(conversation.closed_at),
        outcome=conversation.outcome,
        thumb=conversation.thumb or None,
        department="" if department is None else department.name,
        heard_at=_ms(conversation.heard_at),
        line_at=_ms(conversation.line_at),
        raised=conversation.is_raised,
        left_at=_ms(conversation.left_at) if conversation.is_to_follow else None,
        offered_to=None if offered_to is None else str(offered_to),
        offer_note=conversation.offer_note,
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)
