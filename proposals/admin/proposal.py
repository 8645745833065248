"""A proposal, with those who put it and those who handle it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import Session
from clerkadmin.base import ClerkInline
from clerkadmin.forms import ClerkForm
from clerkadmin.lookups import is_key
from clerkadmin.moves import Move, MovesAdmin, ReasonForm
from proposals.admin.doubts import doubts_of_proposal
from proposals.admin.search import by_number
from proposals.models import Assignment, Proposal, Sponsorship, number_key

SESSION = ["session", "session__assembly"]

PUBLISH = Move(
    name="publish",
    label=_("Publish proposal"),
    explanation=_("Anyone can then read the proposal. Its replies are decided one by one."),
    run=Proposal.publish,
    is_shown=lambda proposal: not proposal.is_published,
    doubts=doubts_of_proposal,
)
WITHHOLD = Move(
    name="withhold",
    label=_("Withdraw from the public"),
    explanation=_("The proposal and all of its replies leave the public pages at once."),
    run=Proposal.withhold,
    is_shown=lambda proposal: proposal.is_published,
    form=ReasonForm,
)


class SponsorshipFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Two lead sponsors entered at once: the database would refuse the second."""
        super().clean()
        if sum(row.role == Sponsorship.Role.LEAD for row in _kept(self)) > 1:
            raise ValidationError(_("A proposal has one lead sponsor."))


class AssignmentFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """One department twice, or two sole handlers, entered at once."""
        super().clean()
        present = [row for row in _kept(self) if row.ended_on is None]
        departments = [row.department_id for row in present]
        if len(departments) > len(set(departments)):
            raise ValidationError(_("The department already handles this proposal."))
        if sum(row.role == Assignment.Role.SOLE for row in present) > 1:
            raise ValidationError(_("Only one department can handle a proposal alone."))


def _kept(formset: BaseInlineFormSet) -> list[Any]:
    """The rows as they will be, without empty forms and those to be removed."""
    return [
        form.instance
        for form in formset.forms
        if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
    ]


class SponsorshipInline(ClerkInline):
    model = Sponsorship
    formset = SponsorshipFormSet
    fields = ["order", "deputy", "role", "confirmed_on", "declined_on"]
    autocomplete_fields = ["deputy"]
    list_select_related = ["deputy"]
    can_delete = True


class AssignmentInline(ClerkInline):
    """One that has ended is kept, with its last day, on its own page."""

    model = Assignment
    formset = AssignmentFormSet
    fields = ["department", "role", "assigned_on", "acknowledged_on", "due_on"]
    autocomplete_fields = ["department"]
    list_select_related = ["department"]
    show_change_link = True


class SessionFilter(admin.SimpleListFilter):
    """By session; Django's own filter would ask for the assembly of each."""

    title = _("session")
    parameter_name = "session"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        sessions = Session.objects.select_related("assembly")
        return [(str(session.pk), str(session)) for session in sessions]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        return queryset.filter(session=value) if is_key(value) else queryset


class ProposalForm(ClerkForm):
    def compute(self) -> None:
        self.instance.number_key = number_key(self.instance.number)


@admin.register(Proposal)
class ProposalAdmin(MovesAdmin):
    form = ProposalForm
    moves = [PUBLISH, WITHHOLD]
    list_display = ["number", "title", "session", "state", "disclosure"]
    list_display_links = ["number", "title"]
    list_filter = [SessionFilter, "state", "kind", "disclosure", "is_key"]
    list_select_related = SESSION
    heavy_fields = ["reason", "request"]
    search_fields = ["title", "sponsorships__deputy__name"]
    word_readers = [by_number("number_key")]
    autocomplete_fields = ["session", "topic", "merged_into"]
    readonly_fields = ["state", "disclosure", "published_on", "closed_on"]
    ordering = ["-session_id", "number_key"]
    inlines = [SponsorshipInline, AssignmentInline]
    fieldsets = [
        (None, {"fields": ["session", "number", "kind", "title", "topic", "in_session"]}),
        (_("Text"), {"fields": ["reason", "request", "wished_handler"]}),
        (
            _("Handling"),
            {"fields": ["state", "submitted_on", "registered_on", "closed_on", "merged_into"]},
        ),
        (_("Key proposal"), {"fields": ["is_key", "supervisor"]}),
        (
            _("Public pages"),
            {
                "fields": ["disclosure", "published_on"],
                "description": _("Decided with the buttons at the top of the page."),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Proposal | None = None) -> list[str]:
        """Of a published proposal: its permanent address, and what other public pages link to."""
        fields = list(self.readonly_fields)
        if obj and obj.is_published:
            fields += ["session", "number", "kind", "merged_into"]
        return fields

    def save_model(
        self, request: HttpRequest, obj: Proposal, form: ClerkForm, change: bool
    ) -> None:
        """A proposal with its number is registered; without one it has been submitted."""
        if obj.state in (Proposal.State.DRAFT, Proposal.State.SUBMITTED):
            obj.state = Proposal.State.REGISTERED if obj.number else Proposal.State.SUBMITTED
            if obj.number and not obj.registered_on:
                obj.registered_on = timezone.localdate()
        super().save_model(request, obj, form, change)
