"""Permanent addresses, in one place: what is written here is promised for good."""

from proposals.models import Proposal, Reply


def proposal_path(proposal: Proposal) -> str:
    """`yunping/14-3/0123`: assembly, session, number as printed."""
    session = proposal.session
    return f"{session.assembly.slug}/{session.key}/{proposal.number}"


def commitment_name(reply: Reply, number: int) -> str:
    """`yunping.14-3.0123.1.c2`: the second promise of that reply."""
    return f"{proposal_path(reply.proposal).replace('/', '.')}.{reply.key}.c{number}"
