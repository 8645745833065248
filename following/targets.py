"""What can be followed: only what is public at the moment of asking, from public tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from following.models import Follow
from public.choices import Choices, filter_choices
from public.filters import ProposalFilter
from public.models import PublicDepartment, PublicProposal

VALUE_AT_MOST = 2000
# What the conditions of the list are called on its page.
CONDITIONS: dict[str, str | Promise] = {
    "q": gettext_lazy("Words of the title, or number"),
    "assembly": gettext_lazy("Assembly"),
    "session": gettext_lazy("Session"),
    "topic": gettext_lazy("Topic"),
    "department": gettext_lazy("Department"),
    "role": gettext_lazy("Its role"),
    "category": gettext_lazy("Category of the reply"),
    "status": gettext_lazy("Status"),
    "promises": gettext_lazy("Promises"),
}


@dataclass(frozen=True)
class Target:
    """Something public: `value` is how a follow keeps it, `words` how a reader calls it."""

    kind: str
    value: str
    words: str
    url: str
    row: PublicProposal | PublicDepartment | ProposalFilter


def find(kind: str, value: str) -> Target | None:
    """What is meant; None for what is not public, which is answered like what is not there."""
    return find_all([(kind, value)])[0]


def find_all(asked: Sequence[tuple[str, str]]) -> list[Target | None]:
    """What each of these pairs of kind and value means: three queries, however many they are."""
    wanted: dict[str, set[str]] = {kind: set() for kind in Follow.Kind.values}
    for kind, value in asked:
        if kind in wanted and len(value) <= VALUE_AT_MOST and "\0" not in value:
            wanted[kind].add(value)
    found = {
        **_proposals(wanted[Follow.Kind.PROPOSAL]),
        **_departments(wanted[Follow.Kind.DEPARTMENT]),
        **_searches(wanted[Follow.Kind.SEARCH]),
    }
    return [found.get(pair) for pair in asked]


def targets_of(follows: Sequence[Follow]) -> list[Target | None]:
    """What each follow means now; None where it is not public any more.

    A search of which a condition is gone is none: it would be another search.
    """
    return find_all([(follow.kind, follow.target) for follow in follows])


Found = dict[tuple[str, str], Target]


def _proposals(paths: set[str]) -> Found:
    if not paths:
        return {}
    rows = PublicProposal.objects.select_related("session").filter(path__in=paths)
    kind = Follow.Kind.PROPOSAL.value
    return {
        (kind, row.path): Target(kind, row.path, name_of(row), row.get_absolute_url(), row)
        for row in rows
    }


def _departments(slugs: set[str]) -> Found:
    if not slugs:
        return {}
    rows = PublicDepartment.objects.filter(pk__in=slugs)
    kind = Follow.Kind.DEPARTMENT.value
    return {
        (kind, row.slug): Target(kind, row.slug, row.name, row.get_absolute_url(), row)
        for row in rows
    }


def _searches(queries: set[str]) -> Found:
    if not queries:
        return {}
    choices = filter_choices()
    targets = ((query, _search(query, choices)) for query in queries)
    return {(Follow.Kind.SEARCH.value, query): target for query, target in targets if target}


def _search(query: str, choices: dict[str, Choices]) -> Target | None:
    """A search whose every condition is understood: what is dropped would be a wider search."""
    rows = PublicProposal.objects.select_related("session").defer("document")
    search = ProposalFilter(
        QueryDict(query.removeprefix("?")), rows, choices=choices, today=timezone.localdate()
    )
    if search.form.errors:
        return None
    asked = {name: value for name, value in search.asked.items() if name in CONDITIONS}
    value = urlencode(sorted(asked.items()))
    if len(value) > VALUE_AT_MOST:
        return None
    url = reverse("public:proposals") + (f"?{value}" if value else "")
    return Target(Follow.Kind.SEARCH, value, _search_words(search, asked), url, search)


def _search_words(search: ProposalFilter, asked: dict[str, Any]) -> str:
    """The conditions in a row, each by its name."""
    said = []
    for name, word in CONDITIONS.items():
        if name in asked:
            choices = dict(search.filters[name].extra.get("choices", ()))
            value = choices.get(asked[name], asked[name])
            said.append(_("%(name)s: %(value)s") % {"name": word, "value": value})
    return " · ".join(said) or _("All proposals")


def name_of(proposal: PublicProposal) -> str:
    """A proposal in one line: of which session, its number, its title."""
    return _("%(session)s, No. %(number)s: %(title)s") % {
        "session": proposal.session.label,
        "number": proposal.number,
        "title": proposal.title,
    }
