"""The two pages of taking a letter in: hand it in, and review what was read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clerkadmin import drafts
from clerkadmin.kept import keep_for_later
from clerkadmin.tokens import form_marks
from departments.models import Department
from intake import items, reviewing
from intake.doubts import doubts_of
from intake.entry import (
    COMMITMENT,
    MEASURE,
    MOST_PROPOSALS,
    Answered,
    Entry,
    clean,
    is_whole,
    typed,
)
from intake.models import LetterDraft
from intake.page import differences, page_of
from intake.paper import Paper
from intake.placing import find_place, own_departments
from intake.proposing import printed_names
from intake.receiving import MOST_FILES, Incoming, receive_bytes, receive_text, take_in
from letters.errors import UnreadableLetter
from proposals.models import CoHandlingOpinion, Reply

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# Handing in -------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What became of one letter that was handed in."""

    name: str
    problem: str = ""
    draft: LetterDraft | None = None
    is_known: bool = False
    doubts: int = 0
    notes: tuple[str, ...] = ()

    @property
    def reply_url(self) -> str:
        return row_url(self.draft) if self.draft else ""


def read_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Paste a letter or choose files; one letter leads to its review, several to their list."""
    user = cast("User", request.user)
    departments = _departments_of(user)
    outcomes: list[Outcome] = []
    problem, text = "", ""
    if drafts.DRAFT in request.GET:
        # Typed before the sign-in had ended, and carried along by it.
        typed_before = drafts.find(user, drafts.path_of(request))
        text = drafts.as_sent(typed_before).get("text", "") if typed_before else ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        department = _chosen(request, departments)
        uploads = request.FILES.getlist("files")
        if len(uploads) > MOST_FILES:
            problem = _("Hand in at most %(most)s letters at once.") % {"most": MOST_FILES}
        elif not (uploads or text.strip()):
            problem = _("Paste a letter, or choose its file.")
        else:
            outcomes = _receive_all(text, uploads, department=department, by=user)
            drafts.drop(user, drafts.path_of(request))
            made = [each.draft for each in outcomes if each.draft]
            if len(outcomes) == 1 and made and not outcomes[0].is_known:
                return redirect(review_url(made[0]))
            if outcomes and outcomes[-1].name == PASTED and outcomes[-1].draft:
                text = ""  # it is kept: its draft is in the list
    context = {
        **context,
        "title": _("Read a letter in"),
        "departments": departments,
        "outcomes": outcomes,
        "problem": problem,
        "text": text,
        "form_marks": form_marks(user),
        "most_files": MOST_FILES,
        "most_megabytes": settings.LETTER_MAX_BYTES // 1_000_000,
        "waiting": LetterDraft.objects.editable_by(user, "review")
        .filter(state=LetterDraft.State.OPEN)
        .exclude(pk__in=[each.draft.pk for each in outcomes if each.draft])
        .select_related("letter_file")
        .defer("entry", "letter_file__text")[:10],
    }
    return TemplateResponse(request, "intake/letterdraft_read.html", context)


PASTED = ""


def _departments_of(user: User) -> list[Department]:
    """For whom the draft is: one of the places where the person works."""
    found = Department.objects.filter(clerks__user=user, clerks__is_active=True).distinct()
    return list(found) or own_departments(user)


def _chosen(request: HttpRequest, departments: list[Department]) -> Department | None:
    wanted = request.POST.get("department", "")
    first = departments[0] if departments else None
    return next((each for each in departments if str(each.pk) == wanted), first)


def _receive_all(text: str, uploads, *, department: Department | None, by: User) -> list[Outcome]:
    """Each for itself: one that cannot be read does not keep the others out."""
    outcomes = []
    for upload in uploads:
        if upload.size > settings.LETTER_MAX_BYTES:
            most = settings.LETTER_MAX_BYTES // 1_000_000
            problem = _("The file is larger than %(most)s MB.") % {"most": most}
            outcomes.append(Outcome(upload.name, problem=problem))
            continue
        try:
            incoming = receive_bytes(upload.read(), name=upload.name)
        except UnreadableLetter as unreadable:
            outcomes.append(Outcome(upload.name, problem=str(unreadable)))
        else:
            outcomes.append(_take_in(upload.name, incoming, department, by))
    if text.strip():
        try:
            outcomes.append(_take_in(PASTED, receive_text(text), department, by))
        except UnreadableLetter as unreadable:
            outcomes.append(Outcome(PASTED, problem=str(unreadable)))
    return outcomes


def _take_in(name: str, incoming: Incoming, department: Department | None, by: User) -> Outcome:
    received = take_in(incoming, department=department, by=by)
    draft = received.draft
    doubts = 0
    if draft.is_open:
        entry = reviewing.entry_of(draft, user=by)
        placed = find_place(entry, user=by, printed=printed_names(draft.reading))
        doubts = len({doubt.at for doubt in doubts_of(entry, draft.reading, placed)})
    return Outcome(
        name,
        draft=draft,
        is_known=received.is_known,
        doubts=doubts,
        notes=tuple(incoming.notes),
    )


def review_url(draft: LetterDraft) -> str:
    return reverse("admin:intake_letterdraft_review", args=[draft.key])


def row_url(draft: LetterDraft) -> str:
    """The reply or the opinion that an accepted letter became."""
    if draft.reply_id:
        return reverse("admin:proposals_reply_change", args=[draft.reply_id])
    if draft.opinion_id:
        return reverse("admin:proposals_cohandlingopinion_change", args=[draft.opinion_id])
    return ""


# The review -------------------------------------------------------------------------


class Review:
    """One request to the review page of one draft."""

    def __init__(self, request: HttpRequest, draft: LetterDraft, context: dict[str, Any]) -> None:
        self.request, self.draft, self.context = request, draft, context
        self.user = cast("User", request.user)
        self.paper = Paper(draft.letter_file.text)
        self.problems: dict[str, str] = {}
        self.conflict: dict[str, Any] | None = None
        self.added = ""
        self.version = 0  # of what is shown, where it is not that of the draft

    def answer(self) -> HttpResponse:
        if not self.draft.is_open:
            return self._closed()
        if self.request.method != "POST":
            return self._show(
                self._typed_before() or reviewing.entry_of(self.draft, user=self.user)
            )
        if not is_whole(self.request.POST):
            self.problems = {"": _("The form did not arrive whole: nothing was changed.")}
            return self._show(reviewing.entry_of(self.draft, user=self.user), status=422)
        entry = typed(self.request.POST, length=len(self.draft.letter_file.text))
        what, _colon, at = self.request.POST.get("do", "").partition(":")
        if what == "autosave":
            return self._autosave(entry)
        try:
            return self._do(what, at, entry)
        except reviewing.Conflict as conflict:
            self.draft, mine = conflict.draft, entry
            self.version = _whole(self.request.POST.get("version"))
            theirs = reviewing.entry_of(conflict.draft, user=self.user)
            self.conflict = {
                "who": conflict.draft.clerk,
                "at": conflict.draft.changed_at,
                "version": conflict.draft.version,
                "changes": differences(mine, theirs, paper=self.paper),
            }
            return self._show(entry, status=409)
        except reviewing.Settled as settled:
            self.draft = settled.draft
            return self._closed()
        except ValidationError as error:
            self.problems.update(_by_place(error))
            return self._show(entry, status=422)

    def _typed_before(self) -> Entry | None:
        """What was typed before the sign-in had ended, and carried along by it."""
        if drafts.DRAFT not in self.request.GET:
            return None
        kept = drafts.find(self.user, drafts.path_of(self.request))
        sent = drafts.as_sent(kept) if kept else None
        if sent is None or not is_whole(sent):
            return None
        self.version = _whole(sent.get("version"))
        return typed(sent, length=len(self.draft.letter_file.text))

    def _do(self, what: str, at: str, entry: Entry) -> HttpResponse:
        wrong = items.move_to_sentences(entry, self.paper)
        self.problems = {f"item-{place}": said for place, said in wrong.items()}
        # First of all it is kept, so that nothing is lost whatever is refused below.
        mine = _whole(self.request.POST.get("their_version" if what == "overwrite" else "version"))
        self._keep(entry, version=mine)
        drafts.drop(self.user, drafts.path_of(self.request))
        if what == "accept":
            return self._accept(entry)
        if what == "reject":
            reason, version = clean(self.request.POST.get("reject_reason", "")), self.draft.version
            reviewing.reject(self.draft, reason=reason, version=version, by=self.user)
            messages.success(self.request, _("The letter was rejected; its file is kept."))
            return redirect("admin:intake_letterdraft_changelist")
        anchor = self._change(what, at, entry)
        self._keep(entry, version=self.draft.version)
        if self.problems:
            return self._show(entry, status=422)
        if what == "later":
            messages.success(self.request, _("Kept. The letter waits for you in this list."))
            return redirect("admin:intake_letterdraft_changelist")
        return redirect(f"{review_url(self.draft)}{anchor}")

    def _change(self, what: str, at: str, entry: Entry) -> str:
        """What the buttons of the form do with the items; answers where to look next."""
        place = _whole(at)
        if what == "split":
            cut = _whole(self.request.POST.get(f"item-{place}-cut"))
            try:
                return f"#e-{items.split(entry, place, place=cut, paper=self.paper)}"
            except ValidationError as error:
                raise ValidationError({f"item-{place}": error.messages}) from error
        if what == "merge":
            try:
                return f"#e-{items.merge(entry, place, paper=self.paper)}"
            except ValidationError as error:
                raise ValidationError({f"item-{place}": error.messages}) from error
        if what == "delete":
            items.delete(entry, place)
            return "#promises"
        if what == "add" and at in (COMMITMENT, MEASURE):
            return f"#e-{self._add(at, entry)}"
        if what == "add_proposal" and len(entry.proposals) < MOST_PROPOSALS:
            entry.proposals.append(Answered())
            return f"#p-{len(entry.proposals) - 1}"
        if what == "keep" and at:
            return f"#e-{place}"
        return ""

    def _add(self, kind: str, entry: Entry) -> int:
        self.added = clean(self.request.POST.get("added", ""))
        near = self.request.POST.get("added_near", "")
        hint = int(near[:9]) if near.isascii() and near.isdigit() else None
        try:
            return items.add(entry, kind, self.added, near=hint, paper=self.paper)
        except ValidationError as error:
            raise ValidationError({"added": error.messages}) from error

    def _accept(self, entry: Entry) -> HttpResponse:
        version = self.draft.version
        try:
            accepted = reviewing.accept(self.draft, entry, version=version, by=self.user)
        except IntegrityError as error:
            said = _("Somebody has just entered the same: nothing was entered twice.")
            raise ValidationError(said) from error
        for note in accepted.notes:
            messages.warning(self.request, note)
        messages.success(self.request, _said_of(entry))
        return redirect(self._led_to(accepted.draft))

    def _led_to(self, draft: LetterDraft) -> str:
        """The row's page where the person sees it; else the draft's own."""
        replies = Reply.objects.visible_to(self.user).filter(drafts=draft)
        opinions = CoHandlingOpinion.objects.visible_to(self.user).filter(drafts=draft)
        sees = (replies if draft.reply_id else opinions).exists()
        return row_url(draft) if sees else review_url(draft)

    def _keep(self, entry: Entry, *, version: int) -> None:
        self.draft = reviewing.keep(self.draft, entry, version=version, by=self.user)

    def _autosave(self, entry: Entry) -> HttpResponse:
        items.move_to_sentences(entry, self.paper)
        try:
            self._keep(entry, version=_whole(self.request.POST.get("version")))
        except reviewing.Conflict:
            said = _("Somebody else has changed this draft: keep yours to see what changed.")
            return JsonResponse({"message": said}, status=409)
        except reviewing.Settled:
            return JsonResponse({"message": _("This letter was reviewed already.")}, status=409)
        at = time_format(timezone.localtime(self.draft.changed_at), "H:i")
        said = _("Kept at %(time)s") % {"time": at}
        return JsonResponse({"version": self.draft.version, "message": said})

    def _show(self, entry: Entry, *, status: int = 200) -> HttpResponse:
        reading = self.draft.reading
        placed = find_place(entry, user=self.user, printed=printed_names(reading))
        page = page_of(entry, reading, placed=placed, paper=self.paper, problems=self.problems)
        context = {
            **self.context,
            "title": _("Review what was read"),
            "draft": self.draft,
            # Of a conflict the old one: what was typed is not kept unless the clerk says so.
            "version": self.version or self.draft.version,
            "form_marks": form_marks(self.user),
            "page": page,
            "entry": entry,
            "conflict": self.conflict,
            "problems": self.problems,
            "added": self.added,
            "reject_reason": self.request.POST.get("reject_reason", ""),
        }
        template = "intake/letterdraft_review.html"
        return TemplateResponse(self.request, template, context, status=status)

    def _closed(self) -> HttpResponse:
        """A draft that was reviewed: what became of it, and the letter."""
        if self._is_other() and keep_for_later(self.request):
            said = _("This page is closed for you now, nothing was saved. What you typed is here.")
            messages.warning(self.request, said)
            return redirect("admin:drafts")
        if self.request.method == "POST" and self.draft.state == LetterDraft.State.ACCEPTED:
            return redirect(self._led_to(self.draft))
        context = {
            **self.context,
            "title": _("Review what was read"),
            "draft": self.draft,
            "parts": self.paper.parts([]),
            "row_url": row_url(self.draft),
        }
        return TemplateResponse(self.request, "intake/letterdraft_closed.html", context)

    def _is_other(self) -> bool:
        """Whether something else was sent than what was accepted or rejected meanwhile."""
        if self.request.method != "POST" or not is_whole(self.request.POST):
            return False
        entry = typed(self.request.POST, length=len(self.draft.letter_file.text))
        items.move_to_sentences(entry, self.paper)
        return entry.as_dict() != self.draft.entry


def _said_of(entry: Entry) -> str:
    if entry.is_opinion:
        return _("Accepted: the co-handling opinion is handed in.")
    count = sum(1 for item in entry.items if item.is_promise and item.is_kept)
    counted = ngettext(
        "Accepted: the letter with %(count)s commitment is entered.",
        "Accepted: the letter with %(count)s commitments is entered.",
        count,
    )
    return counted % {"count": count}


def _whole(text: str | None) -> int:
    """A number of the form; -1, which fits nothing, where it is none."""
    return int(text[:9]) if text and text.isascii() and text.isdigit() else -1


def _by_place(error: ValidationError) -> dict[str, str]:
    if hasattr(error, "error_dict"):
        return {place: " ".join(said) for place, said in error.message_dict.items()}
    return {"": " ".join(error.messages)}
