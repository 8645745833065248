"""A list as data: CSV for spreadsheets, JSON for programs, written row by row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import StreamingHttpResponse

# A spreadsheet takes a cell that begins so for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


class Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def cell(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def csv_response(
    name: str, columns: Iterable[object], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    writer = csv.writer(Echo())
    header = writer.writerow([cell(column) for column in columns])

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield header
        for row in rows:
            yield writer.writerow([cell(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def json_response(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    columns = list(columns)

    def pieces() -> Iterator[str]:
        yield '{"results": ['
        for place, row in enumerate(rows):
            data = {
                column: value.isoformat() if isinstance(value, date) else value
                for column, value in zip(columns, row, strict=True)
            }
            yield (",\n" if place else "\n") + json.dumps(data, ensure_ascii=False)
        yield "\n]}\n"

    return StreamingHttpResponse(pieces(), content_type="application/json; charset=utf-8")
