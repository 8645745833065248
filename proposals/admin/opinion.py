"""Co-handling opinions: asked for, handed in, accepted or sent back. Each step is a move."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ReadOnlyAdmin
from clerkadmin.moves import Move, MovesAdmin, ReasonForm, TextForm
from proposals.admin.dates import GIVEN, ShowsDates
from proposals.admin.owed import OfAssignedDepartment, OpinionOwedFilter
from proposals.admin.search import by_number
from proposals.models import CoHandlingOpinion


class OpinionForm(TextForm):
    document_number = forms.CharField(label=_("document number"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) == 1:
            self.fields["document_number"].initial = self.rows[0].document_number


def _is_open(opinion: CoHandlingOpinion) -> bool:
    return opinion.state not in CoHandlingOpinion.SETTLED


ACKNOWLEDGE = Move(
    name="acknowledge",
    label=_("Acknowledge"),
    explanation=_("The department that answers sees that the request has arrived."),
    run=CoHandlingOpinion.acknowledge,
    guard=CoHandlingOpinion.why_not_acknowledge,
    is_shown=lambda opinion: opinion.state == CoHandlingOpinion.State.REQUESTED,
)
SUBMIT = Move(
    name="submit",
    label=_("Hand in the opinion"),
    explanation=_("The opinion goes to the department that answers, never to the public."),
    run=lambda opinion, *, text, **facts: opinion.submit(text, **facts),
    guard=CoHandlingOpinion.why_not_submit,
    is_shown=_is_open,
    form=OpinionForm,
    is_single=True,
)
ACCEPT = Move(
    name="accept",
    label=_("Accept the opinion"),
    explanation=_("The reply no longer waits for it."),
    run=CoHandlingOpinion.accept,
    guard=CoHandlingOpinion.why_not_accept,
    is_shown=_is_open,
)
SEND_BACK = Move(
    name="send_back",
    label=_("Send the opinion back"),
    explanation=_("The department reads what is missing and hands it in again."),
    run=CoHandlingOpinion.send_back,
    guard=CoHandlingOpinion.why_not_accept,
    is_shown=_is_open,
    form=ReasonForm,
)
WAIVE = Move(
    name="waive",
    label=_("Answer without the opinion"),
    explanation=_("The reply no longer waits for it. The reason is kept."),
    run=CoHandlingOpinion.waive,
    guard=CoHandlingOpinion.why_not_waive,
    is_shown=_is_open,
    form=ReasonForm,
)


@admin.register(CoHandlingOpinion)
class CoHandlingOpinionAdmin(ShowsDates, ReadOnlyAdmin, MovesAdmin):
    dates = {"due_on": lambda opinion: opinion.state in GIVEN}
    assembly_path = "assignment__proposal__session__assembly_id"
    moves = [ACKNOWLEDGE, SUBMIT, ACCEPT, SEND_BACK, WAIVE]
    list_display = ["assignment", "round", "state", "due_on", "requested_on", "submitted_on"]
    list_filter = ["state", OpinionOwedFilter, OfAssignedDepartment]
    list_select_related = ["assignment", "assignment__proposal", "assignment__department"]
    heavy_fields = [
        "text",
        "remark",
        "assignment__part",
        "assignment__proposal__reason",
        "assignment__proposal__request",
    ]
    search_fields = ["assignment__proposal__title", "assignment__department__short_name"]
    word_readers = [by_number("assignment__proposal__number_key")]
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": ["assignment", "round", "state", "requested_on", "due_on"]}),
        (
            _("Opinion"),
            {
                "fields": ["document_number", "text", "submitted_on"],
                "description": _("For the department that answers alone, never for the public."),
            },
        ),
        (_("Handling"), {"fields": ["sent_back_on", "remark"]}),
    ]
