"""The columns of a sheet, as clerks head them, and how a cell of each is read and printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from unicodedata import normalize

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import IllegalCharacterError

DAY = re.compile(
    r"((?:19|20)\d\d)(?:[-/.年]0?(\d{1,2})[-/.月]0?(\d{1,2})日?|(\d\d)(\d\d))(?: 00:00(?::00)?)?"
)
# Excel counts days: 43831 is the first of 2020. Cells of csv may show that.
DAY_COUNT = re.compile(r"[2-7]\d{4}(?:\.0)?")
LISTED = re.compile(r"[、，,;；\n]+")
YES = ("是", "√", "y", "yes", "1", "true", "有")
NO = ("否", "×", "n", "no", "0", "false", "无")
# What Excel writes where a formula failed.
FORMULA_FAULTS = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!")


class Column(Field):
    """A column: its heading in the template, other headings for it, and what to write there."""

    def __init__(
        self,
        attribute: str,
        heading: str,
        *,
        widget: Widget | None = None,
        also: Sequence[str] = (),
        explanation: str | Promise = "",
        example: str = "",
        is_required: bool = False,
        readonly: bool = False,
    ) -> None:
        super().__init__(attribute, heading, widget=widget or Text(), readonly=readonly)
        self.also, self.explanation, self.example = also, explanation, example
        self.is_required = is_required

    @property
    def headings(self) -> tuple[str, ...]:
        return (str(self.column_name), *self.also)


class Text(Widget):
    """Words as they stand there."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        if value in FORMULA_FAULTS:
            raise ValueError(_("This is a formula that has failed. Write the value itself."))
        return value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value)


class Choice(Text):
    """One of some words, each for a value; the first word of a value is the one printed."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self.words = words

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        meant = self.words.get(normalize("NFKC", super().clean(value)))
        if meant is None:
            choices = "、".join(dict.fromkeys(self.render(value) for value in self.words.values()))
            raise ValueError(
                _("“%(value)s” is not one of: %(choices)s.") % {"value": value, "choices": choices}
            )
        return meant

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return next((word for word, meant in self.words.items() if meant == value), "")


class YesNo(Text):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        said = normalize("NFKC", value).lower()
        if said not in (*YES, *NO):
            raise ValueError(_("Write 是 or 否."))
        return said in YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else YES[0] if value else NO[0]


class Day(Text):
    """A day: 2026-01-12, 2026/1/12, 2026年1月12日, or as Excel keeps it."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date:
        text = normalize("NFKC", super().clean(value)).strip()
        found = DAY.fullmatch(text)
        try:
            if found:
                return date(*(int(part) for part in found.groups() if part))
            if DAY_COUNT.fullmatch(text):
                return from_excel(int(float(text))).date()
        except (ValueError, OverflowError, IllegalCharacterError):
            pass
        raise ValueError(
            _("“%(value)s” is no day of the calendar. Write it as 2026-01-12 or 2026年1月12日.")
            % {"value": value}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class Named(Text):
    """Something that is called so: `read` finds it among what the person may use."""

    def __init__(self, read: Callable[[str], Any] | None = None) -> None:
        super().__init__()
        self.read = read

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        assert self.read is not None
        return self.read(super().clean(value))


class Listed(Named):
    """Several names: 林秀兰、周建国."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> list[Any]:
        names = [name.strip() for name in LISTED.split(value) if name.strip()]
        return [super(Listed, self).clean(name) for name in dict.fromkeys(names)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "、".join(str(one) for one in value or ())
