"""One command from nothing to a shop with its chat: ``make demo`` calls it."""

import shutil
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Prepare the demo shop if needed and run it in one process."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address, and whether to begin with an empty database."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(settings.PORT))
        parser.add_argument(
            "--fresh", action="store_true", help="Delete the demo's data first."
        )

    def handle(self, *, host: str, port: int, fresh: bool, **_options: Any) -> None:
        """Prepare, then serve until stopped."""
        if fresh:
            self.forget()
        self.migrate()
        call_command("seed_demo", stdout=self.stdout)
        call_command(
            "chatdesk_up", host=host, port=port, ready=lambda: self.welcome(host, port)
        )

    def forget(self) -> None:
        """Delete the database, mails and uploads of earlier runs."""
        self.tell("Starting from nothing")
        connection.close()
        for file in settings.VAR_DIR.glob("demo.sqlite3*"):
            file.unlink()
        for folder in (settings.EMAIL_FILE_PATH, settings.MEDIA_ROOT):
            shutil.rmtree(folder, ignore_errors=True)

    def migrate(self) -> None:
        """Bring the database up to date, telling so when there is something to do."""
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not steps:
            return
        began = monotonic()
        self.tell(f"Making the database ({len(steps)} steps)")
        call_command("migrate", verbosity=0, interactive=False)
        self.tell(f"  done in {monotonic() - began:.0f} s")

    def welcome(self, host: str, port: int) -> None:
        """Say where everything is."""
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104 - compared, not bound
        root = f"http://{shown}:{port}"
        self.tell(
            "\n"
            f"  Shop         {root}/\n"
            f"  Workspace    {root}/chatdesk/console/\n"
            f"  Admin        {root}/admin/\n"
            f"  Mail         {root}/outbox/\n"
            "\n"
            "  Log in as operator, operator2 or manager; the password is demo.\n"
            "  Ctrl-C stops.\n"
        )

    def tell(self, text: str) -> None:
        """Print at once, also into a pipe."""
        self.stdout.write(text)
        self.stdout.flush()
