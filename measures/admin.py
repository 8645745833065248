"""Measures, promises and figures: read from the letter, kept up by clerks.

What was done and promised is shown under its reply too: so the reply's page is completed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clerkadmin import files
from clerkadmin.base import ClerkAdmin, ReadOnlyAdmin, ReadOnlyInline
from clerkadmin.forms import ClerkForm, LinesField
from clerkadmin.moves import MovesAdmin
from measures.anchoring import moved_rows, place
from measures.dating import last_day, printed_due
from measures.models import (
    Anchored,
    Commitment,
    CommitmentFeedback,
    CommitmentUpdate,
    Figure,
    Measure,
)
from measures.paper_form import WithPaperForm
from measures.reports import REPORT
from measures.verdict_moves import ANSWER
from proposals.admin.dates import ShowsDates
from proposals.admin.feedback import WithSource
from proposals.admin.owed import OfLeadDepartment
from proposals.admin.reply import REPLY_TEXTS, ReplyAdmin, ReplyForm
from proposals.admin.search import by_number
from proposals.models import Reply

files.keep(
    CommitmentUpdate, "evidence_file", title=lambda update: update.evidence_title or _("evidence")
)
files.keep(
    CommitmentFeedback,
    "scan",
    title=lambda word: _("Word on a promise of %(name)s") % {"name": word.deputy.name},
    right="read_scan",
)

OF_REPLY = ["reply", "reply__proposal", "reply__department"]


class AnchoredForm(ClerkForm):
    """A sentence typed by a clerk must stand in the letter; its place is looked up."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        reply = data.get("reply") or getattr(self.instance, "reply", None)
        if reply and "text" in data and (self.instance.pk is None or "text" in self.changed_data):
            try:
                self.instance.start, self.instance.end = place(
                    data["text"], reply.text, within=self.within(data)
                )
            except ValidationError as error:
                self.add_error("text", error)
        return data

    def within(self, data: dict[str, Any]) -> tuple[int, int] | None:
        """Where in the letter to look; everywhere."""
        return None

    def compute(self) -> None:
        """A new measure or promise takes the next number of its letter: part of its address."""
        row = self.instance
        if row.pk is None and hasattr(row, "number") and row.number is None:
            same_letter = type(row).objects.filter(reply=row.reply)
            row.number = (same_letter.aggregate(last=Max("number"))["last"] or 0) + 1


class CommitmentForm(AnchoredForm):
    printed_departments = LinesField(
        label=_("departments, as printed"), required=False, help_text=_("One a line.")
    )

    def compute(self) -> None:
        """A date that the clerk left empty is read: from the sentence, or as printed."""
        super().compute()
        promise = self.instance
        if promise.due_on or "due_on" not in self.fields:
            return
        # What was emptied on purpose stays empty.
        new = set(self.fields) if promise.pk is None else set(self.changed_data)
        if promise.due_text and "due_text" in new:
            promise.due_on = last_day(promise.due_text, promise.reply.date)
        elif not promise.due_text and "text" in new:
            promise.due_text, promise.due_on = printed_due(promise.text, promise.reply.date)


class FigureForm(AnchoredForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("measure", "commitment"):
            sentence = data.get(name)
            if sentence and data.get("reply") and sentence.reply_id != data["reply"].pk:
                self.add_error(name, _("This stands in another letter."))
        return data

    def within(self, data: dict[str, Any]) -> tuple[int, int] | None:
        sentence = data.get("measure") or data.get("commitment")
        return (sentence.start, sentence.end) if sentence else None


class PlainValue:
    """A number without the zeros that its column pads it with."""

    @admin.display(description=_("value"), ordering="value")
    def plain_value(self, figure: Figure) -> str:
        return "—" if figure.value is None else f"{figure.value.normalize():,f}"


class AnchoredAdmin(ClerkAdmin):
    form = AnchoredForm
    list_select_related = OF_REPLY
    heavy_fields = REPLY_TEXTS
    word_readers = [by_number("reply__proposal__number_key")]
    ordering = ["-pk"]
    readonly_fields = ["number"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A sentence stays in its letter; that of a sent letter stays as it is."""
        fields = list(self.readonly_fields)
        if obj:
            fields.append("reply")
        if obj and obj.reply.is_locked:
            fields.append("text")
        return fields


@admin.register(Measure)
class MeasureAdmin(AnchoredAdmin):
    list_display = ["__str__", "number", "heading", "reply"]
    search_fields = ["heading", "reply__title", "reply__document_number"]
    autocomplete_fields = ["reply"]
    fields = ["reply", "number", "heading", "text"]


class OverdueFilter(admin.SimpleListFilter):
    title = _("date")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("Overdue")), ("soon", _("Due within 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "overdue":
            return queryset.owed().overdue(on=today)  # type: ignore[attr-defined]
        if self.value() == "soon":
            return queryset.owed().due_within(30, on=today)  # type: ignore[attr-defined]
        return queryset


class CommitmentUpdateInline(ReadOnlyInline):
    """Too many fields for one row: they stand below each other."""

    model = CommitmentUpdate
    template = "admin/edit_inline/stacked.html"
    fields = [
        "on",
        "author",
        "state",
        "text",
        "due_on",
        "evidence_title",
        "evidence_url",
        "evidence_file",
        "entered_by",
    ]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_select_related = ["commitment", "entered_by"]
    show_change_link = False


@admin.register(Commitment)
class CommitmentAdmin(ShowsDates, AnchoredAdmin, MovesAdmin):
    dates = {"due_on": lambda promise: promise.state not in Commitment.OPEN}
    assembly_path = "reply__proposal__session__assembly_id"
    form = CommitmentForm
    moves = [REPORT]
    list_display = ["__str__", "lead_department", "due_on", "state", "strength", "reply"]
    export_columns = [
        "reply__proposal__session",
        "reply__proposal__number",
        "reply__document_number",
        "number",
        "text",
        "lead_department",
        "due_text",
        "due_on",
        "strength",
        "state",
        "kept_on",
    ]
    export_related = ["reply__proposal__session__assembly", "lead_department"]
    list_filter = ["state", OverdueFilter, "strength", OfLeadDepartment]
    list_select_related = [*OF_REPLY, "lead_department"]
    search_fields = ["text", "lead_department__short_name", "reply__document_number"]
    autocomplete_fields = ["reply", "lead_department", "supporting_departments", "continues"]
    readonly_fields = ["number", "state", "kept_on"]
    inlines = [CommitmentUpdateInline]
    fieldsets = [
        (None, {"fields": ["reply", "number", "heading", "text", "strength", "continues"]}),
        (
            _("Who keeps it, by when"),
            {
                "fields": [
                    "lead_department",
                    "supporting_departments",
                    "printed_departments",
                    "due_text",
                    "due_on",
                ]
            },
        ),
        (
            _("How far it is"),
            {
                "fields": ["state", "kept_on"],
                "description": _("The state follows the reports."),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Commitment | None = None) -> list[str]:
        """Once reported on, a promise gets a new date by a report with its reason alone."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "due_on"] if obj and obj.updates.exists() else fields

    def get_inlines(self, request: HttpRequest, obj: Commitment | None = None) -> list[type]:
        """A promise is reported on after it was entered."""
        return list(self.inlines) if obj else []


@admin.register(CommitmentFeedback)
class CommitmentFeedbackAdmin(WithSource, ShowsDates, MovesAdmin, ReadOnlyAdmin):
    """What deputies are asked of promises, and what they said; what they wrote is its report."""

    dates = {"due_on": lambda word: word.state != CommitmentFeedback.State.AWAITED}
    assembly_path = "commitment__reply__proposal__session__assembly_id"
    moves = [ANSWER]
    list_display = ["commitment", "deputy", "cause", "state", "due_on", "answered_on"]
    export_columns = [
        "commitment__reply__proposal__session",
        "commitment__reply__proposal__number",
        "commitment__reply__document_number",
        "commitment__number",
        "deputy",
        "cause",
        "asked_on",
        "due_on",
        "state",
        "answered_on",
        "on_paper",
    ]
    export_related = ["commitment__reply__proposal__session__assembly", "deputy"]
    list_filter = ["state", "cause", "on_paper"]
    list_select_related = [
        "commitment",
        "commitment__reply",
        "commitment__reply__proposal",
        "deputy",
        "update",
    ]
    heavy_fields = [f"commitment__{name}" for name in REPLY_TEXTS]
    search_fields = ["deputy__name", "commitment__text", "commitment__reply__document_number"]
    word_readers = [by_number("commitment__reply__proposal__number_key")]
    ordering = ["-pk"]
    readonly_fields = ["said", "came_from"]
    fieldsets = [
        (None, {"fields": ["commitment", "deputy", "cause", "asked_on", "due_on"]}),
        (
            _("What the deputy answered"),
            {
                "fields": [
                    "state",
                    "answered_on",
                    "said",
                    "on_paper",
                    "scan",
                    "entered_by",
                    "came_from",
                ]
            },
        ),
    ]

    @admin.display(description=_("reason"))
    def said(self, word: CommitmentFeedback) -> str:
        return word.update.text if word.update and word.update.text else "—"


@admin.register(Figure)
class FigureAdmin(PlainValue, AnchoredAdmin):
    form = FigureForm
    list_display = ["text", "plain_value", "unit", "rank", "measure", "commitment", "reply"]
    list_select_related = [*OF_REPLY, "measure", "commitment"]
    search_fields = ["=text", "=unit", "reply__document_number"]
    autocomplete_fields = ["reply", "measure", "commitment"]
    readonly_fields = []
    fieldsets = [
        (None, {"fields": ["reply", "measure", "commitment", "text"]}),
        (_("Value"), {"fields": ["value", "unit", "rank"]}),
    ]


class MeasureInline(ReadOnlyInline):
    model = Measure
    fields = ["number", "heading"]


class CommitmentInline(ReadOnlyInline):
    model = Commitment
    fields = ["number", "lead_department", "due_text", "due_on", "strength", "state"]
    list_select_related = ["lead_department"]


class FigureInline(PlainValue, ReadOnlyInline):
    model = Figure
    fields = ["plain_value", "unit", "rank"]
    readonly_fields = ["plain_value"]


class AnchoringReplyForm(ReplyForm):
    """Mending the text of a letter moves what points into it; nothing is left without its words."""

    moved: Sequence[Anchored] = ()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk and "text" in self.changed_data and data.get("text"):
            try:
                self.moved = moved_rows(self.instance, data["text"])
            except ValidationError as error:
                self.add_error("text", error)
        return data


class ReplyWithMeasuresAdmin(WithPaperForm, ReplyAdmin):
    form = AnchoringReplyForm
    inlines = [CommitmentInline, MeasureInline, FigureInline, *ReplyAdmin.inlines]

    def save_model(self, request: HttpRequest, obj: Reply, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for row in form.moved:
            row.save(update_fields=["start", "end"])

    def get_inlines(self, request: HttpRequest, obj: Reply | None = None) -> list[type]:
        return list(self.inlines) if obj else []


admin.site.unregister(Reply)
admin.site.register(Reply, ReplyWithMeasuresAdmin)
