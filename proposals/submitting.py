"""Writing a proposal and handing it in (提出建议): the journey of a draft, with its co-sponsors.

What nobody was handed is the deputy's own. A name stands under what its deputy has read and
confirmed, the text and its papers: when they change, the confirmations fall, and the deputies are
asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assemblies.models import Assembly, Deputy, Session
from clerkadmin.files import check_file
from proposals import events, registering
from proposals.guards import check
from proposals.models import Attachment, Event, Proposal, Sponsorship

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from proposals.models.sponsorship import SponsorshipQuerySet

State = Proposal.State
# What co-sponsors put their names to.
SIGNED_TEXTS = ("title", "reason", "request")
TEXTS = (*SIGNED_TEXTS, "wished_handler")
MOST_ATTACHMENTS = 10
MOST_DRAFTS = 100
# From these a new draft is written: nobody handles them.
WRITTEN_ANEW = (State.SENT_BACK, State.WITHDRAWN)
# What a draft is called until its deputy has named it.
_UNTITLED = {
    Proposal.Kind.SUGGESTION: "关于……的建议",
    Proposal.Kind.CPPCC_PROPOSAL: "关于……的提案",
}


def kind_of(assembly: Assembly) -> Proposal.Kind:
    """提案 are put to the CPPCC, 建议 to a congress."""
    is_of_cppcc = assembly.kind == Assembly.Kind.CPPCC
    return Proposal.Kind.CPPCC_PROPOSAL if is_of_cppcc else Proposal.Kind.SUGGESTION


def has_title(proposal: Proposal) -> bool:
    return proposal.title not in _UNTITLED.values()


def why_not_begin(deputy: Deputy) -> str:
    if not deputy.is_serving:
        return str(_("Only serving deputies put proposals."))
    if _current_session(deputy.assembly, on=timezone.localdate()) is None:
        return str(_("No session of the assembly has opened yet."))
    led = Sponsorship.objects.filter(deputy=deputy, role=Sponsorship.Role.LEAD)
    if led.filter(proposal__state__in=Proposal.UNSUBMITTED).count() >= MOST_DRAFTS:
        said = _("No more than %(most)d drafts at a time: hand one in or throw it away first.")
        return str(said % {"most": MOST_DRAFTS})
    return ""


@transaction.atomic
def begin(
    deputy: Deputy, *, by: User | None = None, anew: Proposal | None = None, **texts: str
) -> Proposal:
    """A new draft of this deputy, in the present session; or of one that came back, `anew`.

    Begun again before a word was typed, it is the same empty draft: none pile up.
    """
    check(why_not_begin(deputy))
    today = timezone.localdate()
    kind = kind_of(deputy.assembly)
    if not texts:
        # Pressed twice at once: the second waits here, and finds the draft of the first.
        Deputy.objects.select_for_update(no_key=True).get(pk=deputy.pk)
        untouched = _untouched(deputy, kind)
        if untouched is not None:
            return untouched
    proposal = Proposal(kind=kind, **{**texts, "title": texts.get("title") or _UNTITLED[kind]})
    _place(proposal, deputy.assembly, on=today)
    proposal.save()
    Sponsorship.objects.create(
        proposal=proposal, deputy=deputy, role=Sponsorship.Role.LEAD, confirmed_on=today
    )
    of = {"anew": anew.key} if anew else {}
    _record(Event.Kind.DRAFTED, proposal, deputy, by=by, **of)
    return proposal


def _untouched(deputy: Deputy, kind: Proposal.Kind) -> Proposal | None:
    """The deputy's draft without a word or a paper in it; to a draft nobody is asked."""
    led = Sponsorship.objects.filter(deputy=deputy, role=Sponsorship.Role.LEAD)
    empty: dict[str, str] = {**dict.fromkeys(TEXTS, ""), "title": _UNTITLED[kind]}
    drafts = Proposal.objects.filter(sponsorships__in=led, state=State.DRAFT, **empty)
    return drafts.filter(attachments=None).first()


def why_not_change(proposal: Proposal) -> str:
    return proposal.only_in(*Proposal.UNSUBMITTED)


def why_not_reword(proposal: Proposal) -> str:
    """Why no office changes its texts: what deputies wrote on their desk is in their own words."""
    if not proposal.is_by_deputies:
        return ""
    return str(
        _(
            "Its deputies wrote this and handed it in themselves: nobody else changes their words. "
            "Until it is registered it can be sent back with a reason."
        )
    )


@events.together()
def change(proposal: Proposal, *, by: User | None = None, **texts: str) -> bool:
    """Write the draft's texts anew; whether co-sponsors who had confirmed are asked again."""
    hold(proposal)
    check(why_not_change(proposal))
    if "title" in texts:
        texts["title"] = texts["title"].strip() or _UNTITLED[kind_of(proposal.assembly)]
    changed = {name for name, text in texts.items() if getattr(proposal, name) != text}
    if not changed:
        return False
    for name in changed:
        setattr(proposal, name, texts[name])
    proposal.save(update_fields=changed)
    return bool(changed.intersection(SIGNED_TEXTS)) and _ask_again(proposal, by=by)


def _ask_again(proposal: Proposal, *, by: User | None) -> bool:
    """It is not what they had read: their confirmations fall."""
    confirmed = list(co_sponsors(proposal).filter(confirmed_on__isnull=False))
    for sponsorship in confirmed:
        sponsorship.asked_on, sponsorship.confirmed_on = timezone.localdate(), None
        sponsorship.save(update_fields=["asked_on", "confirmed_on"])
        why = {"again": "text_changed"}
        _record(Event.Kind.COSIGNER_ASKED, proposal, sponsorship.deputy, by=by, **why)
    return bool(confirmed)


def why_not_ask(proposal: Proposal) -> str:
    return why_not_change(proposal) or _why_not_whole(proposal)


@events.together()
def ask(proposal: Proposal, deputies: Iterable[Deputy], *, by: User | None = None) -> None:
    """Ask these deputies to co-sign (联名): each once; until they answer, it is being co-signed."""
    hold(proposal)
    check(why_not_ask(proposal))
    present = list(proposal.sponsorships.values_list("deputy", "order"))
    under, last = {deputy for deputy, _order in present}, max(order for _key, order in present)
    for place, deputy in enumerate(deputies, start=last + 1):
        if not deputy.is_serving or deputy.assembly_id != proposal.session.assembly_id:
            raise ValidationError(_("Only serving deputies of the same assembly co-sign."))
        if deputy.pk in under:
            raise ValidationError(_("%(name)s was asked already.") % {"name": deputy})
        under.add(deputy.pk)
        Sponsorship.objects.create(
            proposal=proposal, deputy=deputy, order=place, asked_on=timezone.localdate()
        )
        _record(Event.Kind.COSIGNER_ASKED, proposal, deputy, by=by)
    if len(under) > len(present):
        _turn(proposal, State.COSIGNING)


def why_not_take_back(sponsorship: Sponsorship) -> str:
    if sponsorship.asked_on is None or sponsorship.confirmed_on or sponsorship.declined_on:
        return str(_("Only those who have not answered can be asked no more."))
    return why_not_change(sponsorship.proposal)


@transaction.atomic
def take_back(sponsorship: Sponsorship, *, by: User | None = None) -> None:
    """Ask that deputy no more; with nobody left who was asked it is a draft again."""
    _hold_name(sponsorship)
    check(why_not_take_back(sponsorship))
    proposal, on = sponsorship.proposal, timezone.localdate()
    registering.ask_no_more(proposal, [sponsorship], why="taken_back", on=on, by=by)
    sponsorship.delete()
    if not co_sponsors(proposal).exists():
        _turn(proposal, State.DRAFT)


def why_not_confirm(sponsorship: Sponsorship) -> str:
    if sponsorship.confirmed_on:
        day = {"day": date_format(sponsorship.confirmed_on)}
        return str(_("You confirmed it on %(day)s.") % day)
    return why_not_decline(sponsorship)


@transaction.atomic
def confirm(sponsorship: Sponsorship, *, seen: int | None = None, by: User | None = None) -> None:
    """Put the name under the text that was read: the proposal at version `seen`."""
    _hold_name(sponsorship)
    check(why_not_confirm(sponsorship))
    _check_seen(sponsorship.proposal, seen)
    sponsorship.confirmed_on = timezone.localdate()
    sponsorship.save(update_fields=["confirmed_on"])
    _record(Event.Kind.COSIGNED, sponsorship.proposal, sponsorship.deputy, by=by)


def why_not_decline(sponsorship: Sponsorship) -> str:
    """Who has confirmed can still think otherwise, until it is handed in."""
    if sponsorship.declined_on:
        return str(_("This deputy has declined."))
    return sponsorship.proposal.only_in(State.COSIGNING)


@transaction.atomic
def decline(sponsorship: Sponsorship, *, words: str = "", by: User | None = None) -> None:
    """Not put the name under it; the words are for the lead sponsor."""
    _hold_name(sponsorship)
    check(why_not_decline(sponsorship))
    sponsorship.confirmed_on, sponsorship.declined_on = None, timezone.localdate()
    sponsorship.save(update_fields=["confirmed_on", "declined_on"])
    said = {"words": words.strip()} if words.strip() else {}
    proposal, deputy = sponsorship.proposal, sponsorship.deputy
    _record(Event.Kind.COSIGNING_DECLINED, proposal, deputy, by=by, **said)


def why_not_submit(proposal: Proposal) -> str:
    lead = proposal.sponsorships.filter(role=Sponsorship.Role.LEAD)
    if lead.filter(deputy__is_serving=False).exists():
        return str(_("Only serving deputies put proposals."))
    return why_not_change(proposal) or _why_not_whole(proposal)


@events.together()
def submit(proposal: Proposal, *, seen: int | None = None, by: User | None = None) -> None:
    """Hand it in. Names of those who have not confirmed do not go with it.

    It counts to the session of the day on which it is handed in, not to that of its first word.
    """
    hold(proposal)
    check(why_not_submit(proposal))
    _check_seen(proposal, seen)
    today = timezone.localdate()
    _place(proposal, proposal.assembly, on=today)
    unanswered = co_sponsors(proposal).unanswered()
    registering.ask_no_more(proposal, unanswered, why=State.SUBMITTED, on=today, by=by)
    # Who was asked and did not sign is no office's matter, and in none of its lists.
    co_sponsors(proposal).exclude(Sponsorship.STANDING).delete()
    registering.submit(proposal, on=today, by=by)


def why_not_write_anew(proposal: Proposal) -> str:
    return proposal.only_in(*WRITTEN_ANEW)


@transaction.atomic
def write_anew(proposal: Proposal, deputy: Deputy, *, by: User | None = None) -> Proposal:
    """A new draft with the texts and papers of one that came back; the old one stays as it is."""
    hold(proposal)
    check(why_not_write_anew(proposal))
    texts = {name: getattr(proposal, name) for name in TEXTS}
    draft = begin(deputy, by=by, anew=proposal, **texts)
    for paper in proposal.attachments.all():
        with paper.file.open("rb") as opened:
            _keep(draft, paper.name, ContentFile(opened.read(), name=paper.file.name))
    return draft


def why_not_throw_away(proposal: Proposal) -> str:
    if co_sponsors(proposal).exists():
        return str(_("Others were asked to co-sign it: it is not thrown away any more."))
    return proposal.only_in(State.DRAFT)


@transaction.atomic
def throw_away(proposal: Proposal) -> None:
    """Delete a draft that nobody else has been shown, with its papers; its history stays."""
    hold(proposal)
    check(why_not_throw_away(proposal))
    for paper in proposal.attachments.all():
        _drop(paper)
    # Events are never deleted; but of what was never put there is nothing to be told.
    models.QuerySet(Event).filter(proposal=proposal).delete()
    proposal.delete()


def why_not_attach(proposal: Proposal) -> str:
    if proposal.attachments.count() >= MOST_ATTACHMENTS:
        return str(_("No more than %(most)d papers.") % {"most": MOST_ATTACHMENTS})
    return why_not_change(proposal)


@events.together()
def attach(proposal: Proposal, file: UploadedFile, *, by: User | None = None) -> Attachment:
    """Add a paper (附件), under the limits that letters have."""
    hold(proposal)
    check(why_not_attach(proposal))
    check_file(file)
    _papers_changed(proposal, by=by)
    return _keep(proposal, PurePosixPath(file.name or "").name, file)


@events.together()
def detach(paper: Attachment, *, by: User | None = None) -> None:
    """Take a paper out of a draft."""
    hold(paper.proposal)
    check(why_not_change(paper.proposal))
    _papers_changed(paper.proposal, by=by)
    _drop(paper)


def _papers_changed(proposal: Proposal, *, by: User | None) -> None:
    """Who reads it just now has read something else: a version of its own."""
    proposal.save(update_fields=())
    _ask_again(proposal, by=by)


def hold(proposal: Proposal) -> None:
    """Keep others from it until this is done, and see its texts as they are now."""
    proposal.lock()
    proposal.refresh_from_db()


def co_sponsors(proposal: Proposal) -> SponsorshipQuerySet:
    """Everybody who was asked to co-sign, whatever they answered, in the order of asking."""
    under: SponsorshipQuerySet = proposal.sponsorships.filter(role=Sponsorship.Role.CO_SPONSOR)
    return under.select_related("deputy", "proposal").order_by("order", "pk")


def _hold_name(sponsorship: Sponsorship) -> None:
    hold(sponsorship.proposal)
    rows = Sponsorship.objects.select_for_update(no_key=True)
    fields = ["asked_on", "confirmed_on", "declined_on", "version"]
    sponsorship.refresh_from_db(fields=fields, from_queryset=rows)


def _check_seen(proposal: Proposal, seen: int | None) -> None:
    """Nobody puts a name to words, or hands in words, other than those that were read."""
    if seen is not None and seen != proposal.version:
        raise ValidationError(_("The text was changed meanwhile: read it again."), code="changed")


def _why_not_whole(proposal: Proposal) -> str:
    if not has_title(proposal):
        return str(_("Give the proposal its title."))
    if not proposal.reason.strip():
        return str(_("Write the reason: what is the matter, and why it should be solved."))
    if not proposal.request.strip():
        return str(_("Write the concrete request: who should do what."))
    return ""


def _current_session(assembly: Assembly, *, on: date) -> Session | None:
    return assembly.sessions.current(on=on).first()


def _place(proposal: Proposal, assembly: Assembly, *, on: date) -> None:
    """In the present session; in session (大会期间), or between two of them (闭会期间)."""
    session = _current_session(assembly, on=on)
    if session is None:
        raise ValidationError(_("No session of the assembly has opened yet."))
    proposal.session = session
    proposal.in_session = session.closes_on is not None and on <= session.closes_on


def _turn(proposal: Proposal, state: str) -> None:
    if proposal.state != state:
        proposal.state = state
        proposal.save(update_fields=["state"])


def _keep(proposal: Proposal, name: str, file: UploadedFile | ContentFile) -> Attachment:
    paper = Attachment(proposal=proposal, name=name[-200:], size=file.size or 0)
    paper.added_on = timezone.localdate()
    paper.file.save(name, file, save=False)
    paper.save()
    return paper


def _drop(paper: Attachment) -> None:
    """The file goes once its row is gone for good."""
    stored, storage = str(paper.file.name), paper.file.storage
    paper.delete()
    transaction.on_commit(lambda: storage.delete(stored))


def _record(
    kind: str, proposal: Proposal, deputy: Deputy, *, by: User | None, **details: str
) -> None:
    facts = {"deputy": deputy.name, "deputy_id": deputy.pk, **details}
    events.record(kind, proposal, on=timezone.localdate(), actor=by, details=facts)
