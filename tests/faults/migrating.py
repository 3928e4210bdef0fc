"""Migrations of a release that is yet to come, run while everybody talks.

They do to the tables of messages what ours may do: a nullable column, an index that is
built beside those who write, rows filled in by batches, and a constraint that is looked
at afterwards. Nothing waits more than a second for its lock, so nobody behind it does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import connection, models
from django.db.migrations import AddField, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.models import CheckConstraint, F, Index, Q

LONGEST_LOCK = "1s"
BATCH = 50
COLUMN, INDEX, CHECK = "later", "faults_later", "faults_later_is_good"


def _fill(apps: Any, _editor: Any) -> None:
    entries = apps.get_model("chatdesk", "Entry").objects
    empty = entries.filter(later=None).values_list("pk", flat=True)
    while found := list(empty[:BATCH]):
        entries.filter(pk__in=found).update(later=F("seq"))


OPERATIONS = (
    AddField("conversation", COLUMN, models.TextField(null=True)),
    AddField("entry", COLUMN, models.IntegerField(null=True)),
    AddIndexConcurrently("entry", Index(fields=[COLUMN], name=INDEX)),
    RunPython(_fill, RunPython.noop, atomic=False),
    AddConstraintNotValid(
        "entry", CheckConstraint(condition=Q(later=None) | Q(later__gt=0), name=CHECK)
    ),
    ValidateConstraint("entry", CHECK),
)


class Later:
    """The migrations, forwards and backwards, each on a connection of its own."""

    def __init__(self) -> None:
        self._done: list[tuple[Any, Any, Any]] = []

    def forwards(self) -> None:
        """Change the tables while others write."""
        with _patient_for_a_second():
            state = MigrationLoader(connection).project_state()
            for operation in OPERATIONS:
                before, state = state, state.clone()
                operation.state_forwards("chatdesk", state)
                with connection.schema_editor(atomic=operation.atomic) as editor:
                    operation.database_forwards("chatdesk", editor, before, state)
                self._done.append((operation, before, state))

    def backwards(self) -> None:
        """Undo all of it while others write."""
        with _patient_for_a_second():
            while self._done:
                operation, before, after = self._done.pop()
                with connection.schema_editor(atomic=operation.atomic) as editor:
                    operation.database_backwards("chatdesk", editor, after, before)


@contextmanager
def _patient_for_a_second() -> Iterator[None]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LONGEST_LOCK}'")
        yield
    finally:
        connection.close()
        connection.close_pool()
