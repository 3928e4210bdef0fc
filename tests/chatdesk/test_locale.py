"""The Russian catalogue is whole, compiled, and keeps every placeholder."""

import re
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.translation import ngettext

import chatdesk

FOLDER = Path(chatdesk.__file__).parent / "locale" / "ru" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]")

ENTRIES = list(polib.pofile(str(FOLDER / "django.po")))


def texts_of(entry: polib.POEntry) -> list[str]:
    """Return every Russian form of an entry."""
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_nothing_is_left_in_english_or_in_doubt() -> None:
    catalogue = polib.pofile(str(FOLDER / "django.po"))

    assert catalogue.percent_translated() == 100
    assert not catalogue.fuzzy_entries()


def test_the_compiled_file_is_that_of_the_source() -> None:
    compiled = {
        (entry.msgctxt, entry.msgid): texts_of(entry)
        for entry in polib.mofile(str(FOLDER / "django.mo"))
    }

    assert compiled == {
        (entry.msgctxt, entry.msgid): texts_of(entry) for entry in ENTRIES
    }


def test_every_form_keeps_the_placeholders() -> None:
    for entry in ENTRIES:
        expected = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in texts_of(entry):
            assert text.strip()
            assert sorted(PLACEHOLDER.findall(text)) == expected, entry.msgid


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "На связи 1 консультант"),
        (3, "На связи 3 консультанта"),
        (11, "На связи 11 консультантов"),
        (21, "На связи 21 консультант"),
    ],
)
def test_numbers_follow_russian_grammar(number: int, text: str) -> None:
    with translation.override("ru"):
        form = ngettext(
            "%(number)s operator online", "%(number)s operators online", number
        )

    assert form % {"number": number} == text
