"""A client's copy of one conversation: a snapshot, and entries applied to it."""

from typing import Any

import msgspec

from chatdesk.conf import get_settings
from chatdesk.models import Conversation
from chatdesk.selectors.conversations import list_for_visitor
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.inbox import list_rows
from chatdesk.selectors.log import entries_after, marks_of
from chatdesk.selectors.snapshots import conversation_of, entries_of
from chatdesk.selectors.visitors import actor_of
from chatdesk.wire.objects import Entry, to_ms

# What a row says of the visitor, who is not part of the log.
OF_THE_VISITOR = ("visitor", "visitor_number", "language")
# A place in line depends on the others too, and comes with the row alone.
OF_THE_LINE = ("line_at",)
NO_OFFER = {"offered_to": None, "offer_note": ""}
# The visitor's side shows who spoke or took last, by the log itself; that a dialog was
# given back stays among staff.
AMONG_STAFF = ("status", "operator")


def staff_snapshot(conversation: Conversation) -> dict[str, Any]:
    """Return the row of the list as the server makes it now."""
    (row,) = list_rows(public_ids=[conversation.public_id.hex])
    fields = msgspec.structs.asdict(row)
    return {
        name: fields[name]
        for name in fields
        if name not in (*OF_THE_VISITOR, *OF_THE_LINE)
    }


def visitor_snapshot(conversation: Conversation) -> dict[str, Any]:
    """Return the visitor's dialog as the server makes it now."""
    rows = list_for_visitor(actor=actor_of(conversation.visitor), limit=20)
    (row,) = [each for each in rows if each.pk == conversation.pk]
    fields = msgspec.structs.asdict(conversation_of(row, epoch=current_epoch()))
    fields["is_closed"] = fields["status"] == "closed"
    return {name: fields[name] for name in fields if name not in AMONG_STAFF}


class Replica:
    """One side's copy: it starts from a snapshot and then knows only the log."""

    def __init__(self, conversation: Conversation, *, staff: bool) -> None:
        self._conversation = conversation
        self._staff = staff
        self.fields = self._snapshot()
        self.entries: list[Entry] = []
        self._read: set[int] = set()
        self._replay()

    def catch_up(self) -> None:
        """Apply what came after the cursor, as a socket would bring it."""
        span = entries_after(
            conversation_id=self._conversation.pk, cursor=self.fields["head"]
        )
        self.fields["head"] = span.last
        if self._staff and span.entries:
            # Every entry moves a row to its place in the list, seen or not.
            self.fields["preview_at"] = to_ms(span.entries[-1].at)
        for entry in entries_of(span, staff=self._staff):
            self.entries.append(entry)
            apply = getattr(self, f"_{entry.kind}")
            apply(entry, entry.data or {})
        if self._staff:
            self._count_unread()

    def fresh(self) -> "Replica":
        """Return the copy of a client that has just come."""
        return Replica(self._conversation, staff=self._staff)

    def _snapshot(self) -> dict[str, Any]:
        look = staff_snapshot if self._staff else visitor_snapshot
        return look(self._conversation)

    def _replay(self) -> None:
        span = entries_after(conversation_id=self._conversation.pk, cursor=0)
        self.entries = list(entries_of(span, staff=self._staff))

    def _count_unread(self) -> None:
        marks = marks_of(conversation_ids=[self._conversation.pk])
        read = marks[self._conversation.pk].operator_read
        self.fields["unread"] = sum(
            entry.author == "visitor" and entry.kind == "message" and entry.seq > read
            for entry in self.entries
        )

    def _set(self, **changes: Any) -> None:
        self.fields.update(
            {name: value for name, value in changes.items() if name in self.fields}
        )

    def _message(self, entry: Entry, _data: dict[str, Any]) -> None:
        is_first = self.fields.get("waiting_since") is None
        if entry.author == "operator":
            self._set(waiting_since=None, raised=False, left_at=None)
        elif is_first:
            self._set(waiting_since=entry.at)
        if entry.author == "visitor":
            self._set(heard_at=entry.at)
        self._set(preview=entry.text[:160], preview_author=entry.author)

    def _taken(self, entry: Entry, data: dict[str, Any]) -> None:
        self._set(status="open", owner=entry.by, owner_name=data["name"], **NO_OFFER)

    def _released(self, _entry: Entry, _data: dict[str, Any]) -> None:
        self._set(status="waiting", owner=None, owner_name="", **NO_OFFER)

    def _closed(self, entry: Entry, data: dict[str, Any]) -> None:
        if self._is_left_by(entry):
            self._set(left_at=entry.at)
        again = get_settings().reopen_within.total_seconds() * 1000
        self._set(
            status="closed",
            is_closed=True,
            closed_at=entry.at,
            reopens_until=entry.at + int(again),
            outcome=data.get("outcome", ""),
            waiting_since=None,
            raised=False,
            **NO_OFFER,
        )

    def _is_left_by(self, entry: Entry) -> bool:
        since, limit = self.fields.get("waiting_since"), get_settings().limit
        answers = (each for each in self.entries if each.kind == "message")
        return (
            entry.author != "operator"
            and since is not None
            and entry.at - since >= limit.total_seconds() * 1000
            and not any(each.author == "operator" for each in answers)
        )

    def _reopened(self, _entry: Entry, _data: dict[str, Any]) -> None:
        self._released(_entry, _data)
        self._set(is_closed=False, closed_at=None, reopens_until=None, outcome="")

    def _rated(self, _entry: Entry, data: dict[str, Any]) -> None:
        self._set(thumb=data["thumb"])

    def _note(self, _entry: Entry, _data: dict[str, Any]) -> None:
        """A note changes nothing."""

    def _transcript(self, _entry: Entry, _data: dict[str, Any]) -> None:
        """That a copy was asked for changes nothing."""

    def _auto(self, _entry: Entry, _data: dict[str, Any]) -> None:
        """An automatic text is no answer: it changes nothing."""

    def _routed(self, _entry: Entry, data: dict[str, Any]) -> None:
        if data["how"] == "department":
            self._set(department=data["to"])

    def _offered(self, _entry: Entry, data: dict[str, Any]) -> None:
        self._set(offered_to=data["to_id"], offer_note=data["note"])

    def _declined(self, _entry: Entry, _data: dict[str, Any]) -> None:
        self._set(**NO_OFFER)

    def _raised(self, entry: Entry, data: dict[str, Any]) -> None:
        if data["step"] == "tell":
            self._set(raised=True)
        elif data["step"] == "left":
            self._set(left_at=entry.at)

    def _followed(self, _entry: Entry, _data: dict[str, Any]) -> None:
        self._set(left_at=None)

    def _product(self, entry: Entry, data: dict[str, Any]) -> None:
        self._message(entry, data)

    def _offer(self, entry: Entry, data: dict[str, Any]) -> None:
        self._message(entry, data)

    def _withdrawn(self, _entry: Entry, _data: dict[str, Any]) -> None:
        """What became of a proposal is asked for when it is looked at."""

    _ordered = _order = _withdrawn
