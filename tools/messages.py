"""Collect the strings to translate, and compile the translations.

    python -m tools.messages

Collecting needs GNU gettext on this machine. Translate what it leaves empty in
*/locale/ru/LC_MESSAGES/django.po, and run this again.
"""

import os
import shutil
import sys
from pathlib import Path

import polib
from django.core.management import execute_from_command_line

from tools.node import ROOT

CATALOGUES = [
    ROOT / app / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    for app in ("chatdesk", "shop_demo")
]
LONGEST_LINE = 10_000
# Folders at the top of the checkout whose strings nobody translates.
UNTRANSLATED = (".venv", ".cache", "bench", "docs", "frontend", "tests", "tools", "var")


def main() -> int:
    os.chdir(ROOT)
    if shutil.which("xgettext"):
        collect()
    else:
        print("No xgettext here: nothing is collected, only compiled.")
    left = [compile_catalogue(path) for path in CATALOGUES]
    return 1 if sum(left) else 0


def collect() -> None:
    """Write new strings into the catalogue of the app that each belongs to."""
    for catalogue in CATALOGUES:
        catalogue.parent.mkdir(parents=True, exist_ok=True)
    ignored = [f"--ignore={folder}" for folder in UNTRANSLATED]
    options = ["--locale=ru", "--add-location=file", "--no-wrap", "--no-obsolete"]
    execute_from_command_line(
        [
            *("django-admin", "makemessages", "--settings=shop_demo.settings"),
            *(*options, *ignored),
        ]
    )


def compile_catalogue(path: Path) -> int:
    """Write the compiled file beside a catalogue; return how many strings are left."""
    # One line a text and a list of places, so that a change shows as what it is.
    catalogue = polib.pofile(str(path), wrapwidth=LONGEST_LINE)
    catalogue.save()
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    left = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
    print(f"{path}: {catalogue.percent_translated()}% translated, {left} left")
    return left


if __name__ == "__main__":
    sys.exit(main())
