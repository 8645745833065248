"""One letter, as the deputies whom it answers read it: a sheet, its promises, its versions.

The whole letter, whatever the public reads of it: with who signed it and whom to call. What was
weighed about it, and what other deputies say of it, is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assemblies.thresholds import Thresholds, thresholds
from clerkadmin.lights import light
from desk.deputies.disclosure import disclosure_of
from desk.deputies.door import find_reply, for_deputies
from desk.deputies.promises import for_reader
from desk.deputies.rating import reason_of, why_not
from desk.deputies.waiting import waiting_for
from letters.layout import layout
from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate, Figure, Measure
from proposals.models import (
    Feedback,
    FollowUpCategory,
    Proposal,
    Reply,
    ReplyVersion,
)
from public.letter_page import blocks_with_marks, figures_in
from public.models import PublicReply
from public.promises import STATE_WORDS, look_of, standing, tally
from public.sheet import FIGURES_AT_FIRST, Note, figures_of, with_notes
from public.timeline import due_said
from public.words import joined


@require_safe
@for_deputies
def letter(request: HttpRequest, key: str, reply: str) -> HttpResponse:
    today = timezone.localdate()
    row = find_reply(request, key, reply)
    user = request.user
    at = thresholds(on=today).get(row.proposal.session.assembly_id, Thresholds())
    _fetch(user, row)
    own = _answered(user, row)
    words = _own_words(user, row)
    measures, promises = list(row.measures.all()), _promises(row, words)
    tasks = waiting_for(user, on=today, at=at)
    figures = figures_of({"figures": figures_in(row)})
    return render(
        request,
        "desk/deputy/letter.html",
        {
            "part": "home",
            "today": today,
            "assembly": row.proposal.assembly,
            "proposal": own[0],
            "also_answered": own[1:],
            "is_along": own[0].pk != row.proposal_id,
            "reply": row,
            "disclosure": disclosure_of(row),
            "published": _published(row),
            "tasks": [task for task in tasks if (task.key, task.reply) == (key, row.key)],
            "sheet": with_notes(
                _blocks(row, measures, promises),
                [_note(each, row, today=today) for each in promises],
            ),
            "measures": measures,
            "promises": promises,
            "tally": tally(look_of(p.state, p.due_on, today=today) for p in promises),
            "co_handlers": row.co_handlers.all(),
            "versions": row.versions.all(),
            "follow_ups": row.follow_ups.all(),
            "figures": figures[:FIGURES_AT_FIRST],
            "more_figures": figures[FIGURES_AT_FIRST:],
            "verdict": _verdict(user, row, on=today, at=at),
            "words": _newest(words),
            "others": _others(user, row),
        },
    )


def _fetch(user: Any, row: Reply) -> None:
    """What hangs on the letter, as far as the gate lets it through: each kind in one query."""
    updates = CommitmentUpdate.objects.visible_to(user).order_by("on", "pk")
    promises = Commitment.objects.visible_to(user).select_related("lead_department")
    kept = (Prefetch("updates", updates), "supporting_departments")
    versions = ReplyVersion.objects.visible_to(user).defer("text").order_by("number")
    categories = FollowUpCategory.objects.visible_to(user).select_related("category")
    prefetch_related_objects(
        [row],
        "also_answers",
        "co_handlers",
        Prefetch("measures", Measure.objects.visible_to(user).order_by("number")),
        Prefetch("commitments", promises.prefetch_related(*kept).order_by("number")),
        Prefetch("figures", Figure.objects.visible_to(user)),
        Prefetch("versions", versions),
        Prefetch("follow_ups", categories),
    )


def _answered(user: Any, row: Reply) -> list[Proposal]:
    """The deputy's own of the proposals that it answers: the one that it was sent to first."""
    if len(row.answered) == 1:
        # Who reads the letter stands under the one that it answers.
        return row.answered
    own = Proposal.objects.visible_to(user).filter(pk__in=[each.pk for each in row.answered])
    found = own.select_related("session__assembly")
    return sorted(found, key=lambda each: (each.pk != row.proposal_id, each.pk))


def _promises(row: Reply, words: Sequence[CommitmentFeedback]) -> list[Commitment]:
    promises = list(row.commitments.all())
    for_reader(words, [update for promise in promises for update in promise.updates.all()])
    return promises


def _blocks(
    row: Reply, measures: Sequence[Measure], promises: Sequence[Commitment]
) -> list[dict[str, Any]]:
    marks = [(m.start, m.end, "measure", m.number) for m in measures]
    marks += [(p.start, p.end, "commitment", p.number) for p in promises]
    return blocks_with_marks(layout(row.text), marks)


def _published(row: Reply) -> PublicReply | None:
    """The page on which the public reads it."""
    found = PublicReply.objects.filter(proposal=row.proposal_id, key=row.key, is_current=True)
    return found.select_related("proposal").defer("document", "text").order_by().first()


def _note(promise: Commitment, row: Reply, *, today: date) -> Note:
    """The margin note of a promise, with every report on it and its papers."""
    updates = list(promise.updates.all())
    keepers = [promise.lead_department, *promise.supporting_departments.all()]
    is_moved = any(update.due_on for update in updates)
    return Note(
        number=promise.number,
        url=reverse("desk:promise", args=[row.proposal.key, row.key, promise.number]),
        standing=standing(promise.state, promise.due_on, today=today),
        due=due_said(promise.due_text, promise.due_on, is_moved=is_moved),
        keeper=joined(str(department) for department in keepers),
        updates=[_update(update) for update in updates],
    )


def _update(update: CommitmentUpdate) -> dict[str, Any]:
    return {
        "on": update.on,
        "author": update.author,
        "state_word": STATE_WORDS.get(update.state, update.state),
        "text": update.text,
        "due_on": update.due_on,
        "evidence_title": update.evidence_title,
        "evidence_url": update.evidence_url,
        "file": reverse("desk:file", args=[update.evidence_file.name])
        if update.evidence_file
        else "",
    }


def _verdict(user: Any, row: Reply, *, on: date, at: Thresholds) -> dict[str, Any] | None:
    """The deputy's own rating: given, awaited until when, or never returned."""
    own = Feedback.objects.visible_to(user).filter(reply=row)
    found = own.select_related("process_rating", "result_rating", "reason", "deputy").first()
    if found is None:
        return None
    found.reply = row
    is_awaited = found.state == Feedback.State.AWAITED
    closed = why_not(found, on=on)
    lamp = light(found.due_on, on, at.yellow, at.red) if found.due_on and is_awaited else None
    return {
        "feedback": found,
        "light": lamp,
        "reason": reason_of(found),
        "closed": closed if is_awaited else "",
        "changeable": found.state == Feedback.State.RETURNED and not closed,
    }


def _own_words(user: Any, row: Reply) -> list[CommitmentFeedback]:
    """What the deputy was asked about its promises, and has said, the newest last."""
    rows = CommitmentFeedback.objects.visible_to(user).filter(commitment__reply=row)
    return list(rows.select_related("commitment").order_by("asked_on", "pk"))


def _newest(words: Sequence[CommitmentFeedback]) -> list[CommitmentFeedback]:
    """Of each promise the newest."""
    newest = {word.commitment_id: word for word in words}
    return sorted(newest.values(), key=lambda word: word.commitment.number)


def _others(user: Any, row: Reply) -> list[Reply]:
    """The other letters that answer the same proposal."""
    rows = Reply.objects.visible_to(user).filter(proposal=row.proposal_id).exclude(pk=row.pk)
    return list(
        rows.select_related("department", "proposal")
        .defer("text", "reading")
        .order_by("round", "sequence")
    )
