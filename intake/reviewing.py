"""The review of a draft: kept as it is typed, accepted in one transaction, or rejected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.accepting import write_opinion
from intake.checking import problems_of
from intake.composing import answering_of, compose_reply, find_or_register
from intake.corrections import corrections_of
from intake.entry import Entry
from intake.errors import LetterRefused
from intake.items import as_date
from intake.models import FieldCorrection, LetterDraft
from intake.paper import Paper
from intake.placing import Placed, find_place
from intake.proposing import printed_names, propose
from proposals.models import CoHandlingOpinion, Proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from proposals.models import Reply


class Conflict(Exception):
    """Somebody else has changed the draft since the form was filled; `draft` is theirs."""

    def __init__(self, draft: LetterDraft) -> None:
        super().__init__(_("Somebody has changed this draft: look at it again."))
        self.draft = draft


class Settled(Exception):
    """The draft was accepted or rejected already."""

    def __init__(self, draft: LetterDraft) -> None:
        super().__init__(_("This letter was reviewed already."))
        self.draft = draft


@dataclass
class Accepted:
    """What became of the draft, and what is still missing before it goes on."""

    draft: LetterDraft
    notes: list[str] = field(default_factory=list)


def entry_of(draft: LetterDraft, *, user: User) -> Entry:
    """The entry as it was kept; as it follows from reading while nothing was."""
    return Entry.from_dict(draft.entry) if draft.entry else propose(draft, user=user)


@transaction.atomic
def keep(draft: LetterDraft, entry: Entry, *, version: int, by: User) -> LetterDraft:
    """Store what was typed; raises Conflict where another was quicker."""
    draft = _locked(draft)
    if draft.version != version:
        raise Conflict(draft)
    if draft.entry != entry.as_dict():
        draft.entry, draft.clerk = entry.as_dict(), by
        draft.version += 1
        draft.save(update_fields=["entry", "clerk", "version", "changed_at"])
    return draft


@transaction.atomic
def reject(draft: LetterDraft, *, reason: str, version: int, by: User) -> LetterDraft:
    """Put the letter aside: its file stays, with the reason."""
    draft = _locked(draft)
    if draft.version != version:
        raise Conflict(draft)
    if not reason.strip():
        raise ValidationError({"reject_reason": _("Say why the letter is rejected.")})
    draft.state, draft.reject_reason, draft.clerk = LetterDraft.State.REJECTED, reason, by
    draft.version += 1
    draft.save(update_fields=["state", "reject_reason", "clerk", "version", "changed_at"])
    return draft


@transaction.atomic
def accept(draft: LetterDraft, entry: Entry, *, version: int, by: User) -> Accepted:
    """Write everything that was entered, or nothing.

    Raises ValidationError by the places of the form, Conflict, or Settled for a second time.
    """
    draft = _locked(draft)
    if draft.version != version:
        raise Conflict(draft)
    proposed = propose(draft, user=by)
    placed = find_place(entry, user=by, printed=printed_names(draft.reading))
    problems = problems_of(entry, placed)
    if problems:
        raise ValidationError(problems)
    paper = Paper(draft.letter_file.text)
    proposals = find_or_register(entry, placed, by)
    notes: list[str] = []
    if entry.is_opinion:
        draft.opinion = _opinion(draft, entry, placed, proposal=proposals[0], by=by)
    else:
        draft.reply = compose_reply(draft, entry, placed, paper, proposals=proposals, by=by)
        notes = _hand_in(draft.reply, entry, by)
    draft.state, draft.clerk, draft.entry = LetterDraft.State.ACCEPTED, by, entry.as_dict()
    draft.version += 1
    draft.save()
    FieldCorrection.objects.bulk_create(
        corrections_of(draft, entry, proposed, placed=placed, paper=paper)
    )
    return Accepted(draft, notes)


def _opinion(
    draft: LetterDraft, entry: Entry, placed: Placed, *, proposal: Proposal, by: User
) -> CoHandlingOpinion:
    try:
        return write_opinion(
            proposal,
            answering_of(placed),
            text=draft.letter_file.text,
            document_number=entry["document_number"],
            on=as_date(entry["date"]) or timezone.localdate(),
            by=by,
        )
    except LetterRefused as refused:
        raise ValidationError({"letter_type": str(refused)}) from refused


def _locked(draft: LetterDraft) -> LetterDraft:
    """The draft as it is now, kept from others; raises Settled once it is reviewed."""
    rows = LetterDraft.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("letter_file", "department", "clerk").get(pk=draft.pk)
    if found.state != LetterDraft.State.OPEN:
        raise Settled(found)
    return found


def _hand_in(reply: Reply, entry: Entry, by: User) -> list[str]:
    """Hand the reply in for review; what keeps it from there is told, and it stays in drafting."""
    today = timezone.localdate()
    notes = []
    if entry["disclosure"] in (
        Proposal.Disclosure.PROACTIVE,
        Proposal.Disclosure.ON_REQUEST,
        Proposal.Disclosure.WITHHELD,
    ):
        notes += _try(
            reply.propose_disclosure,
            mode=entry["disclosure"],
            reason=_("As the letter says."),
            on=today,
            by=by,
        )
    notes += _try(reply.submit, on=today, by=by)
    return notes


def _try(move, **facts) -> list[str]:
    try:
        with transaction.atomic():
            move(**facts)
    except ValidationError as error:
        return list(error.messages)
    return []
