"""Moves of the deputies' office: whether a proposal is taken on, and who follows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assemblies.models import Topic
from clerkadmin.moves import Move, MoveForm, ReasonForm
from departments.models import Department
from proposals import private_words, registering, supervising
from proposals.models import Proposal
from proposals.models.proposal import in_address


class RegisterForm(MoveForm):
    number = forms.CharField(
        label=_("number"),
        max_length=30,
        validators=[in_address],
        help_text=_("As printed, such as 0759. The next free one is filled in."),
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("topic"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = self.rows[0].session
        topics = Topic.objects.filter(assembly=session.assembly_id)
        self.fields["number"].initial = Proposal.objects.next_number(session)
        topic: Any = self.fields["topic"]
        topic.queryset, topic.initial = topics, self.rows[0].topic_id
        # Counted by topic in the yearly report: asked for where the assembly has any.
        topic.required = topics.exists()


class SendBackForm(ReasonForm):
    # None is chosen beforehand: the deputies read it.
    ground = forms.ChoiceField(
        label=_("Ground"), choices=[*BLANK_CHOICE_DASH, *registering.Ground.choices]
    )
    field_order = ["on", "ground", "reason"]


class MergeForm(MoveForm):
    number = forms.CharField(
        label=_("Merge into number"), max_length=30, help_text=_("Of the same session.")
    )

    def clean(self) -> dict[str, Any]:
        """The proposal with that number, as `merge` takes it."""
        data = super().clean() or {}
        if "number" in data:
            sessions = {row.session_id for row in self.rows}
            found = Proposal.objects.visible_to(self.user).filter(session__in=sessions)
            into = found.numbered(data.pop("number")).first()
            if len(sessions) > 1:
                self.add_error("number", _("Only proposals of the same session are merged."))
            elif into is None:
                self.add_error("number", _("No proposal of this session has that number."))
            data["into"] = into
        return data


class MakeKeyForm(MoveForm):
    supervised_by = forms.ModelChoiceField(
        Department.objects.none(), label=_("supervising committee")
    )
    supervisor = forms.CharField(
        label=_("supervisor"),
        max_length=100,
        required=False,
        help_text=_("The person who leads the supervision, such as a vice-chairperson."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assemblies = {row.session.assembly_id for row in self.rows}
        committees = Department.objects.filter(
            kind=Department.Kind.SUPERVISING, assemblies__in=assemblies
        )
        field: Any = self.fields["supervised_by"]
        field.queryset = committees.distinct()
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]


class NudgePartForm(MoveForm):
    message = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The department's clerks read it on their desk and in their mail."),
    )


class NudgeForm(NudgePartForm):
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Departments"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one department.")},
    )
    field_order = ["on", "departments", "message"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = Department.objects.filter(
            assignments__proposal__in=self.rows, assignments__ended_on=None
        ).distinct()
        field: Any = self.fields["departments"]
        field.queryset = field.initial = present


def wish(proposal: Proposal) -> list[str | Promise]:
    """What the deputies wished, said before departments are chosen."""
    if not proposal.wished_handler:
        return []
    return [_("The deputies wish: %(wish)s") % {"wish": proposal.wished_handler}]


def doubts_of_entry(proposal: Proposal) -> list[str | Promise]:
    """What may be put twice, or lacks what the rules ask for."""
    same = Proposal.objects.filter(session=proposal.session_id, title=proposal.title)
    said: list[str | Promise] = [
        _("Another one of the session has the same title: %(other)s") % {"other": other}
        for other in same.exclude(pk=proposal.pk)[:3]
    ]
    if not proposal.request.strip():
        said.append(_("It makes no concrete request."))
    # What deputies wrote can be sent back now, and is corrected by nobody later.
    return [*said, *private_words.doubts_of(proposal)]


def _is_new(proposal: Proposal) -> bool:
    return proposal.state == Proposal.State.SUBMITTED


def _is_unassigned(proposal: Proposal) -> bool:
    return proposal.state in (*Proposal.UNASSIGNED, Proposal.State.ASSIGNED)


REGISTER = Move(
    name="register",
    label=_("Register"),
    explanation=_("It is taken on under a number that it keeps in its session."),
    run=registering.register,
    guard=registering.why_not_register,
    is_shown=_is_new,
    form=RegisterForm,
    doubts=doubts_of_entry,
    is_single=True,
)
SEND_BACK = Move(
    name="send_back",
    label=_("Send back to the deputy"),
    explanation=_("It is not taken on. Who put it is told the ground and the reason."),
    run=registering.send_back,
    guard=registering.why_not_send_back,
    is_shown=_is_new,
    form=SendBackForm,
)
CONVERT = Move(
    name="convert",
    label=_("Turn into a letter"),
    explanation=_("It is handled as a letter of the deputy, not as a proposal."),
    run=registering.convert,
    guard=registering.why_not_convert,
    is_shown=_is_new,
    form=ReasonForm,
)
MERGE = Move(
    name="merge",
    label=_("Merge into another"),
    explanation=_("They are handled together; each of the deputies still gets a reply."),
    run=registering.merge,
    guard=registering.why_not_merge,
    is_shown=_is_unassigned,
    form=MergeForm,
)
WITHDRAW = Move(
    name="withdraw",
    label=_("Withdraw for the deputies"),
    explanation=_("Handling ends, as all who put it wish in writing. The reason is kept."),
    run=registering.withdraw,
    guard=registering.why_not_withdraw,
    is_shown=_is_unassigned,
    form=ReasonForm,
)
MAKE_KEY = Move(
    name="make_key",
    label=_("Make a key proposal"),
    explanation=_("A committee follows it until its promises are kept."),
    run=supervising.make_key,
    guard=supervising.why_not_make_key,
    is_shown=lambda proposal: not proposal.is_key,
    form=MakeKeyForm,
)
UNMAKE_KEY = Move(
    name="unmake_key",
    label=_("End its being a key proposal"),
    explanation=_("It is handled as any other from now on. The reason is kept."),
    run=supervising.unmake_key,
    guard=supervising.why_not_unmake_key,
    is_shown=lambda proposal: proposal.is_key,
    form=ReasonForm,
)
NUDGE = Move(
    name="nudge",
    label=_("Urge"),
    explanation=_("The departments are urged in your words; the timeline keeps it."),
    run=supervising.nudge,
    guard=supervising.why_not_nudge,
    form=NudgeForm,
)
