"""Strangers' words become one line that any database takes, and addresses a path."""

import pytest

from chatdesk.insight.text import clean, path_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Heron kettle", "Heron kettle"),
        ("  Чайник  «Цапля»  ", "Чайник «Цапля»"),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("nul\x00inside", "nul inside"),
        ("delete\x7fand\x85next", "delete and next"),
        ("turned\u202eabout\u2066here\u2069", "turned about here"),
        ("half \ud83d of a pair", "half of a pair"),
        ("\u00a0no\u00a0break\u00a0", "no break"),
        ("👩\u200d🔧 works", "👩\u200d🔧 works"),
        ("<b>{{ 7*7 }}</b>", "<b>{{ 7*7 }}</b>"),
        ("\x00\x01\x02", ""),
        ("", ""),
        (7, "7"),
        (None, "None"),
    ],
)
def test_a_text_is_one_line_without_what_no_database_takes(given, kept):
    assert clean(given, longest=100) == kept


def test_what_is_kept_can_be_written_as_utf8():
    every = "".join(map(chr, range(0xD700, 0xE000)))

    assert clean(every, longest=9999).encode()


@pytest.mark.parametrize(
    ("given", "longest", "kept"),
    [
        ("abcdef", 3, "abc"),
        ("abc", 3, "abc"),
        ("ёжики", 2, "ёж"),
        ("   abc", 2, "ab"),
        ("a" * 100_000, 5, "aaaaa"),
        ("\x00" * 5 + "ab", 2, "ab"),
    ],
)
def test_a_text_is_cut_by_its_characters_after_it_is_clean(given, longest, kept):
    assert clean(given, longest=longest) == kept


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/kettle/", "/kettle/"),
        ("/kettle/?token=secret", "/kettle/"),
        ("/kettle/#token=secret", "/kettle/"),
        ("/kettle/?a=1#part", "/kettle/"),
        ("/kettle/#part?a=1", "/kettle/"),
        ("https://shop.example/kettle/", "/kettle/"),
        ("https://shop.example:8000/kettle/?a=1", "/kettle/"),
        ("https://user:secret@shop.example/kettle/", "/kettle/"),
        ("https://shop.example", "/"),
        ("https://shop.example?token=secret", "/"),
        ("/go/?to=https://evil.example/", "/go/"),
        ("/чайник/", "/чайник/"),
        ("/a\x00b\u202e/", "/a b /"),
        ("", ""),
    ],
)
def test_of_an_address_the_path_is_kept(address, path):
    assert path_of(address) == path


def test_a_path_is_no_longer_than_its_column():
    assert len(path_of("/" + "x" * 999)) == 300
