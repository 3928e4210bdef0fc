"""Dialogs as files: a row each with all that is measured, or every word of them.

The names of columns and keys are for programs and the same in every language.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from chatdesk.admin import wording
from chatdesk.admin.csv_file import answer_csv
from chatdesk.kpi.speed import speed_of
from chatdesk.models import AuthorKind, Conversation, Entry, Operator, SaleCredit

MOST = 5000
AT_ONCE = 200
RELATED = (
    *("visitor", "operator", "first_answered_by", "department"),
    *("occasion", "rating"),
)
COLUMNS = (
    *("dialog", "begun", "ended", "status", "visitor", "contact", "email"),
    *("language", "country", "source", "page", "product", "searched"),
    *("operator", "department", "first_answered_by", "first_reply_s", "speed"),
    *("entries", "outcome", "rating", "comment", "orders"),
)

Facts = dict[str, Any]


def to_csv(dialogs: Sequence[Conversation], *, at: datetime) -> HttpResponse:
    """Return a row for each dialog; no cell of it is a formula."""
    rows = (tuple(facts.values()) for facts in _described(dialogs, at=at))
    return answer_csv(_name(at), COLUMNS, rows)


def to_json(dialogs: Sequence[Conversation], *, at: datetime) -> HttpResponse:
    """Return the same of each dialog, and its whole log."""
    names = dict(Operator.objects.values_list("pk", "name"))
    told = [
        {**facts, "log": [_line(entry, names) for entry in log]}
        for facts, log in zip(_described(dialogs, at=at), _logs(dialogs), strict=True)
    ]
    text = json.dumps({"dialogs": told}, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(at)}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


FILES = {"csv": to_csv, "json": to_json}


def _name(at: datetime) -> str:
    return f"dialogs-{timezone.localtime(at):%Y-%m-%d}"


def _described(dialogs: Sequence[Conversation], *, at: datetime) -> Iterator[Facts]:
    for some in _batches(dialogs):
        orders = _orders(some)
        for each in some:
            yield _facts(each, orders[each.pk], at=at)


def _batches(dialogs: Sequence[Conversation]) -> Iterator[Sequence[Conversation]]:
    for start in range(0, len(dialogs), AT_ONCE):
        yield dialogs[start : start + AT_ONCE]


def _orders(dialogs: Sequence[Conversation]) -> dict[int, list[str]]:
    credits_ = SaleCredit.objects.filter(conversation__in=dialogs).order_by("pk")
    orders: dict[int, list[str]] = defaultdict(list)
    for pk, number in credits_.values_list("conversation_id", "order__number"):
        orders[pk].append(number)
    return orders


def _facts(dialog: Conversation, orders: list[str], *, at: datetime) -> Facts:
    visitor, occasion = dialog.visitor, getattr(dialog, "occasion", None)
    rating = getattr(dialog, "rating", None)
    values = (
        *(dialog.public_id.hex, _when(dialog.first_message_at)),
        *(_when(dialog.closed_at), dialog.status, wording.name_of(visitor)),
        *(visitor.contact, visitor.email, dialog.language),
        *((occasion.country, occasion.source) if occasion else ("", "")),
        (occasion.title or occasion.path) if occasion else "",
        occasion.ref if occasion and occasion.kind == "product" else "",
        occasion.searched if occasion else "",
        *(_named(dialog.operator), _named(dialog.department)),
        *(_named(dialog.first_answered_by), dialog.first_reply_s),
        *(speed_of(dialog, at=at).value, dialog.head, dialog.outcome, dialog.thumb),
        *(rating.comment if rating else "", " ".join(orders)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _named(row: Any) -> str:
    return "" if row is None else row.name


def _when(moment: datetime | None) -> str:
    return "" if moment is None else timezone.localtime(moment).isoformat()


def _logs(dialogs: Sequence[Conversation]) -> Iterator[list[Entry]]:
    for some in _batches(dialogs):
        logs: dict[int, list[Entry]] = defaultdict(list)
        for entry in Entry.objects.filter(conversation__in=some).order_by("seq"):
            logs[entry.conversation_id].append(entry)
        yield from (logs[each.pk] for each in some)


def _line(entry: Entry, names: dict[int, str]) -> Facts:
    is_operator = entry.author_kind == AuthorKind.OPERATOR
    return {
        "seq": entry.seq,
        "at": _when(entry.at),
        "by": AuthorKind(entry.author_kind).name.lower(),
        "operator": names.get(entry.author_id, "") if is_operator else "",
        "kind": entry.kind,
        "text": entry.text,
        "data": entry.data or {},
    }
