"""What a clerk may have forgotten, said before a proposal or a letter goes out."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proposals import private_words
from proposals.models import Proposal, Reply
from proposals.models.completeness import why_not_heard, why_not_talked


def doubts_of_proposal(proposal: Proposal) -> list[str | Promise]:
    """What its public page would be without."""
    return _said(
        (not proposal.sponsorships.exists(), _("It has no sponsor.")),
        (not proposal.reason.strip(), _("It gives no reason.")),
        (not proposal.request.strip(), _("It makes no concrete request.")),
        (not proposal.assignments.exists(), _("It is assigned to no department.")),
        *((True, words) for words in private_words.doubts_of(proposal)),
    )


def doubts_of_reply(reply: Reply) -> list[str | Promise]:
    """What the letter lacks at its head and foot, and whether its department was asked."""
    asked = reply.proposal.assignments.filter(department=reply.department_id)
    opinions, talks = why_not_heard(reply), why_not_talked(reply)
    return _said(
        (not reply.document_number, _("It has no document number.")),
        (reply.date is None, _("It has no date.")),
        (reply.category_id is None, _("It has no category.")),
        # Of a letter that is out on paper these are no guards.
        (reply.is_issued and bool(opinions), opinions),
        (reply.is_issued and bool(talks), talks),
        (not asked.exists(), _("The proposal is not assigned to the department that answers.")),
    )


def _said(*doubts: tuple[bool, str | Promise]) -> list[str | Promise]:
    return [words for applies, words in doubts if applies]
