"""The ledger for accounting: CSV, and XLSX where openpyxl is installed."""

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from chatdesk.models import LedgerLine

HEAD = (
    *("date", "month", "operator", "kind", "amount", "currency"),
    *("percent", "order", "plan", "reason", "author"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | Decimal | datetime | None


def to_csv(lines: QuerySet[LedgerLine]) -> HttpResponse:
    """Return the lines as CSV, with the mark that spreadsheets take for UTF-8."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="commission.csv"'
    response.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(response)
    writer.writerow(HEAD)
    for row in rows_of(lines):
        writer.writerow(_written(cell) for cell in row)
    return response


def to_xlsx(lines: QuerySet[LedgerLine]) -> HttpResponse | None:
    """Return the lines as a workbook, or None where openpyxl is missing."""
    if find_spec("openpyxl") is None:
        return None
    book = import_module("openpyxl").Workbook(write_only=True)
    sheet = book.create_sheet("commission")
    sheet.append(HEAD)
    for row in rows_of(lines):
        sheet.append(row)
    response = HttpResponse(
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="commission.xlsx"'
    book.save(response)
    return response


def rows_of(lines: QuerySet[LedgerLine]) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of each line, oldest first; words cannot become formulas."""
    related = lines.select_related(
        "month", "operator", "credit__order", "plan", "author"
    )
    for line in related.order_by("pk").iterator(chunk_size=500):
        yield (
            timezone.localtime(line.at).replace(tzinfo=None),
            line.month.code,
            guard(line.operator.name),
            line.kind,
            line.amount,
            line.currency,
            line.percent,
            guard(line.credit.order.number if line.credit else ""),
            guard(line.plan.name if line.plan else ""),
            guard(line.reason),
            guard(line.author.get_username() if line.author else ""),
        )


def guard(text: str) -> str:
    """Put a quote before words that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell)
