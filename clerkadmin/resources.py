"""Rows from a sheet, on django-import-export: checked as a whole, written as a whole or not at all.

A preview reads every row against tables loaded once and writes nothing; the import itself goes
through the models' own methods, so history and events are kept as if each row was typed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.utils.translation import gettext as _
from import_export.resources import Resource
from import_export.results import RowResult
from openpyxl.utils import get_column_letter
from tablib import Dataset

from clerkadmin.changes import CHANGED, Change, tell
from clerkadmin.columns import Column
from clerkadmin.uploads import Sheet, as_rows

NEW, UPDATE, SAME = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, "skip"


@dataclass(frozen=True)
class Fault:
    """Why a sheet cannot be imported: the row and the heading as printed, the cell, the reason."""

    why: str
    row: int | None = None
    heading: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = {"row": self.row, "column": self.heading, "cell": self.cell, "why": self.why}
        if self.row is None:
            return self.why
        if not self.heading:
            return _("Row %(row)s: %(why)s") % place
        if not self.cell:
            return _("Row %(row)s, “%(column)s”: %(why)s") % place
        return _("Row %(row)s, “%(column)s” (%(cell)s): %(why)s") % place


@dataclass(frozen=True)
class ReadRow:
    """A row without a fault: what it would do, and what of it should be looked at."""

    number: int
    what: str
    name: str
    changes: list[tuple[str, str, str]]
    notes: list[str]


@dataclass
class Report:
    """What an import would do, or why it cannot be."""

    rows: list[ReadRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str) -> int:
        return sum(row.what == what for row in self.rows)

    @property
    def new(self) -> int:
        return self.count(NEW)

    @property
    def changed(self) -> int:
        return self.count(UPDATE)

    @property
    def unchanged(self) -> int:
        return self.count(SAME)

    @property
    def is_open(self) -> bool:
        return not self.faults and bool(self.new or self.changed)


class SheetResource(Resource):
    """One kind of row as a sheet. An empty cell changes nothing; a row is found by `find`."""

    class Meta:
        # Our own saving: rows one by one, through their models; no savepoint around each.
        use_bulk = True
        skip_unchanged = True
        report_skipped = True
        store_instance = True
        skip_html_diff = True
        instance_loader_class = staticmethod(lambda resource, dataset: None)

    # Which columns an existing row keeps: they are changed on its own page.
    fixed: tuple[str, ...] = ()

    def __init__(self, *, user: Any, name: str = "") -> None:
        super().__init__()
        self.user, self.name = user, name
        self.numbers: list[int] = []
        self.row_number = 0
        self.seen: dict[Any, int] = {}
        self.before: dict[str, Any] = {}
        self.changed: list[str] = []
        self.notes: dict[int, list[str]] = {}

    # What each kind of row says of itself -------------------------------------------------

    def load(self) -> None:
        """Fetch once what all rows are read against."""

    def before_rows(self, rows: list[dict[str, str]]) -> None:
        """Fetch once what these rows may mean, where the whole table would be too much."""

    def find(self, row: dict[str, str]) -> Model | None:
        """The row of the database that this row of the sheet is about."""
        raise NotImplementedError

    def key(self, instance: Any) -> Any:
        """What tells one row of the sheet from another."""
        raise NotImplementedError

    def settle(self, instance: Any, *, is_new: bool) -> None:
        """Fill in what follows from the whole row, and check it: raises ValidationError."""

    def write(self, instance: Any, *, is_new: bool) -> None:
        """Save the row, with what it brings along."""
        instance.save()

    def export_rows(self, rows: QuerySet) -> QuerySet:
        """The rows with what the columns print of them."""
        return rows

    @staticmethod
    def ready(row: Any) -> None:
        """Set what columns show and the row itself does not have, from what was fetched."""

    # Used by the pages --------------------------------------------------------------------

    @property
    def columns(self) -> dict[str, Column]:
        return cast("dict[str, Column]", self.fields)

    @property
    def imported(self) -> list[Column]:
        """The columns of the template."""
        return [column for column in self.columns.values() if not column.readonly]

    def preview(self, sheet: Sheet) -> Report:
        """What importing the sheet would do; nothing is written."""
        report = Report(faults=self._faults_of_headings(sheet))
        if report.faults:
            return report
        printed = self._canonical(sheet)
        ignored = [h for h in printed.headings if self._column(h).readonly]
        if ignored:
            said = _("These columns are not imported: %(columns)s.")
            report.notes.append(said % {"columns": "、".join(ignored)})
        result = self.import_data(self._dataset(printed), dry_run=True, use_transactions=True)
        for error in (*result.base_errors, *(e for _n, es in result.row_errors() for e in es)):
            # Not what a sheet may say, but a fault of the program.
            raise error.error
        for number, one in zip(self.numbers, result.rows, strict=True):
            if one.validation_error:
                report.faults += self._faults_of_row(number, one.validation_error, sheet)
            else:
                report.rows.append(self._read_row(number, one))
        return report

    def import_all(self, sheet: Sheet) -> None:
        """Write every row, or none: any fault is raised, in the caller's transaction."""
        dataset = self._dataset(self._canonical(sheet))
        self.import_data(dataset, raise_errors=True, use_transactions=True)

    # The steps of django-import-export ----------------------------------------------------

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        self.seen.clear()
        self.notes.clear()
        self.load()
        self.before_rows(dataset.dict)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.row_number = self.numbers[kwargs["row_number"] - 1]

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        return self.find(row)

    def init_instance(self, row: Any = None) -> Any:
        return self._meta.model()

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self.before = {} if new else self._values(instance)

    def import_field(
        self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        if row.get(field.column_name):
            field.save(instance, row, is_m2m, **kwargs)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        is_new = instance.pk is None
        self.settle(instance, is_new=is_new)
        first = self.seen.setdefault(self.key(instance), self.row_number)
        if first != self.row_number:
            raise ValidationError(_("This is already in row %(row)s.") % {"row": first})
        if not is_new:
            self._keep_fixed(instance)

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        now = self._values(instance)
        self.changed = [name for name, value in now.items() if value != self.before.get(name)]
        return not errors and instance.pk is not None and not self.changed

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Each field by itself: what rows are to each other was checked against the tables."""
        errors = dict(import_validation_errors or {})
        if NON_FIELD_ERRORS not in errors:
            linked = {
                f.name
                for f in instance._meta.fields
                if isinstance(f, ForeignKey) and instance.__dict__.get(f.attname) is not None
            }
            try:
                instance.clean_fields(exclude={*errors, *linked, *self._unsaved_links(instance)})
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        if kwargs.get("dry_run"):
            return
        # History names the file beside who imported it.
        instance._change_reason = self.name
        if not is_create:
            self._hold(instance)
        self.write(instance, is_new=is_create)
        if not is_create and self.changed:
            tell([Change(instance, CHANGED, tuple(self.changed))], self.user)

    # Own steps ----------------------------------------------------------------------------

    def value(self, row: dict[str, str], name: str) -> Any:
        """What that column of the row means; None where it is empty or cannot be read."""
        column = self.columns[name]
        text = row.get(str(column.column_name))
        try:
            return column.widget.clean(text) if text else None
        except ValueError:
            return None

    def note(self, said: str) -> None:
        """Something that the clerk should look at in this row; it is no fault."""
        self.notes.setdefault(self.row_number, []).append(said)

    def _hold(self, instance: Any) -> None:
        """Keep others from the row; what somebody changed since it was read is not written over."""
        rows = self._meta.model.objects.select_for_update(no_key=True)
        if not rows.filter(pk=instance.pk, version=instance.version).exists():
            raise ValidationError(_("Somebody has just changed this row. Try again."))

    def _values(self, instance: Any) -> dict[str, Any]:
        values = {name: one.get_value(instance) for name, one in self.columns.items()}
        return {name: "" if value is None else value for name, value in values.items()}

    def _unsaved_links(self, instance: Any) -> set[str]:
        """Links to rows that stand further up in the same sheet."""
        cached = instance._state.fields_cache
        return {name for name, row in cached.items() if row is not None and row.pk is None}

    def _keep_fixed(self, instance: Any) -> None:
        errors, now = {}, self._values(instance)
        for name in self.fixed:
            column, old = self.columns[name], self.before[name]
            if now[name] != old:
                said = _("It is registered as “%(old)s”. That is changed on its own page.")
                errors[column.attribute] = said % {"old": column.widget.render(old) or "—"}
        if errors:
            raise ValidationError(errors)

    def _column(self, heading: str) -> Column:
        return next(one for one in self.columns.values() if heading in one.headings)

    def _canonical(self, sheet: Sheet) -> Sheet:
        return Sheet([str(self._column(h).column_name) for h in sheet.headings], sheet.rows)

    def _dataset(self, sheet: Sheet) -> Dataset:
        self.numbers = [number for number, _cells in sheet.rows]
        headings = sheet.headings
        return Dataset(*as_rows(sheet, headings), headers=headings)

    def _faults_of_headings(self, sheet: Sheet) -> list[Fault]:
        known = {h: name for name, one in self.columns.items() for h in one.headings}
        faults, found = [], set()
        for place, heading in enumerate(sheet.headings, start=1):
            if not heading:
                said = _("Column %(column)s has no heading.")
                faults.append(Fault(said % {"column": get_column_letter(place)}))
            elif heading not in known:
                said = _("The column “%(heading)s” is not known. Take it out, or name it as in the "
                         "template.")  # fmt: skip
                faults.append(Fault(said % {"heading": heading}))
            elif known[heading] in found:
                said = _("The column “%(heading)s” is there twice.")
                faults.append(Fault(said % {"heading": heading}))
            else:
                found.add(known[heading])
        for name, column in self.columns.items():
            if column.is_required and name not in found:
                said = _("The column “%(heading)s” is missing.")
                faults.append(Fault(said % {"heading": column.column_name}))
        width = len(sheet.headings)
        faults += [
            Fault(_("There are cells to the right of the headings."), number)
            for number, cells in sheet.rows
            if len(cells) > width
        ]
        return faults

    def _faults_of_row(self, number: int, error: ValidationError, sheet: Sheet) -> list[Fault]:
        by_attribute = {one.attribute: one for one in self.columns.values()}
        faults = []
        reasons_of: dict[str, list[str]] = {NON_FIELD_ERRORS: error.messages}
        if hasattr(error, "error_dict"):
            reasons_of = error.message_dict
        for name, reasons in reasons_of.items():
            column = by_attribute.get(name)
            heading = str(column.column_name) if column else ""
            cell = ""
            if column:
                there = [i for i, h in enumerate(sheet.headings, 1) if h in column.headings]
                heading = sheet.headings[there[0] - 1] if there else heading
                cell = f"{get_column_letter(there[0])}{number}" if there else ""
            faults += [Fault(why, number, heading, cell) for why in reasons]
        return faults

    def _read_row(self, number: int, one: Any) -> ReadRow:
        changes = []
        if one.import_type == UPDATE:
            for column in self.columns.values():
                old, new = (column.widget.render(column.get_value(row)) for row in
                            (one.original, one.instance))  # fmt: skip
                if old != new:
                    changes.append((str(column.column_name), str(old), str(new)))
        return ReadRow(
            number, one.import_type, str(one.instance), changes, self.notes.get(number, [])
        )
