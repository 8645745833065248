"""Lists go out as they are filtered: the same rows, the columns that the role may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.db.models import Field, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from access.rights import RIGHTS
from clerkadmin import sheets

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin
else:
    Base = object

EXPORTED = {right.kind for right in RIGHTS if "export" in right.may}
# So many rows are in memory at a time.
CHUNK = 500


class ExportsList(Base):
    """A list with its export: for the roles that have `export` in the table of rights.

    `export_columns` are named as in `list_display`; without them, those of the list itself.
    """

    change_list_template = "clerkadmin/change_list.html"
    export_columns: Sequence[str] = ()
    # What these columns name is fetched with each row.
    export_related: Sequence[str] = ()

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        if self.opts.label_lower not in EXPORTED:
            return urls
        export = path(
            "export/<slug:kind>/",
            self.admin_site.admin_view(self.export_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_export",
        )
        return [export, *urls]

    def get_export_columns(self, request: HttpRequest) -> Sequence[str]:
        """The columns of the file for that person: a sheet holds dates as dates, without lights."""
        return self.export_columns or self.list_display  # type: ignore[return-value]

    def get_export_rows(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        """What the columns need beside the row itself is fetched with it."""
        return rows.select_related(*self.export_related) if self.export_related else rows

    def ready_for_export(self, row: Model) -> None:
        """What the columns ask of the row that is more than its fields."""

    def export_heading(self, name: str) -> str:
        if LOOKUP_SEP in name.strip("_"):
            *_path, link, field = get_fields_from_path(self.model, name)
            return capfirst(f"{link.verbose_name} · {field.verbose_name}")
        return capfirst(str(label_for_field(name, self.model, self)))

    def export_value(self, name: str, row: Model) -> object:
        """What the list shows there, as a value."""
        try:
            field, _attribute, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return None
        if isinstance(field, Field) and field.flatchoices:
            return dict(field.flatchoices).get(value, value)
        if isinstance(value, bool):
            return "是" if value else "否"
        return value

    def export_view(self, request: HttpRequest, kind: str) -> FileResponse:
        """The list of that address, filtered, searched and ordered alike, as a file."""
        if kind not in sheets.CONTENT_TYPES or not self.may(request, "export"):  # type: ignore[attr-defined]
            raise Http404
        try:
            listed = self.get_changelist_instance(request)
        except (IncorrectLookupParameters, SuspiciousOperation) as error:
            # What the list would not show is not there.
            raise Http404 from error
        rows = listed.queryset.editable_by(request.user, "export")
        columns = self.get_export_columns(request)
        file = sheets.write(
            kind,
            [self.export_heading(name) for name in columns],
            self._lines(columns, self.get_export_rows(request, rows)),
        )
        return self._download(file, kind)

    def _lines(self, columns: Sequence[str], rows: QuerySet) -> Iterator[list[object]]:
        for row in rows.iterator(chunk_size=CHUNK):
            self.ready_for_export(row)
            yield [self.export_value(name, row) for name in columns]

    def _download(self, file: Any, kind: str) -> FileResponse:
        name = f"{self.opts.verbose_name_plural} {timezone.localdate()}"
        return sheets.response(file, kind, name)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"list_tools": list(self.list_tools(request)), **(extra_context or {})}
        return super().changelist_view(request, context)

    def list_tools(self, request: HttpRequest) -> Iterable[dict[str, str]]:
        """The buttons above the list: its exports, with the filters of the moment."""
        if self.opts.label_lower not in EXPORTED or not self.may(request, "export"):  # type: ignore[attr-defined]
            return
        asked = request.GET.copy()
        asked.pop("p", None)
        query = asked.urlencode()
        for kind, label in ((sheets.XLSX, _("Export as xlsx")), (sheets.CSV, _("Export as csv"))):
            address = reverse(self.page("export"), args=[kind])
            yield {"url": f"{address}?{query}" if query else address, "label": label}

    def page(self, name: str) -> str:
        """The name of one of the pages of this kind of row, for `reverse`."""
        return f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}"
