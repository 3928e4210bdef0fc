"""The log's few statements that the ORM writes too dearly, all for a whole batch.

PostgreSQL gets the rows as one text. Elsewhere the ORM inserts, and one statement
stores the facts. What the ORM would have done is the oracle in the tests.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from uuid import UUID

from django.db import connection

from chatdesk.models import Conversation, Entry
from chatdesk.selectors.rows import read_rows
from chatdesk.services.row_text import (
    Names,
    columns_of,
    fields_of,
    insertion,
    table_of,
    to_text,
    unfold,
)

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


# Pair by pair: two lists would make the database try every id with every conversation.
# OFFSET keeps the planner from joining, for which it may read the whole log.
_KNOWN = (
    "SELECT kept.id FROM unnest(%s::bigint[], %s::uuid[]) AS asked(pk, cmid)"  # noqa: S608 - the table is ours
    f" CROSS JOIN LATERAL (SELECT id FROM {table_of(Entry)} AS one WHERE"
    " one.conversation_id = asked.pk AND one.cmid = asked.cmid OFFSET 0) AS kept"
)


def select_locked(ids: Collection[int], *, wait: bool) -> Iterable[Conversation]:
    """Return conversations by id, their rows locked where the database can.

    Without ``wait`` those are left out that somebody else holds.
    """
    if connection.vendor != "postgresql":
        return Conversation.objects.filter(pk__in=ids).order_by("pk")
    how = "" if wait else " SKIP LOCKED"
    table = table_of(Conversation)
    source = f"{table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE{how}"
    return read_rows(Conversation, source, [list(ids)])


def select_known(asked: Collection[tuple[int, UUID]]) -> Iterable[Entry]:
    """Return the entries that carry one of these client ids in its conversation."""
    if connection.vendor == "postgresql":
        ids = ",".join([str(pk) for pk, _ in asked])
        cmids = ",".join([cmid.hex for _, cmid in asked])
        with connection.cursor() as cursor:
            # As text: the driver looks at each element of a list.
            cursor.execute(_KNOWN, [f"{{{ids}}}", f"{{{cmids}}}"])
            found = [pk for (pk,) in cursor.fetchall()]
        return Entry.objects.filter(pk__in=found) if found else ()
    return Entry.objects.filter(
        conversation_id__in={pk for pk, _ in asked},
        cmid__in={cmid for _, cmid in asked},
    )


def store(
    *, entries: Sequence[Entry], rows: Sequence[Conversation], facts: Names
) -> None:
    """Insert entries, and store the named facts of the conversations they are in."""
    if connection.vendor != "postgresql":
        Entry.objects.bulk_create(entries)
        _update(rows, ("id", *facts))
        return
    news, changes = to_text(entries, ENTRY_FIELDS), to_text(rows, ("id", *facts))
    with connection.cursor() as cursor:
        cursor.execute(_storing(("id", *facts)), [news, changes])


@cache
def _storing(names: Names) -> str:
    return (
        f"WITH added AS ({insertion(Entry, ENTRY_FIELDS)})"  # noqa: S608 - names of our own
        f" UPDATE {table_of(Conversation)} AS kept SET {_assignments(names)}"
        f" FROM {unfold(Conversation, names)} WHERE kept.id = news.id"
    )


def _update(rows: Sequence[Conversation], names: Names) -> None:
    columns = columns_of(Conversation, names)
    line = f"({', '.join(['%s'] * len(columns))})"
    sql = (
        f"WITH news({', '.join(columns)}) AS"  # noqa: S608 - names of our own
        f" (VALUES {', '.join([line] * len(rows))})"
        f" UPDATE {table_of(Conversation)} SET {_assignments(names)}"
        f" FROM news WHERE {table_of(Conversation)}.id = news.id"
    )
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields_of(Conversation, names)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@cache
def _assignments(names: Names) -> str:
    columns = columns_of(Conversation, names)
    return ", ".join(f"{column} = news.{column}" for column in columns[1:])
