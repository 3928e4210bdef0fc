"""The migrations say what the models say, each in one transaction."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint, Q
from pytest_django.fixtures import Settings

# They grow with every message; other tables are small or cold.
LARGE = {"entry", "conversation", "mark"}
LATEST_BEFORE_THE_RULE = "0023_cart_change"


@pytest.fixture(autouse=True)
def with_migrations(settings: Settings) -> None:
    """Tests make their tables without them."""
    settings.MIGRATION_MODULES = {}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(f"Run makemigrations:\n{said.getvalue()}")


def test_a_migration_that_is_killed_half_way_leaves_nothing_behind() -> None:
    """What is one transaction is undone, and done when it is run again."""
    assert ours()
    assert [name for name, each in ours().items() if not each.atomic] == []


def test_every_migration_can_be_taken_back() -> None:
    lasting = [
        f"{name}: {operation.describe()}"
        for name, migration in ours().items()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert lasting == []


def test_no_migration_holds_the_tables_of_messages_while_it_reads_them_through() -> (
    None
):
    """Who writes a message would wait for all of it, on a large log for minutes.

    A column is nullable or has a default in the database. Indexes and constraints came
    with the tables; a later one needs a way of its own, beside those who write.
    """
    long = [
        f"{name}: {operation.describe()}"
        for name, migration in ours().items()
        if name > LATEST_BEFORE_THE_RULE
        for operation in migration.operations
        if holds_for_long(operation)
    ]
    assert long == []


@pytest.mark.parametrize(
    ("operation", "is_long"),
    [
        (AddField("entry", "later", models.IntegerField(null=True)), False),
        (AddField("entry", "later", models.IntegerField(db_default=0)), False),
        (AddField("entry", "later", models.IntegerField(default=0)), True),
        (AddField("entry", "later", models.IntegerField(null=True, unique=True)), True),
        (AddIndex("Entry", models.Index(fields=["at"], name="later")), True),
        (AddIndex("operator", models.Index(fields=["name"], name="later")), False),
        (AddConstraint("entry", CheckConstraint(condition=Q(seq=1), name="x")), True),
    ],
)
def test_what_holds_for_long_is_known(operation: Operation, is_long: bool) -> None:  # noqa: FBT001 - a parameter
    assert holds_for_long(operation) is is_long


def ours() -> dict[str, Migration]:
    """Return our migrations by name."""
    found = MigrationLoader(None).disk_migrations
    return {name: each for (app, name), each in found.items() if app == "chatdesk"}


def holds_for_long(operation: Operation) -> bool:
    """Return whether the whole of a large table is read or written under a lock."""
    if getattr(operation, "model_name", "").lower() not in LARGE:
        return False
    if isinstance(operation, AddField):
        field = operation.field
        is_there_at_once = field.null or field.has_db_default()
        return not is_there_at_once or field.unique or field.db_index
    return type(operation) in {AddIndex, AddConstraint}
