"""A reply, its locked versions, its publication and its later categories."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.forms import ChoiceField, ModelChoiceField, RadioSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assemblies.models import Category
from clerkadmin.base import AppendOnlyInline, ReadOnlyAdmin, ReadOnlyInline
from clerkadmin.forms import ClerkForm, LinesField
from clerkadmin.moves import Move, MovesAdmin, ReasonForm, TextForm
from proposals.admin.doubts import doubts_of_reply
from proposals.admin.search import by_number
from proposals.models import DisclosureDecision, FollowUpCategory, Proposal, Reply, ReplyVersion

PROPOSAL_TEXTS = ["proposal__reason", "proposal__request"]
REPLY_TEXTS = ["reply__text", "reply__abstract", "reply__reading"]


class CorrectForm(TextForm, ReasonForm):
    """The letter's text, and why it is corrected."""


class WithholdForm(ReasonForm):
    choice = ChoiceField(
        label=_("Decision"),
        widget=RadioSelect,
        choices=[
            (Proposal.Disclosure.ON_REQUEST.value, Proposal.Disclosure.ON_REQUEST.label),
            (Proposal.Disclosure.WITHHELD.value, Proposal.Disclosure.WITHHELD.label),
        ],
    )


SEND = Move(
    name="send",
    label=_("Send"),
    explanation=_("The letter goes to the deputy. From then on its text is locked."),
    run=Reply.send,
    is_shown=lambda reply: not reply.is_locked,
    doubts=doubts_of_reply,
)
PUBLISH = Move(
    name="publish",
    label=_("Publish as proactive"),
    explanation=_("Anyone can then read the letter and follow its promises."),
    run=Reply.publish,
    is_shown=lambda reply: reply.is_locked and not reply.is_published,
    doubts=doubts_of_reply,
    form=ReasonForm,
)
CORRECT = Move(
    name="correct",
    label=_("Correct as a new version"),
    explanation=_(
        "The text as sent stays under its own version. Measures, promises and figures move to "
        "where their words now stand; words that they are tied to cannot be taken out."
    ),
    run=lambda reply, *, text, **facts: reply.correct(text, **facts),
    is_shown=lambda reply: reply.is_locked,
    form=CorrectForm,
    is_single=True,
)
WITHDRAW = Move(
    name="withdraw",
    label=_("Withdraw from the public"),
    explanation=_("The letter leaves the public pages at once. The reason is kept."),
    run=Reply.withdraw,
    is_shown=lambda reply: reply.is_published,
    form=ReasonForm,
)
WITHHOLD = Move(
    name="withhold",
    label=_("Do not publish"),
    explanation=_("The letter is given out on request only, or not at all."),
    run=lambda reply, *, choice, **facts: reply.withhold(choice, **facts),
    is_shown=lambda reply: not reply.is_published,
    form=WithholdForm,
)


class ReplyForm(ClerkForm):
    copied_to = LinesField(label=_("copied to"), required=False, help_text=_("One a line."))

    def compute(self) -> None:
        """A new reply takes the next free number of its round: part of its address."""
        if self.instance.pk is None:
            self.instance.sequence = Reply.objects.next_sequence(
                self.instance.proposal, self.instance.round
            )


class CategoryField(ModelChoiceField):
    """Schemes use the same letters: each category is shown with its scheme and its assembly."""

    def label_from_instance(self, obj: Category) -> str:  # type: ignore[override]
        assembly = obj.scheme.assembly
        return f"{obj} · {obj.scheme} · {assembly.short_name or assembly.name}"


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
    fields = ["mode", "form", "reason", "approver", "approved_on"]
    list_select_related = ["reply", "reply__proposal", "reply__department", "approver"]
    show_change_link = False


class FollowUpCategoryInline(WithCategory, AppendOnlyInline):
    model = FollowUpCategory
    fields = ["on", "category", "note"]
    list_select_related = ["category"]


@admin.register(Reply)
class ReplyAdmin(WithCategory, MovesAdmin):
    form = ReplyForm
    moves = [SEND, PUBLISH, WITHHOLD, CORRECT, WITHDRAW]
    list_display = ["__str__", "document_number", "department", "date", "state", "disclosure"]
    list_filter = ["state", "disclosure", "form"]
    list_select_related = ["proposal", "department"]
    heavy_fields = ["text", "abstract", "reading", *PROPOSAL_TEXTS]
    search_fields = ["title", "document_number", "department__short_name"]
    word_readers = [by_number("proposal__number_key")]
    autocomplete_fields = ["proposal", "department", "also_answers", "co_handlers"]
    ordering = ["-pk"]
    inlines = [FollowUpCategoryInline, ReplyVersionInline, DisclosureDecisionInline]
    fieldsets = [
        (None, {"fields": ["proposal", "also_answers", "department", "round", "state", "sent_on"]}),
        (
            _("Head of the letter"),
            {"fields": ["document_number", "title", "category", "co_handlers"]},
        ),
        (
            _("Text"),
            {
                "fields": ["text"],
                "description": _("Once the letter is sent, its text is locked."),
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
    readonly_fields = ["state", "sent_on", "disclosure", "published_on", "withdrawn_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Reply | None = None) -> list[str]:
        """Proposal and round are the permanent address; a sent letter's text is locked."""
        fields = list(self.readonly_fields)
        if obj:
            fields += ["proposal", "round"]
        if obj and obj.is_locked:
            fields += ["department", "text"]
        if obj and obj.is_published:
            # What the decision was made about, and what other public pages link to.
            fields += ["form", "abstract", "also_answers"]
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
    list_display = ["reply", "mode", "form", "approver", "approved_on"]
    list_filter = ["mode"]
    list_select_related = ["reply", "reply__proposal", "reply__department", "approver"]
    heavy_fields = REPLY_TEXTS
    search_fields = ["reply__title", "reply__document_number"]
    word_readers = [by_number("reply__proposal__number_key")]
    ordering = ["-pk"]
