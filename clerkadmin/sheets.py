"""Sheets going out: csv and xlsx that a spreadsheet opens as they are meant.

A file is written whole before its first byte is sent, to disk where it is long: half a list would
look like a whole one.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet takes a cell that begins so for a formula; Excel also where the sign is full-width.
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# Without it Excel reads UTF-8 as something else.
ENCODING = "utf-8-sig"
MEMORY_BYTES = 2 * 1024 * 1024
# What XML, and so xlsx, cannot hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The most that a cell of Excel holds.
CELL_CHARACTERS = 32_767

Cell = str | int | float | Decimal | date | None


def safe(value: object) -> Cell:
    """The value as a cell: what is text can be no formula."""
    if value is None or isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value
    text = _UNWRITABLE.sub("", str(value))
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def plain(text: str) -> str:
    """What `safe` was given: the mark before a sign taken off again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


def write(
    kind: str,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    explanations: Sequence[Sequence[object]] = (),
) -> IO[bytes]:
    """The file, ready to be read from its beginning; explanations take a second sheet of xlsx."""
    writer = _write_xlsx if kind == XLSX else _write_csv
    with ExitStack() as closing:
        file = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES))
        writer(file, headings, rows, explanations)
        file.seek(0)
        # Written whole: from here on it is closed by whoever sends it.
        closing.pop_all()
    return file


def response(file: IO[bytes], kind: str, name: str) -> FileResponse:
    """The file as a download: never shown, never kept by a cache."""
    answer = FileResponse(
        file, as_attachment=True, filename=f"{name}.{kind}", content_type=CONTENT_TYPES[kind]
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _write_csv(
    file: Any, headings: Sequence[object], rows: Iterable[Sequence[object]], _explained: object
) -> None:
    text = io.TextIOWrapper(file, encoding=ENCODING, newline="")
    writer = csv.writer(text)
    writer.writerow([safe(heading) for heading in headings])
    for row in rows:
        writer.writerow([_printed(safe(value)) for value in row])
    # The file stays open for whoever sends it.
    text.detach()


def _printed(cell: Cell) -> object:
    return cell.isoformat(sep=" ", timespec="minutes") if isinstance(cell, datetime) else cell


def _write_xlsx(
    file: Any,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    explanations: Sequence[Sequence[object]],
) -> None:
    # Write-only: a row is on its way to the disk before the next one is made.
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings):
        # Cells typed in below keep their zeros.
        column = sheet.column_dimensions[chr(ord("A") + place)] if place < 26 else None
        if column is not None:
            column.width = max(12, 2 * len(str(heading)) + 4)
            column.number_format = "@"
    sheet.append([_bold(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    if explanations:
        _explain(book, explanations)
    book.save(file)


def _explain(book: Any, explanations: Sequence[Sequence[object]]) -> None:
    sheet = book.create_sheet("说明")
    for letter, width in zip("ABCD", (18, 8, 60, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    first, *others = explanations
    sheet.append([_bold(sheet, text) for text in first])
    for line in others:
        sheet.append([_cell(sheet, text) for text in line])


def _bold(sheet: Any, text: object) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=safe(text))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: object) -> Any:
    written = safe(value)
    if isinstance(written, str):
        written = written[:CELL_CHARACTERS]
    return written
