"""Rows as model instances without the ORM's ceremony, for the log's hot path.

No signals are sent, no defaults computed and no column is looked up by name: what the
ORM does for each row costs more than all else in a batch.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)


def read_rows(model: type[M], source: str, params: Sequence[Any]) -> list[M]:
    """Return the rows of ``SELECT <all columns> FROM <source>`` on PostgreSQL."""
    names = _attributes(model)
    with connection.cursor() as cursor:
        _speed_up_moments(cursor.cursor)
        cursor.execute(f"{_selection(model)} FROM {source}", params)
        rows = [
            make_row(model, zip(names, row, strict=True)) for row in cursor.fetchall()
        ]
    alias = connection.alias
    for row in rows:
        state = row._state
        state.adding, state.db = False, alias
    return rows


def make_row(model: type[M], values: Any) -> M:
    """Return a new instance; ``values`` gives every attribute of a column, and its own.

    Takes what ``dict`` takes: a mapping, or pairs.
    """
    row = model.__new__(model)
    row.__dict__ = dict(values)
    row._state = ModelState()
    return row


def _speed_up_moments(cursor: Any) -> None:
    # Django sets the zone of each moment by a loader in Python; the driver's own gives
    # the same moments. The older driver has no adapters and no such cost.
    if hasattr(cursor, "adapters"):
        cursor.adapters.register_loader("timestamptz", _moment_loader())


@cache
def _moment_loader() -> Any:
    return import_module("psycopg.types.datetime").TimestamptzLoader


@cache
def _selection(model: type[Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    return f"SELECT {columns}"


@cache
def _attributes(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)
