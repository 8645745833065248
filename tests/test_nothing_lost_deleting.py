"""What was sent, published or merely handled is never deleted: not by the admin, not by code."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.test import Client
from django.urls import NoReverseMatch, reverse

from access.rights import STAFF, Role
from clerkadmin.models import FormDraft
from proposals.models import Event, Proposal, Reply, ReplyVersion
from public.models import PublicProposal, PublicReply
from tests import world
from tests.test_nothing_lost import signed_in

pytestmark = pytest.mark.django_db

REFUSALS = (ProtectedError, TypeError)


@pytest.fixture
def published() -> Reply:
    reply = world.make_published_reply()
    world.make_assignment(reply.proposal)
    promise = world.make_commitment(reply)
    promise.report("in_progress", on=world.PUBLISHED_ON, text="推进中")
    return reply


ROWS: dict[str, Callable[[Reply], Model]] = {
    "reply": lambda reply: reply,
    "proposal": lambda reply: reply.proposal,
    "version": lambda reply: reply.versions.get(),
    "event": lambda reply: reply.proposal.events.order_by("pk")[0],
    "department": lambda reply: reply.department,
    "session": lambda reply: reply.proposal.session,
    "assembly": lambda reply: reply.proposal.session.assembly,
    "promise": lambda reply: reply.commitments.get(),
}


@pytest.mark.parametrize("name", ROWS)
def test_no_code_deletes_what_was_sent_or_published(published: Reply, name: str) -> None:
    row = ROWS[name](published)
    with pytest.raises(REFUSALS), transaction.atomic():
        row.delete()
    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "model", [Reply, Proposal, ReplyVersion, Event], ids=lambda one: one.__name__
)
def test_nor_many_at_once(published: Reply, model: type[Model]) -> None:
    before = model._base_manager.count()
    with pytest.raises(REFUSALS), transaction.atomic():
        model._default_manager.all().delete()
    assert model._base_manager.count() == before


@pytest.mark.parametrize("role", [*STAFF, "superuser"])
def test_no_page_and_no_action_deletes_anything(published: Reply, role: str) -> None:
    client = Client()
    if role == "superuser":
        client.force_login(world.make_user("chief", is_superuser=True))
    else:
        client = signed_in(role)
    counted = {model: model._base_manager.count() for model in admin.site._registry}
    for model in admin.site._registry:
        kind = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for row in model._base_manager.all()[:3]:
            try:
                address = reverse(f"{kind}_delete", args=[row.pk])
            except NoReverseMatch:
                continue
            for asked in (client.get(address), client.post(address, {"post": "yes"})):
                assert asked.status_code in (403, 404), address
        keys = [str(key) for key in model._base_manager.values_list("pk", flat=True)[:3]]
        forged = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
        client.post(reverse(f"{kind}_changelist"), forged)
    assert {model: model._base_manager.count() for model in counted} == counted


def test_what_is_withdrawn_is_gone_from_the_public_at_once_and_kept_inside(
    published: Reply,
) -> None:
    assert PublicReply.objects.exists()
    published.withdraw(on=world.PUBLISHED_ON, reason="涉密")
    assert not PublicReply.objects.exists()
    published.proposal.refresh_from_db()
    published.proposal.withhold(on=world.PUBLISHED_ON, reason="涉密")
    assert not PublicProposal.objects.exists()
    assert published.versions.exists()
    assert published.proposal.events.exists()


def test_an_account_goes_with_its_drafts_and_not_with_what_it_has_done() -> None:
    clerk = world.make_member(Role.CLERK)
    FormDraft.objects.create(user=clerk, path="/admin/proposals/reply/add/", data={})
    reply = world.make_reply()
    reply.history.update(history_user=clerk)
    clerk.delete()
    assert not FormDraft.objects.exists()
    assert reply.history.count() == 1
