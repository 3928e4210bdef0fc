"""Lays out the log of one dialog as a conversation that people read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatdesk.admin import wording
from chatdesk.models import (
    Assignment,
    AuthorKind,
    Conversation,
    Entry,
    Operator,
    Rating,
)
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.selectors.shop_lines import SAID, news_text, prices_now, said_text

EVENTS: dict[str, Promise] = {
    Entry.Kind.TAKEN: gettext_lazy("%(name)s joined"),
    Entry.Kind.RELEASED: gettext_lazy("%(name)s gave the dialog back to the line"),
    Entry.Kind.REOPENED: gettext_lazy("%(visitor)s wrote again"),
    Entry.Kind.TRANSCRIPT: gettext_lazy("A copy by mail was asked for"),
    Entry.Kind.AUTO: gettext_lazy("Automatic: %(text)s"),
    Entry.Kind.OFFERED: gettext_lazy("%(name)s asked %(to)s to take it over"),
    Entry.Kind.DECLINED: gettext_lazy("%(name)s did not take it over"),
    Entry.Kind.CART: gettext_lazy("%(name)s changed the visitor's cart: %(text)s"),
    Entry.Kind.FOLLOWED: gettext_lazy("%(name)s saw to it by another way"),
}

RAISED: dict[str, Promise] = {
    "red": gettext_lazy("Over the limit without an answer"),
    "tell": gettext_lazy("The managers were told"),
    "left": gettext_lazy("Left without an answer"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``day``, ``gap``, ``event``, ``visitor``, ``operator`` or ``note``.

    ``is_first`` marks the first of several messages in a row by the same person.
    """

    look: str
    text: str
    at: datetime | None = None
    author: str = ""
    is_first: bool = True
    remark: str = ""


@dataclass(slots=True)
class _Reader:
    """Walks the entries and remembers what the next line depends on."""

    visitor: str
    operators: Mapping[int, Operator]
    waiting_since: datetime | None = None
    has_answer: bool = False
    day: date | None = None
    previous: tuple[Any, ...] = ()
    lines: list[Line] = field(default_factory=list)
    prices: Mapping[int, str] = field(default_factory=dict)

    def read(self, entry: Entry) -> None:
        self._turn_page(entry)
        if entry.kind == Entry.Kind.MESSAGE:
            self._message(entry)
        elif entry.kind in SAID:
            entry.text = said_text(entry, self.prices)
            self._message(entry)
        elif entry.kind == Entry.Kind.NOTE:
            self._bubble("note", entry)
        elif text := news_text(entry) or self._event(entry):
            if entry.kind == Entry.Kind.CLOSED:
                self._end(entry.at)
            self._interrupt(Line("event", text, entry.at))

    def _turn_page(self, entry: Entry) -> None:
        day = timezone.localtime(entry.at).date()
        if day != self.day:
            self.day = day
            self._interrupt(Line("day", wording.long_day(day), entry.at))

    def _interrupt(self, line: Line) -> None:
        self.lines.append(line)
        self.previous = ()

    def _message(self, entry: Entry) -> None:
        if entry.author_kind == AuthorKind.VISITOR:
            self.waiting_since = self.waiting_since or entry.at
            self._bubble("visitor", entry)
            return
        if entry.author_kind != AuthorKind.OPERATOR:
            self._interrupt(Line("event", entry.text, entry.at))
            return
        since = self.waiting_since
        self._end_wait(entry.at)
        remark = ""
        if not self.has_answer and since is not None:
            wait = wording.span(entry.at - since)
            remark = _("first reply in %(time)s") % {"time": wait}
        self.has_answer = True
        self._bubble("operator", entry, remark=remark)

    def _end_wait(self, at: datetime) -> None:
        since, self.waiting_since = self.waiting_since, None
        if since is not None and at - since > rules_in_force().limit:
            text = _("%(time)s without an answer") % {"time": wording.span(at - since)}
            self._interrupt(Line("gap", text, at))

    def _end(self, at: datetime) -> None:
        # A last "thank you" needs no answer; a question that never had one does.
        if self.has_answer:
            self.waiting_since = None
        self._end_wait(at)

    def _bubble(self, look: str, entry: Entry, *, remark: str = "") -> None:
        speaker = (look, entry.author_kind, entry.author_id)
        self.lines.append(
            Line(
                look=look,
                text=entry.text,
                at=entry.at,
                author=self._author(entry),
                is_first=speaker != self.previous,
                remark=remark,
            )
        )
        self.previous = speaker

    def _author(self, entry: Entry) -> str:
        if entry.author_kind == AuthorKind.VISITOR:
            return self.visitor
        operator = self.operators.get(entry.author_id)
        return operator.name if operator else _("Former operator")

    def _event(self, entry: Entry) -> str:
        data = entry.data or {}
        if entry.kind == Entry.Kind.CLOSED:
            return self._closing(entry, data)
        if entry.kind == Entry.Kind.RATED:
            return _rating(data)
        if entry.kind == Entry.Kind.RELEASED and "reason" in data:
            return _released(data)
        if entry.kind == Entry.Kind.ROUTED:
            return _routed(data)
        if entry.kind == Entry.Kind.RAISED:
            return str(RAISED.get(str(data.get("step")), ""))
        # A kind that this page does not know is skipped.
        text = str(EVENTS.get(entry.kind, ""))
        return text % {
            "name": data.get("name") or self._author(entry),
            "visitor": self.visitor,
            "to": data.get("to", ""),
            "text": entry.text,
        }

    def _closing(self, entry: Entry, data: Mapping[str, Any]) -> str:
        if entry.author_kind == AuthorKind.SYSTEM:
            return _("The dialog ended by itself")
        name = {"name": self._author(entry)}
        outcome = dict(Conversation.Outcome.choices).get(data.get("outcome", ""))
        if entry.author_kind == AuthorKind.OPERATOR and outcome:
            return _("%(name)s closed the dialog: %(outcome)s") % {
                **name,
                "outcome": outcome,
            }
        return _("%(name)s ended the dialog") % name


def _released(data: Mapping[str, Any]) -> str:
    name = {"name": data.get("name", "")}
    if data["reason"] == "came_back":
        return _("The visitor came back, and %(name)s has no place: first in line") % (
            name
        )
    return _("%(name)s may not answer any more: the dialog waits for anyone") % name


def _routed(data: Mapping[str, Any]) -> str:
    to = data.get("to", "")
    if data.get("how") == "department":
        return _("To the department %(to)s") % {"to": to}
    reasons = dict(Assignment.Reason.choices)
    how = str(reasons.get(data.get("how", ""), ""))
    note = str(data.get("note") or "")
    words = _("To %(to)s: %(reason)s") % {"to": to, "reason": how}
    return f"{words}. “{note}”" if note else words


def _rating(data: Mapping[str, Any]) -> str:
    liked = data.get("thumb") == Rating.Thumb.UP
    words = _("Rated: like") if liked else _("Rated: dislike")
    comment = str(data.get("comment") or "")
    return f"{words} “{comment}”" if comment else words


def lay_out(
    entries: Iterable[Entry], *, conversation: Conversation, at: datetime
) -> list[Line]:
    """Return the lines of a transcript; ends with the wait that still goes on."""
    entries = list(entries)
    reader = _Reader(
        visitor=wording.name_of(conversation.visitor),
        operators=Operator.objects.in_bulk(list(_operator_ids(entries))),
        prices=prices_now(conversation, entries),
    )
    for entry in entries:
        reader.read(entry)
    if reader.waiting_since is not None:
        waits = at - reader.waiting_since
        if waits > rules_in_force().limit and not conversation.is_closed:
            text = _("Waits for an answer, %(time)s") % {"time": wording.span(waits)}
            reader.lines.append(Line("gap", text, at))
    return reader.lines


def _operator_ids(entries: Iterable[Entry]) -> Iterator[int]:
    for entry in entries:
        if entry.author_kind == AuthorKind.OPERATOR:
            yield entry.author_id
