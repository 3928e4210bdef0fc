"""Tables as files: read back as they were, and never computed by a spreadsheet."""

import csv
import io
from decimal import Decimal

import pytest

from chatdesk.admin.csv_file import answer_csv, safe_cell


def read(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+49 30 1234",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "   =1",
        '=HYPERLINK("https://evil.example","Receipt")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_spreadsheet_would_compute_is_text(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("", ""),
        ("Чайник", "Чайник"),
        ("1+1=2", "1+1=2"),
        ("a@b.example", "a@b.example"),
        ("'quoted", "'quoted"),
        (None, ""),
        (0, "0"),
        (-5, "-5"),
        (Decimal("-12.50"), "-12.50"),
        (False, "False"),
    ],
)
def test_any_other_cell_stays_as_it_is(cell, shown):
    assert safe_cell(cell) == shown


def test_words_come_back_as_they_were_written():
    rows = [
        ("Чайник «Цапля»", 'say "no"', "a,b;c"),
        ("two\nlines", "", "👩\u200d🔧"),
    ]

    assert read(answer_csv("words", ("A", "B", "C"), rows)) == [
        ["A", "B", "C"],
        *map(list, rows),
    ]


def test_the_head_is_made_safe_as_well():
    assert read(answer_csv("x", ("=1",), []))[0] == ["'=1"]


def test_a_file_of_no_rows_has_its_head():
    assert read(answer_csv("x", ("A", "B"), [])) == [["A", "B"]]


def test_a_browser_saves_the_file_and_does_not_look_into_it():
    answer = answer_csv("questions-7", ("A",), [])

    assert answer["Content-Disposition"] == 'attachment; filename="questions-7.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_a_spreadsheet_knows_the_letters_by_the_mark_in_front():
    assert answer_csv("x", ("Ё",), []).content.startswith(b"\xef\xbb\xbf\xd0\x81")


def test_rows_may_come_one_by_one():
    rows = ((number,) for number in range(3))

    assert read(answer_csv("x", ("N",), rows)) == [["N"], ["0"], ["1"], ["2"]]
