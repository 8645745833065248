"""A reply, its locked versions, its publication and its later categories."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from assemblies.models import Category
from clerkadmin.base import ReadOnlyAdmin, ReadOnlyInline
from clerkadmin.forms import ClerkForm, LinesField
from clerkadmin.lookups import is_key
from clerkadmin.moves import MovesAdmin
from proposals.admin.dates import ShowsDates
from proposals.admin.disclosure_moves import DISCLOSURE
from proposals.admin.rating_moves import RATINGS
from proposals.admin.reply_moves import AFTERWARDS, ON_ITS_WAY, CategoryField
from proposals.admin.search import by_number
from proposals.admin.timeline import WithTimeline
from proposals.models import (
    Assignment,
    DisclosureDecision,
    Event,
    Feedback,
    FollowUpCategory,
    Proposal,
    Redaction,
    Reply,
    ReplyVersion,
)
from proposals.models.handled import MARKED

PROPOSAL_TEXTS = ["proposal__reason", "proposal__request"]
REPLY_TEXTS = ["reply__text", "reply__abstract", "reply__reading"]


class ReplyForm(ClerkForm):
    copied_to = LinesField(label=_("copied to"), required=False, help_text=_("One a line."))

    def compute(self) -> None:
        """A new reply is of its department's round, and takes the next free number in it."""
        reply = self.instance
        if reply.pk is not None:
            return
        present = Assignment.objects.filter(proposal=reply.proposal_id).present()
        assignment = present.filter(department=reply.department_id).first()
        reply.round = assignment.round if assignment else 1
        reply.sequence = Reply.objects.next_sequence(reply.proposal, reply.round)


class WithCategory:
    """On the page of a reply only the categories of its assembly can be chosen."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "category":
            kwargs |= {"form_class": CategoryField, "queryset": _categories(request)}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def _categories(request: HttpRequest) -> QuerySet[Category]:
    categories = Category.objects.select_related("scheme__assembly")
    match = request.resolver_match
    reply = match.kwargs.get("object_id") if match else None
    if reply is None:
        return categories
    # One that was chosen before stays on the form, so that it is told if it is wrong.
    of_reply = Q(scheme__assembly__sessions__proposals__replies=reply) | Q(replies=reply)
    return categories.filter(pk__in=Category.objects.filter(of_reply).values("pk"))


class ReplyVersionInline(ReadOnlyInline):
    model = ReplyVersion
    fields = ["number", "locked_on", "sha256", "reason"]
    list_select_related = ["reply", "reply__proposal", "reply__department"]


class DisclosureDecisionInline(ReadOnlyInline):
    model = DisclosureDecision
    fields = ["mode", "form", "reason", "proposed_by", "proposed_on", "approver", "approved_on"]
    list_select_related = [
        "reply",
        "reply__proposal",
        "reply__department",
        "proposed_by",
        "approver",
    ]
    show_change_link = False


class RedactionInline(ReadOnlyInline):
    model = Redaction
    fields = ["text", "reason", "decided_by", "decided_on", "lifted_on", "lift_reason"]
    list_select_related = ["decided_by"]
    show_change_link = False


class FeedbackInline(ReadOnlyInline):
    model = Feedback
    fields = ["deputy", "state", "due_on", "process_rating", "result_rating", "rated_on"]
    list_select_related = ["deputy", "process_rating", "result_rating"]


class FollowUpCategoryInline(ReadOnlyInline):
    model = FollowUpCategory
    fields = ["on", "category", "note"]
    list_select_related = ["category"]
    show_change_link = False


@admin.register(Reply)
class ReplyAdmin(ShowsDates, WithTimeline, WithCategory, MovesAdmin):
    dates = {"publish_by": lambda reply: reply.disclosure != Proposal.Disclosure.UNDECIDED}
    form = ReplyForm
    moves = [*ON_ITS_WAY, *DISCLOSURE, *RATINGS, *AFTERWARDS]
    list_display = [
        "__str__",
        "department",
        "state",
        "disclosure",
        "publish_by",
        "document_number",
        "date",
    ]
    export_columns = [
        "proposal__session",
        "proposal__number",
        "proposal__title",
        "round",
        "department",
        "document_number",
        "date",
        "category",
        "state",
        "sent_on",
        "disclosure",
        "publish_by",
        "published_on",
    ]
    export_related = ["proposal__session__assembly", "department", "category"]
    list_filter = ["state", "disclosure", "form"]
    list_select_related = ["proposal", "department"]
    heavy_fields = ["text", "abstract", "reading", *PROPOSAL_TEXTS]
    search_fields = ["title", "document_number", "department__short_name"]
    word_readers = [by_number("proposal__number_key")]
    autocomplete_fields = ["proposal", "department", "also_answers", "co_handlers"]
    ordering = ["-pk"]
    inlines = [
        FeedbackInline,
        FollowUpCategoryInline,
        ReplyVersionInline,
        DisclosureDecisionInline,
        RedactionInline,
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "proposal",
                    "also_answers",
                    "department",
                    "round",
                    "is_issued",
                    "state",
                    "sent_on",
                ]
            },
        ),
        (
            _("Head of the letter"),
            {"fields": ["document_number", "title", "category", "co_handlers"]},
        ),
        (
            _("Text"),
            {
                "fields": ["text"],
                "description": _("Once the letter is handed in, its text is locked."),
            },
        ),
        (
            _("Foot of the letter"),
            {"fields": ["date", "signatory", "contact_person", "contact_phone", "copied_to"]},
        ),
        (
            _("Public pages"),
            {
                "fields": [
                    "disclosure",
                    "form",
                    "abstract",
                    "publish_by",
                    "published_on",
                    "withdrawn_on",
                ],
                "description": _("Decided with the buttons at the top of the page."),
            },
        ),
    ]
    # What moves write.
    readonly_fields = [
        "round",
        "state",
        "sent_on",
        "disclosure",
        "form",
        "abstract",
        "publish_by",
        "published_on",
        "withdrawn_on",
    ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who drafts the letter reads here, before all else, why it was sent back."""
        context = {"sent_back": self._sent_back(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _sent_back(self, request: HttpRequest, object_id: str) -> Event | None:
        drafts = self.rows_for(request, "submit").filter(state=Reply.State.DRAFTING)
        if not is_key(object_id) or not drafts.filter(pk=object_id).exists():
            return None
        back = Event.objects.visible_to(request.user).filter(reply__pk=int(object_id))
        found = back.filter(kind=Event.Kind.REPLY_SENT_BACK).select_related("actor")
        return found.order_by("pk").last()

    def get_readonly_fields(self, request: HttpRequest, obj: Reply | None = None) -> list[str]:
        """Once handed in, the letter is what the others read and sign: it stays as it is."""
        fields = list(super().get_readonly_fields(request, obj))
        if obj:
            fields += ["proposal"]
        if obj and obj.state != Reply.State.DRAFTING:
            fields += ["department", "text", "category", "is_issued"]
        if obj and not obj.is_issued and obj.state in (Reply.State.SIGNED, Reply.State.SENT):
            fields += MARKED
        if obj and obj.is_locked:
            # Sending it has answered them.
            fields += ["also_answers"]
        return fields


@admin.register(ReplyVersion)
class ReplyVersionAdmin(ReadOnlyAdmin):
    list_display = ["reply", "number", "locked_on", "sha256"]
    list_select_related = ["reply", "reply__proposal", "reply__department"]
    heavy_fields = ["text", *REPLY_TEXTS]
    search_fields = ["reply__title", "reply__document_number", "=sha256"]
    word_readers = [by_number("reply__proposal__number_key")]
    ordering = ["-pk"]
    fields = ["reply", "number", "locked_on", "sha256", "reason", "text"]


@admin.register(DisclosureDecision)
class DisclosureDecisionAdmin(ReadOnlyAdmin):
    list_display = ["reply", "mode", "form", "proposed_on", "approver", "approved_on"]
    list_filter = ["mode"]
    list_select_related = ["reply", "reply__proposal", "reply__department", "approver"]
    heavy_fields = REPLY_TEXTS
    search_fields = ["reply__title", "reply__document_number"]
    word_readers = [by_number("reply__proposal__number_key")]
    ordering = ["-pk"]
