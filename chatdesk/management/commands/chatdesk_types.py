"""Writes the TypeScript of the protocol, or checks that it is fresh."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import chatdesk
from chatdesk.wire import typescript

TARGET = Path(chatdesk.__file__).parents[1] / "frontend/src/protocol/generated.ts"


class Command(BaseCommand):
    """Keeps the front end's types equal to what the server says and expects."""

    help = "Writes frontend/src/protocol/generated.ts from chatdesk/wire."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer ``--check`` for continuous integration and ``--output``."""
        parser.add_argument(
            "--check", action="store_true", help="Fail when the file is stale."
        )
        parser.add_argument(
            "--output", type=Path, default=TARGET, help="The file to write."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, or compare it."""
        path: Path = options["output"]
        source = typescript.render()
        if options["check"]:
            if not path.is_file() or path.read_text(encoding="utf-8") != source:
                raise CommandError(f"{path.name} is stale: run chatdesk_types.")
            self.stdout.write(f"{path.name} is fresh.")
            return
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent}.")
        path.write_text(source, encoding="utf-8")
        self.stdout.write(f"Wrote {path.name}.")
