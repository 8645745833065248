"""A proposal's life on one page (大事记): every event that the person may see, with who and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.sight import Person, person_of
from clerkadmin.lookups import is_key
from proposals.models import Assignment, Event, Proposal, Reply
from proposals.registering import Ground

PER_PAGE = 100

# The details of an event that the page tells, in this order, with their names.
LABELS: dict[str, str | Promise] = {
    "number": _("Number"),
    "ground": _("Ground"),
    "into": _("Merged into"),
    "role": pgettext_lazy("of a department", "Role"),
    "part": _("Its part"),
    "from": _("Until then"),
    "suggested": _("Who should handle it"),
    "until": _("Until"),
    "committee": _("Supervising committee"),
    "supervisor": _("Who leads the supervision"),
    "deputy": _("Deputy"),
    "result": _("Rating"),
    "round": _("Round"),
    "commitment": _("Promise"),
    "category": _("Category"),
    "before": _("Before"),
    "after": _("After"),
    "mode": _("Disclosure"),
    "reason": _("Reason"),
    "message": _("Message"),
    "changed": _("What was changed"),
}
# What one department writes of itself, or an office to it, is not read by the others.
CONFIDENTIAL = {"reason", "message", "from", "suggested"}


@dataclass(frozen=True)
class Entry:
    """One event as the page shows it."""

    event: Event
    who: str
    facts: list[tuple[str, str]]
    links: list[tuple[str, str]]


def reads_all(event: Event, person: Person, *, assembly: int) -> bool:
    """Whether the person reads the words of an event, not only that it happened."""
    return (
        person.is_superuser
        or assembly in person.assemblies
        or event.department_id in person.departments
        or event.kind in Event.OPEN_TO_ANSWERING
    )


class WithTimeline:
    """Pages of a proposal, and of what belongs to one, with a link to its timeline."""

    proposal_path = "proposal_id"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"page_links": self._links(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc]

    def _links(self, request: HttpRequest, object_id: str) -> list[dict[str, object]]:
        if not is_key(object_id):
            return []
        rows = self.get_queryset(request).filter(pk=object_id)  # type: ignore[attr-defined]
        # Who may see a paper of a proposal may not always see the proposal.
        seen = Proposal.objects.visible_to(request.user).order_by()
        key = seen.filter(pk__in=rows.order_by().values(self.proposal_path)).values_list("pk")
        found = key.first()
        if found is None:
            return []
        url = reverse("admin:proposals_proposal_timeline", args=found)
        return [{"url": url, "label": _("Timeline")}]


class TimelinePages(WithTimeline):
    """The pages of proposals, with the timeline of each."""

    proposal_path = "pk"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.timeline_view)  # type: ignore[attr-defined]
        own = path("<slug:object_id>/timeline/", view, name="proposals_proposal_timeline")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def timeline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Newest first, or `?order=oldest`; so many on a page that it stays quick."""
        rows = self.get_queryset(request)  # type: ignore[attr-defined]
        proposal = rows.filter(pk=object_id).first() if is_key(object_id) else None
        if proposal is None:
            raise Http404
        oldest_first = request.GET.get("order") == "oldest"
        page = request.GET.get("page", "")
        number = min(int(page), 1000) if is_key(page) and int(page) else 1
        order = ["on", "pk"] if oldest_first else ["-on", "-pk"]
        events = Event.objects.visible_to(request.user).filter(proposal=proposal)
        start = (number - 1) * PER_PAGE
        found = list(
            events.select_related("actor", "department").order_by(*order)[
                start : start + PER_PAGE + 1
            ]
        )
        parts = list(
            Assignment.objects.visible_to(request.user)
            .filter(proposal=proposal)
            .select_related("department", "rules")
            .defer("part")
        )
        # A light is for who still owes a letter; opinions have lights of their own.
        is_open = proposal.state in Proposal.HANDLED
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": Proposal._meta,
            "title": _("Timeline"),
            "proposal": proposal,
            "parts": [
                (part, not (is_open and part.answers))
                for part in sorted(parts, key=lambda part: not part.answers)
                if part.ended_on is None
            ],
            "entries": _entries(found[:PER_PAGE], proposal, parts, user=request.user),
            "oldest_first": oldest_first,
            "number": number,
            "has_more": len(found) > PER_PAGE,
            "back": reverse("admin:proposals_proposal_change", args=[proposal.pk]),
        }
        return TemplateResponse(request, "proposals/timeline.html", context)


def _entries(
    events: Iterable[Event], proposal: Proposal, parts: Iterable[Assignment], *, user: Any
) -> list[Entry]:
    person = person_of(user)
    assembly = proposal.session.assembly_id
    # The present part of a department goes before one that has ended.
    of_department = {part.department_id: part.pk for part in sorted(parts, key=_ended_first)}
    replies = Reply.objects.visible_to(user).filter(proposal=proposal).order_by()
    seen_replies = set(replies.values_list("pk", flat=True))
    entries = []
    for event in events:
        links = []
        if event.reply_id in seen_replies:
            links.append((str(_("Reply")), _address("reply", event.reply_id)))
        if event.department_id in of_department:
            part = of_department[event.department_id]
            links.append((str(_("Assignment")), _address("assignment", part)))
        is_open = reads_all(event, person, assembly=assembly)
        who = (event.actor.get_full_name() or event.actor.get_username()) if event.actor else ""
        entries.append(Entry(event, who, facts_of(event.details, is_open=is_open), links))
    return entries


def _ended_first(part: Assignment) -> bool:
    return part.ended_on is None


def _address(model: str, key: Any) -> str:
    return reverse(f"admin:proposals_{model}_change", args=[key])


def facts_of(details: dict[str, Any], *, is_open: bool) -> list[tuple[str, str]]:
    """What an event's details tell, in words; what is confidential only where it may be read."""
    return [
        (str(label), words)
        for key, label in LABELS.items()
        if (is_open or key not in CONFIDENTIAL) and (words := _words(key, details.get(key)))
    ]


def _words(key: str, value: Any) -> str:
    if not value:
        return ""
    if key == "role" and value in Assignment.Role:
        return str(Assignment.Role(value).label)
    if key == "ground" and value in Ground:
        return str(Ground(value).label)
    if key == "mode" and value in Proposal.Disclosure:
        return str(Proposal.Disclosure(value).label)
    if key == "until":
        day = parse_date(value)
        return date_format(day) if day else str(value)
    if isinstance(value, dict):
        # Dates counted again: what they were, beside the fields that "changed" names.
        return "、".join(str(day) for day in value.values() if day)
    if key == "changed":
        return "、".join(dict.fromkeys(_name_of(name) for name in value))
    return str(value)


@cache
def _names() -> dict[str, Any]:
    return {model._meta.model_name or "": model for model in apps.get_models()}


def _name_of(changed: str) -> str:
    """`proposal.title` as the form names it; a row that was added by what it is."""
    model_name, _dot, field = changed.partition(".")
    model = _names().get(model_name.split(" ")[0])
    if model is None:
        return changed
    try:
        return str(capfirst(model._meta.get_field(field).verbose_name))
    except FieldDoesNotExist:
        return str(capfirst(model._meta.verbose_name))
