"""Pages on which a sheet is taken in: a template, a preview with every fault, all rows or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.exceptions import ImportError as ImportRefused

from clerkadmin import sheets, uploads
from clerkadmin.base import ClerkAdmin
from clerkadmin.models import UploadedSheet
from clerkadmin.resources import SAME, Fault, Report, SheetResource

# The preview shows so many rows and faults; it counts them all.
SHOWN = 100


class UploadForm(forms.Form):
    """One file, read as it comes in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("xlsx or csv, at most 5 MB and 1,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> tuple[str, uploads.Sheet]:
        file = self.cleaned_data["file"]
        if file.size > uploads.MAX_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Split it into several."))
        try:
            return file.name, uploads.read(file.read())
        except uploads.Unreadable as error:
            raise ValidationError(str(error)) from error


class ImportsRows(ClerkAdmin):
    """A kind of row that can be taken in from a sheet, as `resource_class` says.

    Its export has the same columns, so that a list can go out, be filled in and come back.
    """

    resource_class: type[SheetResource]

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any, str]] = [
            ("import/", self.upload_view, "import"),
            ("import/template/<slug:kind>/", self.template_view, "import_template"),
            ("import/<slug:token>/", self.preview_view, "import_preview"),
        ]
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        urls = [
            path(address, self.admin_site.admin_view(view), name=f"{name}_{page}")
            for address, view, page in pages
        ]
        return [*urls, *super().get_urls()]

    def list_tools(self, request: HttpRequest) -> Iterable[dict[str, str]]:
        if self.may(request, "import"):
            yield {"url": reverse(self.page("import")), "label": _("Import")}
        yield from super().list_tools(request)

    def resource(self, request: HttpRequest, name: str = "") -> SheetResource:
        return self.resource_class(user=request.user, name=name)

    # Going out: the columns of the template -----------------------------------------------

    def get_export_columns(self, request: HttpRequest) -> Sequence[str]:
        return list(self.resource(request).columns)

    def get_export_rows(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return self.resource(request).export_rows(rows.defer(None))

    def ready_for_export(self, row: Model) -> None:
        self.resource_class.ready(row)

    def export_heading(self, name: str) -> str:
        return str(self.resource_class.fields[name].column_name)

    def export_value(self, name: str, row: Model) -> object:
        return self.resource_class.fields[name].export(row)

    # Coming in ----------------------------------------------------------------------------

    def template_view(self, request: HttpRequest, kind: str) -> FileResponse:
        """An empty sheet with the headings; xlsx with a second sheet that explains them."""
        self._must_import(request)
        if kind not in sheets.CONTENT_TYPES:
            raise Http404
        columns = self.resource(request).imported
        explained: list[Sequence[object]] = [
            (_("Column"), _("Needed"), _("What to write"), _("Example")),
            *(
                (c.column_name, "是" if c.is_required else "", str(c.explanation), c.example)
                for c in columns
            ),
        ]
        headings = [column.column_name for column in columns]
        file = sheets.write(kind, headings, [], explanations=explained)
        name = _("%(rows)s, template") % {"rows": self.opts.verbose_name_plural}
        return sheets.response(file, kind, name)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """The form for a file; on POST the file is read and kept for its preview."""
        self._must_import(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            name, sheet = form.cleaned_data["file"]
            return redirect(self.page("import_preview"), self._keep(request, name, sheet).token)
        context = {
            "form": form,
            "columns": self.resource(request).imported,
            "templates": [
                (kind, reverse(self.page("import_template"), args=[kind]))
                for kind in (sheets.XLSX, sheets.CSV)
            ],
        }
        return self._page(request, "clerkadmin/import.html", context)

    def preview_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """What the file would do; on POST it is done, or the file is thrown away."""
        self._must_import(request)
        kept = self._own(request).filter(token=token).first()
        if kept is None:
            said = _("This file is not here any more: it was imported, or an hour has passed.")
            self.message_user(request, said, messages.WARNING)
            return redirect(self.page("import"))
        sheet = uploads.Sheet(kept.headings, [(number, cells) for number, cells in kept.rows])
        resource = self.resource(request, kept.name)
        if request.method == "POST" and "discard" in request.POST:
            kept.delete()
            return redirect(self.page("changelist"))
        report = resource.preview(sheet)
        if request.method == "POST" and report.is_open:
            refusal = self._import(resource, kept, sheet)
            if refusal is None:
                self.message_user(request, _told(report), messages.SUCCESS)
                return redirect(self.page("changelist"))
            report.faults.append(refusal)
        context = {
            "kept": kept,
            "report": report,
            "faults": report.faults[:SHOWN],
            "more_faults": max(0, len(report.faults) - SHOWN),
            # What wants a look comes first, and what stays as it is last.
            "rows": sorted(report.rows, key=lambda row: (row.what == SAME, not row.notes))[:SHOWN],
            "more_rows": max(0, len(report.rows) - SHOWN),
        }
        return self._page(request, "clerkadmin/import_preview.html", context)

    def _import(
        self, resource: SheetResource, kept: UploadedSheet, sheet: uploads.Sheet
    ) -> Fault | None:
        """Write every row; nothing is written where one is refused, and that one is told."""
        try:
            with transaction.atomic():
                # Whoever takes the file away imports it: a second click finds it gone.
                taken, _rows = UploadedSheet.objects.filter(pk=kept.pk).delete()
                if not taken:
                    return Fault(_("This file has just been imported."))
                resource.import_all(sheet)
        except ImportRefused as refused:
            number = resource.row_number
            if isinstance(refused.error, ValidationError):
                return Fault(" ".join(refused.error.messages), number)
            if isinstance(refused.error, IntegrityError):
                said = _("Somebody has just entered the same. Nothing was imported: try again.")
                return Fault(said, number)
            raise refused.error from refused
        return None

    def _keep(self, request: HttpRequest, name: str, sheet: uploads.Sheet) -> UploadedSheet:
        """The sheet for its owner, in place of the last one."""
        self._own(request).delete()
        user: Any = request.user
        return UploadedSheet.objects.create(
            user=user,
            kind=self.opts.label_lower,
            name=name[:100],
            headings=sheet.headings,
            rows=sheet.rows,
        )

    def _own(self, request: HttpRequest) -> QuerySet[UploadedSheet]:
        """The person's own sheet of this kind; what has been left lying is swept away."""
        UploadedSheet.sweep()
        return UploadedSheet.objects.filter(user=request.user.pk, kind=self.opts.label_lower)

    def _must_import(self, request: HttpRequest) -> None:
        if not self.may(request, "import"):
            raise Http404

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        title = _("Import: %(rows)s") % {"rows": self.opts.verbose_name_plural}
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "upload_url": reverse(self.page("import")),
            "list_url": reverse(self.page("changelist")),
            "media": self.media,
        }
        return TemplateResponse(request, template, {**common, **context})


def _told(report: Report) -> str:
    """What was done, in one sentence."""
    added = ngettext("%(count)d row added", "%(count)d rows added", report.new)
    changed = ngettext("%(count)d changed", "%(count)d changed", report.changed)
    same = ngettext("%(count)d as it was", "%(count)d as they were", report.unchanged)
    parts = [(added, report.new), (changed, report.changed), (same, report.unchanged)]
    return _("Imported: %(parts)s.") % {
        "parts": _(", ").join(words % {"count": count} for words, count in parts)
    }
