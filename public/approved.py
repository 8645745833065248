"""One proposal with everything of it that was approved for the public, and nothing else."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from departments.models import Department
from measures.models import Commitment
from proposals.models import Assignment, Feedback, Proposal, Reply, Sponsorship


def approved(proposal_id: int) -> Proposal:
    """The proposal with `public_replies`, `public_assignments`, `public_sponsorships` at hand.

    A fixed number of queries, however much there is.
    """
    proposals = Proposal.objects.select_related("session__assembly", "topic").prefetch_related(
        Prefetch("replies", _replies(), to_attr="public_replies"),
        Prefetch(
            "assignments",
            Assignment.objects.filter(ended_on=None).prefetch_related(_named("department")),
            to_attr="public_assignments",
        ),
        Prefetch(
            "sponsorships",
            Sponsorship.objects.filter(declined_on=None).select_related("deputy"),
            to_attr="public_sponsorships",
        ),
        Prefetch("merged", Proposal.objects.published().select_related("session__assembly")),
        Prefetch(
            "answered_along",
            Reply.objects.published()
            .filter(proposal__in=Proposal.objects.published())
            .select_related("proposal__session__assembly"),
        ),
    )
    return proposals.get(pk=proposal_id)


def _replies() -> QuerySet[Reply]:
    promises = Commitment.objects.prefetch_related(
        _named("lead_department"), "supporting_departments", "updates"
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
