"""Sheets coming in: xlsx and csv as rows of text, each with the number that Excel shows beside it.

Nothing of a file is trusted: its size, its rows and what it unpacks to are limited before it is
read, an entity in its XML is refused (defusedxml), and cells are text and never code.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from unicodedata import normalize
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from clerkadmin.sheets import CELL_CHARACTERS, plain

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
# All rows are written in one transaction, some 10 ms each: no other writer, who waits 20 seconds at
# the most, may be shut out meanwhile.
MAX_ROWS = 1_000
MAX_COLUMNS = 60
# Formatting may reach further down than what is written; contents may not.
LAST_ROW = 100_000

# An honest sheet of 1,000 rows unpacks to a few megabytes, 10 to 30 times what it takes packed.
ZIP_ENTRIES = 500
ZIP_TOTAL_BYTES = 40 * MEGABYTE
ZIP_RATIO = 100
ZIP_RATIO_FROM_BYTES = MEGABYTE
# Styles and the like are read as a whole, sheets and their texts piece by piece.
PART_BYTES = 4 * MEGABYTE
STREAMED = ("xl/worksheets/", "xl/sharedstrings.xml")

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DELIMITERS = (",", "\t", ";", "，")


class Unreadable(Exception):
    """A file that cannot be read, with one sentence for the clerk: why, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A sheet's headings, and its rows: the number that Excel shows, and the cells as text."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read(data: bytes) -> Sheet:
    """The first sheet of the file; raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it into several."))
    if data.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old or a locked Excel file. Save it as .xlsx, unlocked."))
    lines = _lines_of_xlsx(data) if data.startswith(ZIP) else _lines_of_csv(data)
    return _sheet(lines)


def _sheet(lines: Iterable[tuple[int, list[str]]]) -> Sheet:
    headings: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    for number, cells in lines:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(_("The sheet has too many columns. Use the template."))
        if headings is None:
            headings = [_heading(cell) for cell in cells]
            continue
        if len(rows) == MAX_ROWS:
            raise Unreadable(_("The sheet has more than 1,000 rows. Split it into several."))
        rows.append((number, cells))
    if headings is None:
        raise Unreadable(_("There is nothing in the file."))
    if not rows:
        raise Unreadable(_("There is no row below the headings."))
    return Sheet(headings, rows)


def _heading(cell: str) -> str:
    """A heading without blanks, and without the mark of a column that must be filled."""
    return "".join(normalize("NFKC", cell).split()).strip("*")


def _lines_of_csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable(_("This is neither an Excel file nor a csv file."))
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [_tidy(cell) for cell in cells]
    except csv.Error as error:
        raise Unreadable(_("The csv file is damaged. Save it again, or as .xlsx.")) from error


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030, in which Chinese Excel saves csv."""
    encodings = [encoding for bom, encoding in BOMS if data.startswith(bom)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The characters of the file cannot be read. Save it as .xlsx."))


def _lines_of_xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_package(data)
    # Without it openpyxl would follow entities.
    assert DEFUSEDXML
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        # What the file says of its size may be wrong.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
            if number > LAST_ROW:
                raise Unreadable(_("The sheet has more than 1,000 rows. Split it into several."))
            yield number, [_tidy(_text(cell)) for cell in cells]
        book.close()
    except DefusedXmlException as error:
        raise Unreadable(_("The file holds what no sheet needs (an entity): refused.")) from error
    except (
        ParseError,
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        # What openpyxl says of parts that are missing, or are not what they should be.
        AttributeError,
        EOFError,
        IndexError,
        KeyError,
        OSError,
        OverflowError,
        SyntaxError,
        TypeError,
        ValueError,
    ) as error:
        raise Unreadable(_("The Excel file is damaged. Open it and save it again.")) from error


def _check_package(data: bytes) -> None:
    """Refuse an archive by its table of contents, before one byte is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise Unreadable(_("The Excel file is damaged. Open it and save it again.")) from error
    total = sum(entry.file_size for entry in entries)
    if len(entries) > ZIP_ENTRIES or total > ZIP_TOTAL_BYTES or any(map(_is_bomb, entries)):
        raise Unreadable(_("The file unpacks to far more than a sheet needs: refused."))
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable(_("The file is locked with a password. Save it without."))
    if not any(entry.filename.lower().startswith("xl/") for entry in entries):
        raise Unreadable(_("This is neither an Excel file nor a csv file."))


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/").lstrip("/").lower()
    if name.endswith((".xml", ".rels")) and not name.startswith(STREAMED):
        return entry.file_size > PART_BYTES
    large = entry.file_size > ZIP_RATIO_FROM_BYTES
    return large and entry.file_size > ZIP_RATIO * max(entry.compress_size, 1)


def _text(cell: Any) -> str:
    """What the cell shows: a day as 2026-01-12, a number without idle decimals."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)
    if isinstance(value, int):
        shown = str(value)
        zeros = str(cell.number_format)
        # 759 that is formatted as 0000 shows 0759.
        return shown.zfill(len(zeros)) if zeros and set(zeros) == {"0"} else shown
    return str(value)


def _tidy(text: str) -> str:
    return plain(text.replace("\r\n", "\n").replace("\xa0", " ").strip()[:CELL_CHARACTERS])


def as_rows(sheet: Sheet, columns: Sequence[str]) -> list[list[str]]:
    """The cells of every row, in the order of these columns; empty where there is none."""
    places = [
        sheet.headings.index(column) if column in sheet.headings else None for column in columns
    ]
    return [
        [cells[place] if place is not None and place < len(cells) else "" for place in places]
        for _number, cells in sheet.rows
    ]
