"""The migrations say what the models say, each in one transaction."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from pytest_django.fixtures import Settings


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
    migrations = MigrationLoader(None).disk_migrations
    ours = {name: each for (app, name), each in migrations.items() if app == "chatdesk"}
    assert ours
    assert [name for name, each in ours.items() if not each.atomic] == []
