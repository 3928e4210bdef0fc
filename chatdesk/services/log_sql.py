"""The one statement of the log that the ORM cannot write: many rows, many columns.

``bulk_update`` builds a condition for each row and column, which for a batch costs more
than all the rest of the commit. Its result is the oracle in this module's tests.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db import connection
from django.db.models import Field

from chatdesk.models import Conversation


def update_conversations(rows: Sequence[Conversation], names: Sequence[str]) -> None:
    """Store the named fields of all rows with one statement."""
    table = Conversation._meta.db_table
    fields = [Conversation._meta.get_field(name) for name in ("id", *names)]
    columns = [field.column for field in fields if isinstance(field, Field)]
    line = f"({', '.join(['%s'] * len(columns))})"
    sql = (
        f"WITH news({', '.join(columns)}) AS"  # noqa: S608 - names of our own columns
        f" (VALUES {', '.join([line] * len(rows))})"
        f" UPDATE {table} SET {_assignments(tuple(names), connection.vendor)}"
        f" FROM news WHERE {table}.id = {_cast('id', connection.vendor)}"
    )
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields
        if isinstance(field, Field)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@lru_cache
def _assignments(names: tuple[str, ...], vendor: str) -> str:
    columns = {name: Conversation._meta.get_field(name).column for name in names}
    return ", ".join(
        f"{column} = {_cast(name, vendor)}" for name, column in columns.items()
    )


def _cast(name: str, vendor: str) -> str:
    field = Conversation._meta.get_field(name)
    # PostgreSQL takes a column of NULLs and strings in VALUES for text.
    if vendor == "postgresql":
        return f"CAST(news.{field.column} AS {field.db_type(connection)})"
    return f"news.{field.column}"
