"""Moves of the assigning office: who handles a proposal, and who handles it instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clerkadmin.moves import Move, MoveForm, ReasonForm
from departments.models import Department, DepartmentQuerySet
from proposals import assigning
from proposals.admin.registering import wish
from proposals.assigning import Part
from proposals.models import Assignment

Role = Assignment.Role
# So many departments answer one proposal at the most; any number can help.
ANSWERING_AT_MOST = 4


def handling_departments() -> DepartmentQuerySet:
    """Departments that can be given a part today."""
    handling = Department.objects.filter(kind=Department.Kind.HANDLING, successor=None)
    return handling.valid(on=timezone.localdate())


class PartWidget(forms.MultiWidget):
    """A department, and beside it what is its part."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        department = forms.Select(attrs={"aria-label": _("department")})
        words = {"size": 40, "placeholder": _("its part, where several lead")}
        part = forms.TextInput(attrs={**words, "aria-label": _("its part")})
        super().__init__([department, part], attrs)

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, ""]


class PartField(forms.MultiValueField):
    """One department that answers, with its part: `(department, part)`, or None where empty."""

    widget = PartWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = (
            forms.ModelChoiceField(Department.objects.none(), required=False),
            forms.CharField(required=False, max_length=1000),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def offer(self, departments: DepartmentQuerySet, choices: list[tuple[Any, str]]) -> None:
        """The departments that can be chosen; listed once for all fields of the form."""
        self.fields[0].queryset = departments  # type: ignore[attr-defined]
        self.widget.widgets[0].choices = choices  # type: ignore[attr-defined]

    def compress(self, data_list: list[Any]) -> tuple[Department, str] | None:
        if not data_list or data_list[0] is None:
            return None
        return data_list[0], data_list[1]


class AssignForm(MoveForm):
    """Who answers, in which way, with which part, and who helps: any number of these."""

    role = forms.ChoiceField(
        label=_("It is answered"),
        widget=forms.RadioSelect,
        choices=[
            (Role.SOLE.value, _("by one department alone (sole handling)")),
            (Role.LEAD.value, _("by the lead, with co-handlers or with a second lead")),
            (Role.SEPARATE.value, _("by each department separately")),
        ],
        required=False,
        help_text=_("Not asked where only co-handling departments are added."),
    )
    answering_1 = PartField(label=_("Answers"), required=False)
    answering_2 = PartField(label=_("Answers, too"), required=False)
    answering_3 = PartField(label=_("Answers, too"), required=False)
    answering_4 = PartField(label=_("Answers, too"), required=False)
    co_handling = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Co-handling departments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is asked for its opinion at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = handling_departments()
        found = [(department.pk, str(department)) for department in departments]
        for number in range(1, ANSWERING_AT_MOST + 1):
            self.fields[f"answering_{number}"].offer(departments, [("", "---------"), *found])  # type: ignore[attr-defined]
        self.fields["co_handling"].queryset = departments  # type: ignore[attr-defined]
        self.fields["co_handling"].widget.choices = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The parts, as `assign` takes them; what is wrong between them is said by the move."""
        data = super().clean() or {}
        numbers = range(1, ANSWERING_AT_MOST + 1)
        answering = [found for n in numbers if (found := data.get(f"answering_{n}"))]
        role = data.get("role")
        if answering and not role:
            self.add_error("role", _("Choose how it is answered."))
        parts = [Part(department, role or Role.LEAD, part) for department, part in answering]
        parts += [Part(helper, Role.CO_HANDLING) for helper in data.get("co_handling") or ()]
        return {"on": data.get("on"), "parts": parts}


class ReassignForm(ReasonForm):
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department that handles it now")
    )
    part = forms.CharField(label=_("its part"), required=False)
    field_order = ["on", "department", "part", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = handling_departments()  # type: ignore[attr-defined]
        self.fields["part"].initial = self.rows[0].part
        self.fields["reason"].help_text = _("The department that handles it now reads this.")


ASSIGN = Move(
    name="assign",
    label=_("Assign"),
    explanation=_(
        "The departments see it on their desks; the rules in force are kept and their dates "
        "counted. While it is handled, others can be added."
    ),
    run=assigning.assign,
    guard=assigning.why_not_assign,
    form=AssignForm,
    doubts=wish,
)
REASSIGN = Move(
    name="reassign",
    label=_("Give to another department"),
    explanation=_("This department's part ends and is kept; the other one's dates begin anew."),
    run=assigning.reassign,
    guard=assigning.why_not_reassign,
    is_shown=lambda assignment: assignment.ended_on is None,
    form=ReassignForm,
    is_single=True,
)
