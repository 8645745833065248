"""What can be followed: only what is public at the moment of asking, from public tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from following.models import Follow
from public.choices import Choices, filter_choices
from public.filters import ProposalFilter
from public.models import PublicDepartment, PublicProposal
from public.words import joined

VALUE_AT_MOST = 2000


@dataclass(frozen=True)
class Target:
    """Something public: `value` is how a follow keeps it, `words` how a reader calls it.

    `asked` is how a mail calls it that nobody may have asked for: no word of it is a visitor's own.
    """

    kind: str
    value: str
    words: str
    asked: str
    url: str
    feed: str
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
        (kind, row.path): Target(
            kind, row.path, name, name, row.get_absolute_url(), row.get_feed_url(), row
        )
        for row in rows
        for name in (name_of(row),)
    }


def _departments(slugs: set[str]) -> Found:
    if not slugs:
        return {}
    kind, found = Follow.Kind.DEPARTMENT.value, {}
    for row in PublicDepartment.objects.filter(pk__in=slugs):
        feed = reverse("public:department_feed", args=[row.slug])
        names = (row.name, row.name)
        found[kind, row.slug] = Target(kind, row.slug, *names, row.get_absolute_url(), feed, row)
    return found


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
    if len(search.query) > VALUE_AT_MOST:
        return None
    return Target(
        Follow.Kind.SEARCH,
        search.query,
        _called(search.told()),
        _called(search.told(typed=_("certain words"))),
        _narrowed("public:proposals", search.query),
        _narrowed("public:proposals_feed", search.query),
        search,
    )


def _called(conditions: list[str]) -> str:
    if not conditions:
        return _("All proposals")
    return _("Proposals: %(conditions)s") % {"conditions": joined(conditions)}


def _narrowed(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}" if query else reverse(name)


def name_of(proposal: PublicProposal) -> str:
    """A proposal in one line: of which session, its number, its title."""
    return _("%(session)s, No. %(number)s: %(title)s") % {
        "session": proposal.session.label,
        "number": proposal.number,
        "title": proposal.title,
    }
