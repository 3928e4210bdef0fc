"""Whoever reads Russian meets no English: every string is there, and compiled."""

import json

import polib
import pytest

from tests.architecture.sources import ROOT, place, python_files
from tests.architecture.strings import marked_in_python, marked_in_template

APPS = {
    "chatdesk": ("chatdesk/templates",),
    "shop_demo": ("shop_demo/templates", "templates"),
}
STATIC = ROOT / "chatdesk" / "static" / "chatdesk"


def catalogue_of(app: str) -> polib.POFile:
    path = ROOT / app / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(path))


@pytest.mark.parametrize("app", APPS)
def test_every_string_of_the_sources_is_in_the_catalogue(app: str) -> None:
    known = {entry.msgid for entry in catalogue_of(app) if not entry.obsolete}
    missing = [
        f"{place(path)}: {text}"
        for path in python_files(app)
        for text in marked_in_python(path)
        if text not in known
    ]
    missing += [
        f"{place(path)}: {text}"
        for folder in APPS[app]
        for path in sorted((ROOT / folder).rglob("*.*"))
        for text in marked_in_template(path)
        if text not in known
    ]
    assert missing == []


@pytest.mark.parametrize("app", APPS)
def test_every_string_is_translated(app: str) -> None:
    catalogue = catalogue_of(app)
    entries = [entry for entry in catalogue if not entry.obsolete]
    assert entries
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    plural = [entry for entry in entries if entry.msgid_plural]
    forms = int(catalogue.metadata["Plural-Forms"].split(";")[0].split("=")[1])
    assert [each.msgid for each in plural if len(each.msgstr_plural) != forms] == []


@pytest.mark.parametrize("app", APPS)
def test_a_translation_fills_in_what_its_original_does(app: str) -> None:
    """A lost placeholder raises when the page is shown."""
    wrong = [
        entry.msgid
        for entry in catalogue_of(app)
        if "python-format" in entry.flags
        for text in entry.msgstr_plural.values() or [entry.msgstr]
        if placeholders(text) - placeholders(entry.msgid + entry.msgid_plural)
        or (not entry.msgid_plural and placeholders(text) != placeholders(entry.msgid))
    ]
    assert wrong == []


def placeholders(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


@pytest.mark.parametrize("app", APPS)
def test_the_compiled_catalogue_says_the_same(app: str) -> None:
    catalogue = catalogue_of(app)
    compiled = polib.mofile(str(catalogue.fpath).removesuffix("po") + "mo")
    assert sayings(compiled) == sayings(catalogue)


def sayings(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str, str], object]:
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in catalogue
        if not entry.obsolete
    }


@pytest.mark.parametrize("name", ["strings", "console-strings"])
def test_the_front_end_says_everything_in_both_languages(name: str) -> None:
    english, russian = (
        json.loads((STATIC / f"{name}.{language}.json").read_text(encoding="utf-8"))
        for language in ("en", "ru")
    )
    assert english
    assert set(russian) == set(english)
    assert all(russian.values())
