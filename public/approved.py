"""One proposal with everything of it that was approved for the public, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from departments.models import Department
from measures.models import Commitment
from proposals.models import Assignment, Feedback, Proposal, Reply, Sponsorship
from public.covering import cover


@dataclass(frozen=True)
class Approved:
    """A proposal and what of it is public, in order; its relations are fetched.

    Redacted words are covered in all of its rows; `redacted` says why, by reply and version.
    """

    proposal: Proposal
    published_on: date
    replies: list[Reply]
    redacted: dict[int, dict[int, list[str]]]
    assignments: list[Assignment]
    sponsorships: list[Sponsorship]
    merged: list[Proposal]
    answered_along: Reply | None


def approved(proposal_id: int) -> Approved:
    """What of a published proposal is public. A fixed number of queries, however much there is.

    Raises Proposal.DoesNotExist for one that is not published.
    """
    proposal = (
        Proposal.objects.published()
        .select_related("session__assembly", "topic")
        .get(pk=proposal_id)
    )
    assert proposal.published_on is not None  # what `published` means
    published = Proposal.objects.published()
    replies = list(_replies().filter(proposal=proposal))
    along = Reply.objects.published().filter(proposal__in=published, also_answers=proposal)
    return Approved(
        proposal=proposal,
        published_on=proposal.published_on,
        replies=replies,
        redacted={reply.pk: cover(reply) for reply in replies},
        assignments=list(
            proposal.assignments.filter(ended_on=None).prefetch_related(_named("department"))
        ),
        sponsorships=list(proposal.sponsorships.standing().select_related("deputy")),
        merged=list(published.filter(merged_into=proposal).select_related("session__assembly")),
        answered_along=along.select_related("proposal__session__assembly").first(),
    )


def _replies() -> QuerySet[Reply]:
    promises = Commitment.objects.prefetch_related(
        _named("lead_department"), _named("supporting_departments"), "updates"
    )
    ratings = Feedback.objects.filter(state=Feedback.State.RETURNED).select_related(
        "deputy", "process_rating", "result_rating"
    )
    return (
        Reply.objects.published()
        .select_related("category", "proposal__session__assembly")
        .prefetch_related(
            _named("department"),
            "versions",
            "redactions",
            "co_handlers",
            "measures",
            "figures",
            "also_answers__session__assembly",
            "follow_ups__category",
            Prefetch("commitments", promises),
            Prefetch("feedback", ratings),
        )
    )


def _named(relation: str) -> Prefetch:
    """A department with the names that its page shows."""
    departments = Department.objects.select_related("successor").prefetch_related(
        "aliases", "predecessors"
    )
    return Prefetch(relation, departments)
