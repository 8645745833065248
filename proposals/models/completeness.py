"""What a letter must have before it goes on: said to the clerk, and held by its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import CategoryScheme, HandlingRules
from proposals.models.assignment import Assignment
from proposals.models.contact import Contact
from proposals.models.opinion import CoHandlingOpinion
from proposals.models.proposal import Proposal

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from proposals.models.reply import Reply


def why_not_complete(reply: Reply) -> str | Promise:
    """Of a letter issued on paper only its own marks are asked: it is out in the world."""
    if not reply.text.strip():
        return _("Write the text of the letter first.")
    if reply.is_issued:
        return why_not_marked(reply)
    why = why_not_theirs(reply) or why_not_heard(reply) or why_not_classed(reply)
    return why or why_not_talked(reply) or why_not_proposed(reply)


def why_not_theirs(reply: Reply) -> str | Promise:
    """A draft of a department that has given its part back, or lost it, goes no further."""
    parts = Assignment.objects.filter(
        proposal=reply.proposal_id, department=reply.department_id
    ).answering()
    if parts.exists() and not parts.present().exists():
        return _("The department has no part in the proposal any more.")
    return ""


def why_not_marked(reply: Reply) -> str | Promise:
    """A signed letter has its number, its signatory and its date."""
    marks = ("document_number", "signatory", "date")
    missing = [
        str(reply._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in marks
        if not getattr(reply, name)
    ]
    if not missing:
        return ""
    return _("A signed letter also has: %(what)s. Enter it first.") % {"what": "、".join(missing)}


def why_not_heard(reply: Reply) -> str | Promise:
    """Every co-handling department of this round was heard, or left out with a reason."""
    opinions = CoHandlingOpinion.objects.filter(
        assignment__proposal=reply.proposal_id,
        assignment__ended_on=None,
        round=reply.round,
    ).exclude(state__in=CoHandlingOpinion.SETTLED)
    names = [
        str(o.assignment.department) for o in opinions.select_related("assignment__department")
    ]
    if not names:
        return ""
    return _("Opinions are still open: %(departments)s. Accept each, or waive it, saying why.") % {
        "departments": "、".join(names)
    }


def why_not_classed(reply: Reply) -> str | Promise:
    """Its category is set where the assembly has categories, with the promise that it asks for."""
    category = reply.category
    if category is None:
        on = reply.date or timezone.localdate()
        schemes = CategoryScheme.objects.filter(assembly=reply.proposal.assembly)
        has_scheme = schemes.valid(on=on).exists()
        return _("Choose the category of the letter first.") if has_scheme else ""
    if category.needs_due_date and not reply.commitments.exclude(due_on=None).exists():
        return _("%(category)s asks for a commitment with a date: mark it in the letter first.") % {
            "category": category
        }
    if category.needs_commitment and not reply.commitments.exists():
        return _("%(category)s asks for a commitment: mark it in the letter first.") % {
            "category": category
        }
    return ""


def why_not_talked(reply: Reply) -> str | Promise:
    """The department has talked with the deputy, where the rules want it (代表法, 2025年)."""
    rules = rules_of(reply)
    if rules is None or not rules.requires_contact:
        return ""
    talks = Contact.objects.filter(proposal=reply.proposal_id, department=reply.department_id)
    return "" if talks.exists() else _("Log a contact with the deputy first: the rules want one.")


def why_not_proposed(reply: Reply) -> str | Promise:
    """Whether the public will read it is looked at together with the letter (同步审查)."""
    is_open = reply.disclosure == Proposal.Disclosure.UNDECIDED
    if is_open and not reply.disclosure_decisions.exists():
        return _("Propose the disclosure first: it is reviewed with the letter.")
    return ""


def assignment_of(reply: Reply) -> Assignment | None:
    """The part of the reply's department in the proposal."""
    present = Assignment.objects.filter(proposal=reply.proposal_id).present()
    return present.filter(department=reply.department_id).first()


def rules_of(reply: Reply) -> HandlingRules | None:
    """Those that the department was assigned under, or those of the day."""
    assignment = assignment_of(reply)
    if assignment is not None and assignment.rules is not None:
        return assignment.rules
    return reply.proposal.rules(on=reply.sent_on or timezone.localdate())
