"""Everybody walks through every address of the admin: no error, no forbidden page, no secret.

Who may open which stands in `walk_pages`. An address that is not there fails the test: say there
who may open it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver

from accounts.models import Session, SignIn
from clerkadmin.moves import WithMoves
from tests.walk_pages import (
    BESIDE_BY_ROLE,
    BESIDE_BY_ROW,
    EXPORTS,
    IMPORTS,
    LISTS,
    MOVES,
    SITE,
    Visit,
    visits,
)
from tests.walk_world import OUTSIDE, WORKING, WalkWorld, build
from tests.walker import Walker

pytestmark = pytest.mark.django_db

# Walked by tests of their own, or by the way: for anybody, and for nobody.
APART = {"login", "logout", "password_change", "autocomplete", "app_list", "file", "urge"}
OF_DJANGO = {"changelist", "add", "change", "history", "delete"}
IMPORT_PAGES = {"import", "import_template", "import_preview"}


@pytest.fixture
def walk(settings: Any, tmp_path: Any, caplog: Any) -> WalkWorld:
    # Being refused is what the walk is about: not each refusal with where it came from.
    caplog.set_level(logging.ERROR, logger="django.request")
    settings.MEDIA_ROOT = tmp_path
    return build()


def named_urls() -> set[str]:
    """The names of all addresses below /admin/."""

    def names(patterns: Any) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                yield pattern.name or f"?{pattern.pattern}"

    return set(names(admin.site.get_urls()))


def known_urls() -> set[str]:
    """The names of the addresses that this test walks."""
    known = set(SITE) | APART | {"auth_user_password_change", r"?(?P<url>.*)$"}
    for model, page in admin.site._registry.items():
        kind, prefix = model._meta.label_lower, model._meta.label_lower.replace(".", "_")
        assert kind in LISTS, f"{kind}: say in LISTS who may open it"
        beside = [*BESIDE_BY_ROLE.get(kind, ()), *BESIDE_BY_ROW.get(kind, ())]
        pages = OF_DJANGO | {name.strip("/") for name in beside}
        if isinstance(page, WithMoves):
            assert {move.name for move in page.moves} <= set(MOVES[kind]), f"{kind}: MOVES"
            pages = pages | {"move"}
        pages = pages | ({"export"} if kind in EXPORTS else set())
        pages = pages | (IMPORT_PAGES if kind in IMPORTS else set())
        known |= {f"{prefix}_{page}" for page in pages}
    # The address of a row without its page leads to that page.
    return known | {"?<path:object_id>/"}


def test_every_address_of_the_admin_is_walked():
    assert named_urls() - known_urls() == set()


@pytest.mark.parametrize("name", WORKING)
def test_who_works_here_opens_what_is_theirs_and_nothing_else(walk: WalkWorld, name: str) -> None:
    walker = Walker(walk, name)
    before = state_of_the_world()
    done: set[object] = set()
    for visit in visits(walk):
        # Where the role alone forbids it, one row stands for all of its kind; beside the page of
        # a row itself, one stands for those that the same people may open.
        if visit.like and name not in visit.role:
            equal: object = visit.like
        elif visit.like and not visit.url.endswith("/change/"):
            equal = visit.like, visit.by
        else:
            equal = visit.url
        if equal not in done:
            walker.visit(visit)
        done.add(equal)
    assert not walker.faults, "\n".join(walker.faults)
    assert state_of_the_world() == before
    # The walk would have seen a secret: it came upon the person's own.
    own = {token for token, readers in walk.tokens.items() if name in readers}
    assert len(walker.found & own) >= len(own) // 2


def state_of_the_world() -> dict[str, list[Any]]:
    """Every row of the rooms, to tell whether a forged form has changed one.

    Except those of being signed in: on a slow machine the walk takes longer than the minute after
    which it is noted that somebody is still there.
    """
    rooms = {model._meta.app_label for model in admin.site._registry}
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.app_label in rooms
        and not hasattr(model, "last_login")
        and model not in (Session, SignIn)
    }


@pytest.mark.parametrize("name", OUTSIDE)
def test_who_does_not_work_here_is_led_to_the_sign_in_page(walk: WalkWorld, name: str) -> None:
    walker = Walker(walk, name)
    for visit in [*visits(walk), Visit("/admin/nowhere/", frozenset())]:
        response = walker.get(visit.url)
        if response.status_code != 302 or "/admin/login/" not in response.url:
            walker.faults.append(f"{response.status_code} {visit.url}")
    assert not walker.faults, "\n".join(walker.faults)
    assert walker.found == set()
