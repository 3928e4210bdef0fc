"""The interface's words as the built product ships them, in every language."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parent.parent.parent / "chatdesk/static/chatdesk"


class Words:
    """One table of words; what they are called with is left open."""

    def __init__(self, name: str, language: str) -> None:
        self.language = language
        self.table = read_table(f"{name}.{language}.json")

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with these values in it."""
        return fill(one_form(self.table[key]), values)

    def pattern(self, key: str) -> re.Pattern[str]:
        """Return what the text looks like with any values."""
        pieces = re.split(r"\{\w+\}", one_form(self.table[key]))
        return re.compile(".+".join(map(re.escape, pieces)))


@cache
def read_table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((SHIPPED / name).read_text(encoding="utf-8"))
    return table


def one_form(text: str | dict[str, str]) -> str:
    return text if isinstance(text, str) else text["one"]


def fill(text: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def widget_words(language: str) -> Words:
    return Words("strings", language)


def console_words(language: str) -> Words:
    return Words("console-strings", language)
