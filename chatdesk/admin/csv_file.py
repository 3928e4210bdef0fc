"""Tables as CSV files that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


def answer_csv(
    name: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return a file to download; spreadsheets know its letters by the mark in front."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    writer = csv.writer(response)
    writer.writerow([safe_cell(cell) for cell in head])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response


def safe_cell(cell: object) -> str:
    """Return a cell as text; what a spreadsheet would compute is quoted.

    A number stays one, a negative one too.
    """
    text = "" if cell is None else str(cell)
    if isinstance(cell, str) and text.lstrip(" ").startswith(FORMULA):
        return f"'{text}"
    return text
