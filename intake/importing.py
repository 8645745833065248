"""The journey of one letter: file -> text -> reading -> match -> rows -> public page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from intake.accepting import accept_opinion, accept_reply
from intake.creating import create_missing as create
from intake.errors import AlreadyThere, LetterRefused
from intake.matching import Match, answering_name, match
from intake.models import LetterDraft
from intake.receiving import Incoming, file_row, reading_of, store_original
from letters import Letter, read
from proposals import events
from proposals.models import Proposal, Reply, number_key

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from proposals.models import CoHandlingOpinion


@dataclass
class Imported:
    """What became of a letter: what was read, and the reply or opinion it became."""

    letter: Letter
    reply: Reply | None = None
    opinion: CoHandlingOpinion | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The path of the public page where there is one, else of the reply in the admin."""
        if self.opinion:
            return reverse("admin:proposals_cohandlingopinion_change", args=[self.opinion.pk])
        return address_of(self.reply) if self.reply else ""


def address_of(reply: Reply) -> str:
    """The permanent address of a published reply; that in the admin of any other."""
    if not reply.is_published:
        return reverse("admin:proposals_reply_change", args=[reply.pk])
    session = reply.proposal.session
    return reverse(
        "public:reply",
        args=[session.assembly.slug, session.key, reply.proposal.number, reply.key],
    )


def import_letter(
    incoming: Incoming,
    *,
    on: date,
    publish: bool = False,
    create_missing: bool = False,
    keep_file: bool = True,
    by: User | None = None,
) -> Imported:
    """Take one letter in; everything or nothing.

    Raises AlreadyThere for a letter taken in before, LetterRefused where it has no place here.
    `keep_file` stores the original beside its text where the two differ.
    """
    with events.together():
        _refuse_same_file(incoming)
        letter = _read_once(incoming.text)
        _refuse_unfit(letter)
        found = match(letter, on=on)
        _refuse_same_number(letter, found)
        if create_missing:
            create(letter, found, on=on, by=by)
        _refuse_unmatched(letter, found)
        imported = Imported(letter, notes=[*incoming.notes, *letter.warnings])
        if letter.letter_type == "co_handling_opinion":
            imported.opinion = accept_opinion(letter, incoming.text, found, on=on, by=by)
        else:
            imported.reply = accept_reply(letter, incoming.text, found, on=on, by=by)
            imported.notes += _decide_disclosure(
                imported.reply, letter.disclosure, publish=publish, on=on, by=by
            )
        _keep(incoming, imported, keep_file=keep_file, by=by)
    return imported


def _read_once(text: str) -> Letter:
    """What is read, each proposal once: 0003 and 003 in one title are the same."""
    letter = read(text)
    by_number = {number_key(p.number or ""): p for p in reversed(letter.proposals)}
    letter.proposals = [p for p in letter.proposals if by_number[number_key(p.number or "")] is p]
    return letter


def _refuse_same_file(incoming: Incoming) -> None:
    accepted = LetterDraft.objects.filter(state=LetterDraft.State.ACCEPTED)
    draft = accepted.filter(letter_file__sha256=incoming.sha256).order_by("pk").first()
    if draft is None:
        return
    if draft.reply:
        raise AlreadyThere(
            _("the same letter is already there: %(address)s")
            % {"address": address_of(draft.reply)}
        )
    raise AlreadyThere(_("the same co-handling opinion is already there."))


def _refuse_same_number(letter: Letter, found: Match) -> None:
    """The same document number of the same department is the same letter, however it was saved."""
    if not letter.document_number or found.answering is None:
        return
    same = (
        Reply.objects.filter(document_number=letter.document_number, department=found.answering)
        .order_by("pk")
        .first()
    )
    if same:
        raise AlreadyThere(
            _("a letter with the document number %(number)s is already there: %(address)s")
            % {"number": letter.document_number, "address": address_of(same)}
        )


def _refuse_unfit(letter: Letter) -> None:
    """Sentences for a text that is no letter, or that does not say what it answers."""
    if not letter.is_letter:
        raise LetterRefused(_("this is no reply to a proposal: check that it is the right file."))
    if not any(proposal.number for proposal in letter.proposals):
        raise LetterRefused(
            _("the letter prints no proposal number: add it to the title, or enter it by hand.")
        )
    if not (letter.term and letter.session):
        raise LetterRefused(
            _("the letter does not say of which session the proposal is: add it to the title.")
        )
    if not answering_name(letter):
        raise LetterRefused(
            _("the letter does not say which department answers: add its name at the end.")
        )


def _refuse_unmatched(letter: Letter, found: Match) -> None:
    """Sentences for what the tables do not hold, and how to make it."""
    hint = _("register it first, or import with --create-missing.")
    if found.assembly is None:
        raise LetterRefused(
            _("no assembly fits “%(name)s”: %(hint)s")
            % {"name": letter.assembly or letter.issuer or "", "hint": hint}
        )
    if found.session is None:
        raise LetterRefused(
            _("%(assembly)s has no session %(term)s-%(number)s: %(hint)s")
            % {
                "assembly": found.assembly,
                "term": letter.term,
                "number": letter.session,
                "hint": hint,
            }
        )
    missing = [
        item.number or ""
        for item, proposal in zip(letter.proposals, found.proposals, strict=True)
        if proposal is None
    ]
    if missing:
        raise LetterRefused(
            _("proposal no. %(number)s is not registered in %(session)s: %(hint)s")
            % {"number": "、".join(missing), "session": found.session, "hint": hint}
        )
    if found.answering is None:
        raise LetterRefused(
            _("no department is called “%(name)s”: %(hint)s")
            % {"name": answering_name(letter), "hint": hint}
        )


def _decide_disclosure(
    reply: Reply, printed: str | None, *, publish: bool, on: date, by: User | None
) -> list[str]:
    """Publish where asked; a letter that says it is not public stays so, whatever was asked."""
    if printed in (Proposal.Disclosure.ON_REQUEST, Proposal.Disclosure.WITHHELD):
        reply.withhold(printed, on=on, reason=_("As the letter says."), by=by)
        if publish:
            return [_("The letter itself says that it is not public: not published.")]
        return []
    if not publish:
        return []
    withheld = (Proposal.Disclosure.ON_REQUEST, Proposal.Disclosure.WITHHELD)
    answered = [reply.proposal, *reply.also_answers.all()]
    if any(proposal.disclosure in withheld for proposal in answered):
        return [_("The proposal is withheld by an earlier decision: not published.")]
    for proposal in answered:
        if not proposal.is_published:
            proposal.publish(on=on, by=by)
    reason = _("As the letter says.") if printed else _("Published on import.")
    reply.publish(on=on, reason=reason, by=by)
    return []


def _keep(incoming: Incoming, imported: Imported, *, keep_file: bool, by: User | None) -> None:
    """Keep the file and what was read from it: the draft that this import accepted."""
    letter_file = file_row(incoming, by=by)
    made = imported.reply or (imported.opinion and imported.opinion.assignment)
    LetterDraft.objects.create(
        letter_file=letter_file,
        name=incoming.name[:255],
        department=made.department if made else None,
        reading=reading_of(imported.letter, incoming),
        state=LetterDraft.State.ACCEPTED,
        clerk=by,
        reply=imported.reply,
        opinion=imported.opinion,
    )
    if keep_file:
        # Last: nothing after it can fail and leave a file without its row.
        store_original(letter_file, incoming)
