"""Two people write at the same moment: nothing withheld comes back, nobody meets an error page."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from measures.models import Commitment
from proposals.models import Proposal
from public.models import PublicProposal, PublicReply
from tests.world import (
    PUBLISHED_ON,
    make_assignment,
    make_commitment,
    make_proposal,
    make_published_reply,
    make_reply,
)

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def together(*deeds) -> None:
    """Do all of these at once, each on its own connection; any error is raised here."""
    start = Barrier(len(deeds))

    def do(deed):
        try:
            start.wait()
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        for future in [pool.submit(do, deed) for deed in deeds]:
            future.result()


def report(promise: Commitment, text: str) -> None:
    Commitment.objects.get(pk=promise.pk).report("in_progress", on=PUBLISHED_ON, text=text)


def test_a_proposal_withheld_while_its_neighbour_is_written_stays_withheld():
    for number in range(ROUNDS):
        along = make_proposal(f"9{number}")
        along.publish(on=PUBLISHED_ON)
        reply = make_reply(make_proposal(f"8{number}"))
        reply.also_answers.add(along)
        promise = make_commitment(reply)
        make_published_reply(reply.proposal)
        together(
            lambda promise=promise: report(promise, "推进中"),
            lambda along=along: Proposal.objects.get(pk=along.pk).withhold(
                on=PUBLISHED_ON, reason="涉密"
            ),
        )
        assert not PublicProposal.objects.filter(pk=along.pk).exists()


def test_clerks_who_report_on_one_letter_at_once_all_succeed():
    reply = make_reply()
    make_assignment(reply.proposal)
    promise = make_commitment(reply)
    make_published_reply()
    together(*(lambda n=n: report(promise, f"第{n}次") for n in range(ROUNDS)))
    assert promise.updates.count() == ROUNDS
    assert PublicReply.objects.get().commitments.get().document["updates"][-1]["text"]
