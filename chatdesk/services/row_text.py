"""Rows as one JSON text, which PostgreSQL unfolds by itself.

The ORM prepares each value of each row in Python, which for a batch costs more than the
database needs for all of it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Field, Model

Names = tuple[str, ...]

_encode = msgspec.json.Encoder().encode


def to_text(rows: Iterable[Model], names: Names) -> str:
    """Return the named fields of all rows as one text, a parameter for ``unfold``."""
    if not rows:
        return "[]"
    columns, read = _reading(type(next(iter(rows))), names)
    return _encode(
        [dict(zip(columns, read(vars(row)), strict=True)) for row in rows]
    ).decode()


def values_of(row: Model, names: Names) -> tuple[Any, ...]:
    """Return the named fields of one row, keys for other rows."""
    return _reading(type(row), names)[1](vars(row))


@cache
def unfold(model: type[Model], names: Names) -> str:
    """Return the FROM clause that turns the parameter back into rows called news."""
    columns = ", ".join(
        f"{column} {field.db_type(connection)}"
        for column, field in zip(
            columns_of(model, names), fields_of(model, names), strict=True
        )
    )
    return f"json_to_recordset(%s::json) AS news({columns})"


@cache
def insertion(model: type[Model], names: Names) -> str:
    """Return the statement that inserts the rows of one text."""
    columns = ", ".join(columns_of(model, names))
    return (
        f"INSERT INTO {table_of(model)} ({columns})"  # noqa: S608 - names of our own
        f" SELECT {columns} FROM {unfold(model, names)}"
    )


@cache
def fields_of(model: type[Model], names: Names) -> list["Field[Any, Any]"]:
    """Return the named fields."""
    found = [model._meta.get_field(name) for name in names]
    return [field for field in found if isinstance(field, Field)]


@cache
def columns_of(model: type[Model], names: Names) -> list[str]:
    """Return the columns of the named fields."""
    return [str(field.column) for field in fields_of(model, names)]


def table_of(model: type[Model]) -> str:
    """Return the table of a model."""
    return model._meta.db_table


@cache
def _reading(
    model: type[Model], names: Names
) -> tuple[list[str], Callable[[dict[str, Any]], tuple[Any, ...]]]:
    attributes = [field.attname for field in fields_of(model, names)]
    return columns_of(model, names), itemgetter(*attributes)
