"""The log's few statements that the ORM writes too dearly, all for a whole batch.

The ORM prepares each value of each row in Python, which for a batch costs more than the
database needs for all of it. PostgreSQL gets the rows as one JSON text and unfolds it
by itself. Elsewhere the ORM inserts, and one statement stores the facts. What the ORM
would have done is the oracle in this module's tests.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Field, Model

from chatdesk.models import Conversation, Entry

ENTRY_FIELDS = (
    "conversation",
    "seq",
    "author_kind",
    "author_id",
    "cmid",
    "kind",
    "staff_only",
    "text",
    "data",
    "at",
)

_encode = msgspec.json.Encoder().encode


def select_locked(ids: Collection[int]) -> Iterable[Conversation]:
    """Return conversations by id, their rows locked where the database can."""
    if connection.vendor != "postgresql":
        return Conversation.objects.filter(pk__in=ids).order_by("pk")
    sql = f"SELECT * FROM {_table(Conversation)} WHERE id = ANY(%s) ORDER BY id FOR UPDATE"  # noqa: S608, E501 - the table is ours
    return Conversation.objects.raw(sql, [list(ids)])


def select_known(
    *, conversation_ids: Collection[int], cmids: Collection[Any]
) -> Iterable[Entry]:
    """Return the entries of these conversations that carry one of these client ids."""
    if connection.vendor != "postgresql":
        return Entry.objects.filter(
            conversation_id__in=conversation_ids, cmid__in=cmids
        )
    sql = f"SELECT * FROM {_table(Entry)} WHERE conversation_id = ANY(%s) AND cmid = ANY(%s)"  # noqa: S608, E501 - the table is ours
    return Entry.objects.raw(sql, [list(conversation_ids), list(cmids)])


def store(
    *, entries: Sequence[Entry], rows: Sequence[Conversation], facts: Sequence[str]
) -> None:
    """Insert entries, and store the named facts of the conversations they are in."""
    if connection.vendor == "postgresql":
        _store_as_json(entries, rows, tuple(facts))
    else:
        Entry.objects.bulk_create(entries)
        update_conversations(rows, facts)


def update_conversations(rows: Sequence[Conversation], names: Sequence[str]) -> None:
    """Store the named fields of all rows with one statement."""
    fields = _fields(Conversation, ("id", *names))
    columns = [_column(field) for field in fields]
    line = f"({', '.join(['%s'] * len(columns))})"
    news = [f"news.{column}" for column in columns]
    sql = (
        f"WITH news({', '.join(columns)}) AS"  # noqa: S608 - names of our own columns
        f" (VALUES {', '.join([line] * len(rows))})"
        f" UPDATE {_table(Conversation)} SET {_assign(columns[1:], news[1:])}"
        f" FROM news WHERE {_table(Conversation)}.id = news.id"
    )
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _store_as_json(
    entries: Sequence[Entry], rows: Sequence[Conversation], facts: tuple[str, ...]
) -> None:
    news = _as_json(entries, _attributes(Entry, ENTRY_FIELDS))
    changes = _as_json(rows, _attributes(Conversation, ("id", *facts)))
    with connection.cursor() as cursor:
        cursor.execute(_statement(facts), [news, changes])


@cache
def _statement(facts: tuple[str, ...]) -> str:
    columns = [_column(field) for field in _fields(Entry, ENTRY_FIELDS)]
    names = ", ".join(columns)
    changed = [_column(field) for field in _fields(Conversation, facts)]
    return (
        f"WITH added AS (INSERT INTO {_table(Entry)} ({names})"  # noqa: S608 - names of our own columns
        f" SELECT {names} FROM {_unfold(Entry, ENTRY_FIELDS)})"
        f" UPDATE {_table(Conversation)} AS kept"
        f" SET {_assign(changed, [f'news.{column}' for column in changed])}"
        f" FROM {_unfold(Conversation, ('id', *facts))} WHERE kept.id = news.id"
    )


def _unfold(model: type[Model], names: Sequence[str]) -> str:
    columns = ", ".join(
        f"{_column(field)} {field.db_type(connection)}"
        for field in _fields(model, tuple(names))
    )
    return f"json_to_recordset(%s::json) AS news({columns})"


def _assign(columns: Sequence[str], values: Sequence[str]) -> str:
    pairs = zip(columns, values, strict=True)
    return ", ".join(f"{column} = {value}" for column, value in pairs)


def _as_json(rows: Iterable[Model], attributes: Sequence[tuple[str, str]]) -> str:
    return _encode(
        [{column: getattr(row, name) for column, name in attributes} for row in rows]
    ).decode()


@cache
def _fields(model: type[Model], names: tuple[str, ...]) -> list["Field[Any, Any]"]:
    found = [model._meta.get_field(name) for name in names]
    return [field for field in found if isinstance(field, Field)]


@cache
def _attributes(model: type[Model], names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(_column(field), field.attname) for field in _fields(model, names)]


def _column(field: "Field[Any, Any]") -> str:
    return str(field.column)


def _table(model: type[Model]) -> str:
    return model._meta.db_table
