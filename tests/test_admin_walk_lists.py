"""Filters, orders, actions and choices of the admin's lists show nobody what is not theirs."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from tests.walk_pages import LISTS, start_of, who
from tests.walk_world import (
    ADMINISTRATOR,
    ASSIGNING,
    HELPER,
    OFFICE,
    STRANGER,
    SUPERVISOR,
    WalkWorld,
    build,
)
from tests.walker import Walker

pytestmark = pytest.mark.django_db

# For what differs by the role alone: those whose rows are fewest.
ONE_OF_EACH_ROLE = (STRANGER, HELPER, OFFICE, ASSIGNING, SUPERVISOR, ADMINISTRATOR)


@pytest.fixture
def walk(settings: Any, tmp_path: Any, caplog: Any) -> WalkWorld:
    # Being refused is what the walk is about: not each refusal with where it came from.
    caplog.set_level(logging.ERROR, logger="django.request")
    settings.MEDIA_ROOT = tmp_path
    return build()


@pytest.mark.parametrize("name", ONE_OF_EACH_ROLE)
def test_filters_orders_and_actions_of_every_list_keep_to_what_is_theirs(
    walk: WalkWorld, name: str
) -> None:
    walker = Walker(walk, name)
    for model in admin.site._registry:
        if name in who(LISTS[model._meta.label_lower]):
            _walk_list(walker, model)
    assert not walker.faults, "\n".join(walker.faults)


def _walk_list(walker: Walker, model: type[Model]) -> None:
    start = start_of(model)
    page = walker.get(start).context
    listed = page["cl"]
    # Everybody uses every filter; its choices are dealt out among those who have the list.
    readers = who(LISTS[model._meta.label_lower])
    dealt = [name for name in ONE_OF_EACH_ROLE if name in readers]
    turn = dealt.index(walker.name)
    asked = [
        choice["query_string"]
        for spec in listed.filter_specs
        for at, choice in enumerate(spec.choices(listed))
        if at == 1 or at % len(dealt) == turn
    ]
    asked += ["?o=1.2.-3.4.5.6", "?q=0123", "?q=%00", "?all=", "?p=99999"]
    asked += ["?_popup=1", "?_to_field=id", "?password__startswith=p"]
    asked += ["?_changelist_filters=state%3Ddraft"]
    for query in dict.fromkeys(asked):
        walker.get(f"{start}{query}")
    keys = list(model._default_manager.values_list("pk", flat=True))
    form = page.get("action_form")
    for action, _label in form.fields["action"].choices if form else ():
        if action:
            response = walker.post(start, action=action, _selected_action=keys)
            if response.status_code == 302:
                walker.get(response.url)


@pytest.mark.parametrize("name", ONE_OF_EACH_ROLE)
def test_choices_while_typing_keep_to_what_is_theirs(walk: WalkWorld, name: str) -> None:
    walker = Walker(walk, name)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation:
                label = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                walker.get(f"{reverse('admin:autocomplete')}?{label}&field_name={field.name}&term=")
    assert not walker.faults, "\n".join(walker.faults)
