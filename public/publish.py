"""The only writer of the snapshot tables: copies what was approved for the public, nothing else.

Every room below records an Event; one that can change a public page has the proposal's rows written
anew, in the same transaction. Withdrawing deletes them: gone at the next request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from assemblies.models import Assembly
from proposals.models import Event, Proposal
from public.approved import approved
from public.models import (
    PublicAssembly,
    PublicCommitment,
    PublicDepartment,
    PublicDeputy,
    PublicHandling,
    PublicProposal,
    PublicReply,
    PublicSession,
    PublicSponsor,
    PublicSupport,
)
from public.snapshot import Snapshot
from search.index import add, clear, drop, index

# What of it is found by its title (search/): public proposals, under their own keys.
TITLES = "proposal"

# What no public page tells of.
SILENT = {
    Event.Kind.RETURN_ASKED,
    Event.Kind.RETURN_REFUSED,
    Event.Kind.EXTENSION_ASKED,
    Event.Kind.EXTENSION_REFUSED,
    Event.Kind.DEPUTY_TOLD,
    Event.Kind.NUDGED,
    Event.Kind.OPINION_REQUESTED,
    Event.Kind.OPINION_SEEN,
    Event.Kind.OPINION_SUBMITTED,
    Event.Kind.OPINION_ACCEPTED,
    Event.Kind.OPINION_SENT_BACK,
    Event.Kind.OPINION_WAIVED,
    Event.Kind.CONTACTED,
    Event.Kind.REPLY_ENTERED,
    Event.Kind.REPLY_SUBMITTED,
    Event.Kind.REPLY_SENT_BACK,
    Event.Kind.REPLY_REVIEWED,
    Event.Kind.REPLY_AUDITED,
    Event.Kind.REPLY_SIGNED,
    Event.Kind.DISCLOSURE_PROPOSED,
    Event.Kind.UNCOVERED,
    Event.Kind.NOT_RATED,
}


def on_events(events: Sequence[Event]) -> None:
    """Write the public rows of their proposals anew, and of those whose pages link to them."""
    told = {event.proposal_id: event.proposal for event in events if event.kind not in SILENT}
    shown = [key for key, proposal in told.items() if refresh(proposal)]
    if not shown:
        return
    neighbours = Proposal.objects.filter(
        Q(replies__also_answers__in=shown)
        | Q(answered_along__proposal__in=shown)
        | Q(merged__in=shown)
    )
    for neighbour in neighbours.exclude(pk__in=shown).order_by("pk").distinct():
        refresh(neighbour)


@transaction.atomic
def refresh(proposal: Proposal) -> bool:
    """Make the public rows of one proposal what they must be now; none where it is not public.

    Answers whether it was public before or is now.
    """
    _one_writer_at_a_time()
    before = PublicProposal.objects.filter(pk=proposal.pk)
    is_published = Proposal.objects.published().filter(pk=proposal.pk).exists()
    was_published = before.exists()
    names = _names_on(before) if was_published else {}
    if was_published:
        before.delete()
    if is_published:
        row = Snapshot(approved(proposal.pk)).write()
        index(TITLES, row.pk, row.folded_title)
    elif was_published:
        drop(TITLES, proposal.pk)
    if names:
        _drop_unused(names)
    return was_published or is_published


@transaction.atomic
def rebuild() -> int:
    """Write all public rows anew from the working tables; answers how many proposals are public."""
    _one_writer_at_a_time()
    for table in (PublicAssembly, PublicDepartment):
        table.objects.all().delete()
    clear(TITLES)
    ids = list(Proposal.objects.published().order_by("pk").values_list("pk", flat=True))
    for proposal_id in ids:
        row = Snapshot(approved(proposal_id)).write()
        add(TITLES, [(row.pk, row.folded_title)])
    return len(ids)


def _one_writer_at_a_time() -> None:
    """Rows are deleted and written anew, neighbours' too: two writers at once would cross."""
    locked = Assembly.objects.select_for_update(no_key=True).order_by("pk")
    list(locked.values_list("pk"))


def _names_on(proposals: QuerySet[PublicProposal]) -> dict[str, list[Any]]:
    """Whoever is named on these proposals' pages: they may have to go with them."""
    return {
        "departments": [
            *PublicHandling.objects.filter(proposal__in=proposals).values_list(
                "department", flat=True
            ),
            *PublicReply.objects.filter(proposal__in=proposals).values_list(
                "department", flat=True
            ),
            *PublicCommitment.objects.filter(reply__proposal__in=proposals).values_list(
                "department", flat=True
            ),
            *PublicSupport.objects.filter(commitment__reply__proposal__in=proposals).values_list(
                "department", flat=True
            ),
        ],
        "deputies": list(
            PublicSponsor.objects.filter(proposal__in=proposals).values_list("deputy", flat=True)
        ),
        "sessions": list(proposals.values_list("session", flat=True)),
        "assemblies": list(proposals.values_list("assembly", flat=True)),
    }


def _drop_unused(names: dict[str, list[Any]]) -> None:
    """Of these names, drop those that stand on no public page any more."""
    PublicDepartment.objects.filter(
        handlings=None,
        replies=None,
        commitments=None,
        supports=None,
        pk__in=names["departments"],
    ).delete()
    PublicDeputy.objects.filter(sponsorings=None, pk__in=names["deputies"]).delete()
    PublicSession.objects.filter(proposals=None, pk__in=names["sessions"]).delete()
    PublicAssembly.objects.filter(sessions=None, pk__in=names["assemblies"]).delete()
