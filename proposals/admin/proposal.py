"""A proposal, with those who put it and those who handle it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import Session
from clerkadmin.base import ClerkInline, ReadOnlyInline
from clerkadmin.bulk import ImportsRows
from clerkadmin.forms import ClerkForm
from clerkadmin.lookups import is_key
from clerkadmin.moves import Move, MovesAdmin, ReasonForm
from proposals import registering, submitting
from proposals.admin.assigning import ASSIGN
from proposals.admin.attachment import AttachmentInline
from proposals.admin.closing_moves import CLOSING
from proposals.admin.dates import ShowsDates
from proposals.admin.doubts import doubts_of_proposal
from proposals.admin.registering import (
    CONVERT,
    MAKE_KEY,
    MERGE,
    NUDGE,
    REGISTER,
    SEND_BACK,
    UNMAKE_KEY,
    WITHDRAW,
)
from proposals.admin.search import by_number
from proposals.admin.timeline import TimelinePages
from proposals.models import Assignment, Proposal, Sponsorship, number_key
from proposals.resources import ProposalResource

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise

SESSION = ["session", "session__assembly"]

PUBLISH = Move(
    name="publish",
    label=_("Publish proposal"),
    explanation=_("Anyone can then read the proposal. Its replies are decided one by one."),
    run=Proposal.publish,
    guard=Proposal.why_not_publish,
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
    fields = ["order", "deputy", "role", "asked_on", "confirmed_on", "declined_on", "stands"]
    # Asking is the lead sponsor's own; a name that the office enters stands as it is.
    readonly_fields = ["asked_on", "stands"]
    autocomplete_fields = ["deputy"]
    list_select_related = ["deputy"]
    can_delete = True

    @admin.display(description=_("stands under it"))
    def stands(self, sponsorship: Sponsorship) -> str | Promise:
        if sponsorship.pk is None:
            return ""
        if sponsorship.declined_on:
            return _("No: declined")
        if sponsorship.asked_on and not sponsorship.confirmed_on:
            return _("No: asked, has not confirmed")
        return _("Yes")


class AssignmentInline(ReadOnlyInline):
    """Also those that have ended: each has its own page."""

    model = Assignment
    fields = ["department", "role", "assigned_on", "acknowledged_on", "due_on", "ended_on"]
    list_select_related = ["department"]


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


# States in which a department is still to be found.
TO_ASSIGN = (Proposal.State.SUBMITTED, Proposal.State.REGISTERED)


@admin.register(Proposal)
class ProposalAdmin(ShowsDates, TimelinePages, ImportsRows, MovesAdmin):
    resource_class = ProposalResource
    form = ProposalForm
    moves = [
        REGISTER,
        ASSIGN,
        NUDGE,
        PUBLISH,
        WITHHOLD,
        SEND_BACK,
        CONVERT,
        MERGE,
        WITHDRAW,
        MAKE_KEY,
        UNMAKE_KEY,
        *CLOSING,
    ]
    dates = {"assign_by": lambda proposal: proposal.state not in TO_ASSIGN}
    assembly_path = "session__assembly_id"
    list_display = ["number", "title", "session", "state", "disclosure"]
    list_display_links = ["number", "title"]
    list_filter = [SessionFilter, "state", "kind", "disclosure", "is_key"]
    list_select_related = SESSION
    heavy_fields = ["reason", "request"]
    search_fields = ["title", "sponsorships__deputy__name"]
    word_readers = [by_number("number_key")]
    autocomplete_fields = ["session", "topic"]
    ordering = ["-session_id", "number_key"]
    inlines = [SponsorshipInline, AttachmentInline, AssignmentInline]
    fieldsets = [
        (None, {"fields": ["session", "number", "kind", "title", "topic", "in_session"]}),
        (_("Text"), {"fields": ["reason", "request", "wished_handler"]}),
        (
            _("Handling"),
            {
                "fields": [
                    "state",
                    "submitted_on",
                    "registered_on",
                    "assign_by",
                    "closed_on",
                    "merged_into",
                ],
                "description": _("It goes on with the buttons at the top of the page."),
            },
        ),
        (_("Key proposal"), {"fields": ["is_key", "supervised_by", "supervisor"]}),
        (
            _("Public pages"),
            {
                "fields": ["disclosure", "published_on"],
                "description": _("Decided with the buttons at the top of the page."),
            },
        ),
    ]
    # Changed by moves alone.
    readonly_fields = [
        "state",
        "registered_on",
        "assign_by",
        "closed_on",
        "merged_into",
        "is_key",
        "supervised_by",
        "supervisor",
        "disclosure",
        "published_on",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Proposal | None = None) -> list[str]:
        """The number comes with registration; of a published proposal it is the address.

        What deputies wrote on their desk stays in their words, whoever opens it here.
        """
        fields = list(super().get_readonly_fields(request, obj))
        if obj is None or not obj.number:
            fields += ["number"]
        if obj and obj.state != Proposal.State.SUBMITTED:
            fields += ["submitted_on"]
        if obj and obj.is_published:
            # The permanent address, and what other public pages link to.
            fields += ["session", "number", "kind"]
        if obj and submitting.why_not_reword(obj):
            fields += submitting.TEXTS
        return fields

    def get_fieldsets(self, request: HttpRequest, obj: Proposal | None = None) -> Any:
        """A new one has no state yet: nothing is shown that its moves will fill in."""
        if obj is None:
            first = ["session", "kind", "title", "topic", "in_session", "submitted_on"]
            return [(None, {"fields": first}), self.fieldsets[1]]
        why_not = submitting.why_not_reword(obj)
        if not why_not:
            return self.fieldsets
        first = ["session", "number", "kind", "topic", "in_session"]
        words = {"fields": submitting.TEXTS, "description": why_not}
        return [(None, {"fields": first}), (_("Text"), words), *self.fieldsets[2:]]

    def get_inlines(self, request: HttpRequest, obj: Proposal | None = None) -> list[Any]:
        """Nobody handles a new one yet."""
        return self.inlines if obj is not None else [SponsorshipInline]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        return {"submitted_on": timezone.localdate(), **given}

    def save_model(
        self, request: HttpRequest, obj: Proposal, form: ClerkForm, change: bool
    ) -> None:
        """One that is entered has been submitted: the clock of its assignment starts."""
        if not change:
            by = cast("User", request.user)
            registering.submit(obj, on=obj.submitted_on or timezone.localdate(), by=by)
            return
        if "submitted_on" in form.changed_data:
            obj.count_dates()
        super().save_model(request, obj, form, change)
