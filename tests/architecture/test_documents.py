"""What the documents must say, and what no file may say."""

import re
from dataclasses import fields
from pathlib import Path

from chatdesk.conf import Settings
from tests.architecture.sources import ROOT, place, tracked_files

# The brackets keep this file from finding itself.
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b|^(<{7}|>{7}) ", re.MULTILINE)
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/[\w.]")


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [
        field.name.upper()
        for field in fields(Settings)
        if f"`{field.name.upper()}`" not in documented
    ]
    assert missing == []


def test_no_file_is_unfinished_or_names_somebodys_folder() -> None:
    found = [
        f"{place(path)}: {match[0]}"
        for path, text in texts()
        for pattern in (UNFINISHED, SOMEBODYS_FOLDER)
        for match in pattern.finditer(text)
    ]
    assert found == []


def texts() -> list[tuple[Path, str]]:
    """Return the files that are text, without those that a machine wrote."""
    found = []
    for path in tracked_files():
        if path.name == "package-lock.json" or "static" in path.parts:
            continue
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found
