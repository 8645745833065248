"""One proposal, as its deputies read it: what the public sees, and what only they may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.sight import person_of
from assemblies.thresholds import Thresholds, thresholds
from clerkadmin.files import serve_file
from desk.deputies.disclosure import disclosure_of
from desk.deputies.door import find_proposal, for_deputies
from desk.deputies.life import life_of, sent_back_of
from desk.deputies.own import with_answers
from desk.deputies.standing import standing_of
from desk.deputies.waiting import Task, waiting_for
from measures.models import Commitment
from proposals import registering, submitting
from proposals.models import (
    Assignment,
    Attachment,
    Contact,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    Sponsorship,
)
from public.models import PublicProposal
from public.promises import Tally, look_of, tally

State = Proposal.State
# Nobody handles it, or ever did: what matters is the text, and who stands under it.
UNHANDLED = (
    *Proposal.UNSUBMITTED,
    *Proposal.UNASSIGNED,
    State.SENT_BACK,
    State.CONVERTED,
    State.WITHDRAWN,
)


@dataclass(frozen=True)
class Letter:
    """A letter that answers the proposal, with what the deputy has said of it."""

    reply: Reply
    tally: Tally
    disclosure: str
    rated: Feedback | None
    is_along: bool


@require_safe
@for_deputies
def proposal(request: HttpRequest, key: str) -> HttpResponse:
    today = timezone.localdate()
    row = find_proposal(request, key)
    user = request.user
    at = thresholds(on=today).get(row.session.assembly_id, Thresholds())
    parts = parts_of(user, row)
    letters = _letters(user, row, today=today)
    published = PublicProposal.objects.filter(pk=row.pk).first()
    return render(
        request,
        "desk/deputy/proposal.html",
        {
            "part": "home",
            "today": today,
            "assembly": row.assembly,
            "proposal": row,
            "standing": standing_of(row, parts, replied_on=_replied_on(letters), on=today, at=at),
            "tasks": _asked(waiting_for(user, on=today, at=at), row, letters),
            "letters": letters,
            "tally": _all(letters),
            "parts": parts,
            "contacts": Contact.objects.visible_to(user)
            .filter(proposal=row)
            .select_related("department"),
            "extensions": _extensions(user, row),
            "sponsors": _sponsors(user, row),
            "attachments": Attachment.objects.visible_to(user).filter(proposal=row),
            "moments": life_of(
                user,
                row,
                parts=parts,
                ratings=[each.rated for each in letters if each.rated],
                today=today,
            ),
            "sent_back": sent_back_of(user, row) if row.state in ENDED else None,
            "may": _open_moves(user, row),
            "is_unhandled": row.state in UNHANDLED,
            "published": published,
            "ratings": published.document.get("ratings", []) if published else [],
            "into": _merged_into(user, row),
        },
    )


ENDED = (State.SENT_BACK, State.CONVERTED)


def parts_of(user: Any, row: Proposal) -> list[Assignment]:
    """Who handles it now, those who answer first, each with whether its letter has come."""
    parts = Assignment.objects.visible_to(user).present().filter(proposal=row)
    found = list(with_answers(parts.select_related("department", "proposal")))
    return sorted(found, key=lambda part: not part.answers)


def letters_of(user: Any, row: Proposal) -> QuerySet:
    """The letters that answer it, the newest first: sent ones alone, whoever else they answer."""
    rows = Reply.objects.visible_to(user).filter(Q(proposal=row) | Q(also_answers=row)).distinct()
    return rows.select_related("department", "category", "proposal").order_by("-round", "sequence")


def _letters(user: Any, row: Proposal, *, today: date) -> list[Letter]:
    replies = list(letters_of(user, row).defer("text", "reading"))
    looks: dict[int, list[str]] = {}
    promises = Commitment.objects.visible_to(user).filter(reply__in=[each.pk for each in replies])
    for reply, state, due_on in promises.values_list("reply", "state", "due_on"):
        looks.setdefault(reply, []).append(look_of(state, due_on, today=today))
    own = Feedback.objects.visible_to(user).filter(reply__in=[each.pk for each in replies])
    rated = {each.reply_id: each for each in own.select_related("result_rating")}
    for reply in replies:
        if reply.pk in rated:
            rated[reply.pk].reply = reply
    return [
        Letter(
            reply,
            tally(looks.get(reply.pk, ())),
            disclosure_of(reply),
            rated.get(reply.pk),
            is_along=reply.proposal_id != row.pk,
        )
        for reply in replies
    ]


def _replied_on(letters: Iterable[Letter]) -> date | None:
    return max((each.reply.sent_on for each in letters if each.reply.sent_on), default=None)


def _all(letters: Iterable[Letter]) -> Tally:
    """The promises of all its letters together."""
    return tally(
        look for each in letters for look, _word, count in each.tally.counts for _n in range(count)
    )


def _asked(tasks: Iterable[Task], row: Proposal, letters: Sequence[Letter]) -> list[Task]:
    """Of what waits for the deputy, what is about this proposal or one of its letters.

    What to do with a draft stands on its page anyway (`_open_moves`).
    """
    along = {(each.reply.proposal.key, each.reply.key) for each in letters}
    here = [task for task in tasks if task.kind in ("rate", "word", "cosign")]
    return [task for task in here if task.key == row.key or (task.key, task.reply) in along]


def _extensions(user: Any, row: Proposal) -> QuerySet:
    """The later dates that were granted, each with why the department needed it."""
    rows = ExtensionRequest.objects.visible_to(user).filter(assignment__proposal=row)
    return rows.select_related("assignment__department").order_by("decided_on", "pk")


def _sponsors(user: Any, row: Proposal) -> list[Sponsorship]:
    """Who stands under it; while it is co-signed, who was asked, and for the lead who declined."""
    rows = Sponsorship.objects.visible_to(user).filter(proposal=row).select_related("deputy")
    found = sorted(rows, key=lambda each: (each.role != Sponsorship.Role.LEAD, each.order, each.pk))
    leads = any(
        each.role == Sponsorship.Role.LEAD and each.deputy_id == person_of(user).deputy
        for each in found
    )
    if row.state in Proposal.UNSUBMITTED:
        return [each for each in found if leads or each.declined_on is None]
    return [each for each in found if each.is_standing]


def _open_moves(user: Any, row: Proposal) -> dict[str, bool]:
    """Which buttons stand on the page: what is open now, and the deputy may do."""
    moves = {
        "change": not submitting.why_not_change(row),
        "withdraw": not registering.why_not_withdraw(row),
        "write_anew": not submitting.why_not_write_anew(row),
    }
    if not any(moves.values()):
        return {}
    if not Proposal.objects.editable_by(user, "change").filter(pk=row.pk).exists():
        return {}
    return {**moves, "submit": moves["change"] and not submitting.why_not_submit(row)}


def _merged_into(user: Any, row: Proposal) -> dict[str, str]:
    """The one that it was merged into: by its number, with a page where the deputy has one."""
    other = row.merged_into
    if other is None:
        return {}
    own = Proposal.objects.visible_to(user).filter(pk=other.pk).exists()
    shown = PublicProposal.objects.filter(pk=other.pk).first()
    url = shown.get_absolute_url() if shown else ""
    return {"number": other.number, "key": other.key if own else "", "url": url}


@require_safe
@for_deputies
def file(request: HttpRequest, name: str) -> FileResponse:
    """A paper, the evidence of a report: the gate is asked each time."""
    return serve_file(request, name)
