"""What was written and asked before a proposal was handed in: its deputies' own, then and later."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from access.rights import Role
from assemblies.models import Deputy
from proposals import registering, submitting
from proposals.models import Event, Proposal
from tests import world
from tests.admin_pages import change_address, filled_in
from tests.test_bulk import exported
from tests.test_submitting import TEXTS, lead, make_draft, with_account  # noqa: F401

pytestmark = pytest.mark.django_db
CROSSED_OUT, WORDS, DECLINED, SILENT = "被划掉的一句话", "数据还不够充分", "周建国", "吴敏"
HIDDEN = (CROSSED_OUT, WORDS, DECLINED, SILENT)
READERS = (Role.DEPUTIES_OFFICE, Role.ASSIGNING_OFFICE, Role.SUPERVISOR, Role.CLERK)


@pytest.fixture
def handed_in(lead: Deputy) -> Proposal:  # noqa: F811
    """Written twice; of three who were asked one has signed, one declined, one said nothing."""
    proposal = make_draft(lead, reason=f"{TEXTS['reason']}{CROSSED_OUT}")
    asked = [with_account(name) for name in ("郑海", DECLINED, SILENT)]
    submitting.ask(proposal, asked, by=lead.user)
    names = {name.deputy.name: name for name in submitting.co_sponsors(proposal)}
    submitting.decline(names[DECLINED], words=WORDS, by=asked[1].user)
    submitting.change(proposal, reason=TEXTS["reason"], by=lead.user)
    submitting.confirm(names["郑海"], by=asked[0].user)
    submitting.submit(proposal, by=lead.user)
    registering.register(proposal, number="0123", on=proposal.submitted_on)
    return proposal


def reader(role: Role) -> Client:
    client = Client()
    client.force_login(world.make_member(role))
    return client


@pytest.mark.parametrize("role", READERS)
def test_no_page_tells_what_a_draft_said_or_who_did_not_sign(handed_in: Proposal, role: Role):
    client = reader(role)
    world.make_assignment(handed_in)
    page = change_address(handed_in)
    told = [reverse("admin:proposals_event_change", args=[row.pk]) for row in Event.objects.all()]
    pages = [page, page.replace("change", "history"), page.replace("change", "timeline"), *told]
    assert "郑海" in client.get(page).text
    for address in pages:
        text = client.get(address).text
        assert [words for words in HIDDEN if words in text] == [], address


def test_a_forged_version_does_not_bring_back_what_a_draft_said(handed_in: Proposal):
    client = reader(Role.DEPUTIES_OFFICE)
    page = change_address(handed_in)
    for version in range(1, handed_in.version):
        answer = client.post(page, filled_in(client, page, version=version, reason="改过的"))
        assert CROSSED_OUT not in answer.text


def test_no_sheet_names_who_did_not_sign_and_no_search_finds_them(handed_in: Proposal):
    client = reader(Role.DEPUTIES_OFFICE)
    rows = exported(client.get(reverse("admin:proposals_proposal_export", args=["csv"])))
    assert "郑海" in str(rows)
    assert [name for name in (DECLINED, SILENT) if name in str(rows)] == []
    page = reverse("admin:proposals_proposal_changelist")
    assert handed_in.title in client.get(page, {"q": "郑海"}).text
    assert handed_in.title not in client.get(page, {"q": DECLINED}).text


def test_its_own_deputy_still_reads_who_was_asked_and_compares_two_windows(handed_in: Proposal):
    lead_sponsor = handed_in.sponsorships.get(role="lead").deputy
    client = Client()
    client.force_login(lead_sponsor.user)
    assert DECLINED in client.get(reverse("desk:proposal", args=[handed_in.key])).text
    draft = make_draft(lead_sponsor)
    submitting.change(draft, reason=CROSSED_OUT, by=lead_sponsor.user)
    edit = reverse("desk:edit", args=[draft.key])
    answer = client.post(edit, {**TEXTS, "reason": "另一窗口", "version": "1"})
    assert CROSSED_OUT in answer.text and "另一窗口" in answer.text
