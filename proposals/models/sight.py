"""For whom a proposal is there, and with it what hangs on it: by the place of who looks."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q

from access.rights import Where
from access.sight import NOTHING, Seat


def of_proposal(place: Where, seat: Seat, path: str = "proposal") -> Q:
    """What hangs on a proposal is there for whom the proposal is there."""
    if place == Where.ASSEMBLY:
        return of_assemblies(seat, f"{path}__")
    if place in (Where.SPONSORED, Where.LED):
        return _of_sponsor(place, seat, path)
    return _of_parts(place, seat, path) if place in (Where.PART, Where.ANSWERING) else NOTHING


def _of_sponsor(place: Where, seat: Seat, path: str) -> Q:
    """A deputy's own: those that they lead, and those under which their name stands or may stand.

    Who was asked to co-sign reads the text while it is co-signed; who has declined, or did not
    answer before it was submitted, reads it no more.
    """
    sponsorship: Any = apps.get_model("proposals", "Sponsorship")
    own = sponsorship.objects.filter(deputy=seat.deputy).order_by()
    if place == Where.LED:
        own = own.filter(role=sponsorship.Role.LEAD)
    else:
        asked = Q(declined_on=None, proposal__state=_proposal().State.COSIGNING)
        own = own.filter(sponsorship.STANDING | asked)
    return Q(**{f"{path}__in": own.values("proposal")})


def _of_parts(place: Where, seat: Seat, path: str) -> Q:
    """By the keys of the department's parts alone: few, and found by an index."""
    assignment: Any = apps.get_model("proposals", "Assignment")
    parts = assignment.objects.filter(department__in=seat.departments, ended_on=None)
    if place == Where.ANSWERING:
        parts = parts.filter(role__in=assignment.ANSWERING)
    return Q(**{f"{path}__in": parts.order_by().values("proposal")})


def of_assemblies(seat: Seat, path: str = "") -> Q:
    """Through joins, not as a list of keys: a page of a list then reads a page, not everything."""
    seen = Q(**{f"{path}session__assembly__in": seat.assemblies})
    proposal = _proposal()
    unsubmitted = Q(**{f"{path}state__in": proposal.UNSUBMITTED})
    # Given up while it was co-signed. What was entered from the past has its number, if no day.
    never = {"state": proposal.State.WITHDRAWN, "submitted_on": None, "number_key": ""}
    return seen & ~unsubmitted & ~Q(**{f"{path}{name}": value for name, value in never.items()})


def _proposal() -> Any:
    # By name: the model itself asks here who sees it.
    return apps.get_model("proposals", "Proposal")
