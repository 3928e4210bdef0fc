"""The interface's words as the built product ships them, in every language."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ROOT / "chatdesk/static/chatdesk"
# What is fetched later carries its words in its script.
LATER = tuple(
    ROOT / f"frontend/src/panel/{part}/strings" for part in ("letter", "cards")
)


class Words:
    """One table of words; what they are called with is left open."""

    def __init__(self, name: str, language: str, *later: Path) -> None:
        self.language = language
        self.table = dict(read_table(SHIPPED / f"{name}.{language}.json"))
        for folder in later:
            self.table.update(read_table(folder / f"{language}.json"))

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with these values in it."""
        return fill(one_form(self.table[key]), values)

    def pattern(self, key: str) -> re.Pattern[str]:
        """Return what the text looks like with any values."""
        pieces = re.split(r"\{\w+\}", one_form(self.table[key]))
        return re.compile(".+".join(map(re.escape, pieces)))


@cache
def read_table(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def one_form(text: str | dict[str, str]) -> str:
    return text if isinstance(text, str) else text["one"]


def fill(text: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def widget_words(language: str) -> Words:
    return Words("strings", language, *LATER)


def console_words(language: str) -> Words:
    return Words("console-strings", language)
