"""The deputies' words are theirs: what they wrote on their desk no office changes."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from assemblies.models import Deputy
from proposals import registering, submitting
from proposals.models import Proposal
from tests import world
from tests.admin_pages import change_address, filled_in
from tests.test_bulk import bring_in, csv_of, exported, faults, page, upload
from tests.test_submitting import TEXTS, lead, make_draft, with_account  # noqa: F401

pytestmark = pytest.mark.django_db
OTHER = {
    "title": "关于拆除候车亭的建议",
    "reason": "别的理由",
    "request": "别的要求",
    "wished_handler": "市财政局",
}


@pytest.fixture
def handed_in(lead: Deputy) -> Proposal:  # noqa: F811
    """What 林秀兰 wrote on her desk and handed in."""
    proposal = make_draft(lead, reason="候车学生超过两千人。\n没有候车亭。\n")
    submitting.submit(proposal, by=lead.user)
    return proposal


def as_role(client: Client, role: Role) -> Client:
    client.force_login(world.make_member(role))
    return client


def words_of(proposal: Proposal) -> dict[str, str]:
    return Proposal.objects.values(*TEXTS).get(pk=proposal.pk)


@pytest.mark.parametrize("is_registered", [False, True])
@pytest.mark.parametrize("who", ["office", "superuser"])
def test_nobody_changes_what_deputies_wrote_on_their_desk(client, handed_in, who, is_registered):
    if is_registered:
        registering.register(handed_in, number="0301", on=timezone.localdate())
    if who == "office":
        as_role(client, Role.DEPUTIES_OFFICE)
    else:
        client.force_login(world.make_user("chief", is_superuser=True))
    address, before = change_address(handed_in), words_of(handed_in)
    shown = client.get(address)
    assert not set(shown.context["adminform"].form.fields) & set(TEXTS)
    assert submitting.why_not_reword(handed_in) in shown.content.decode()
    assert TEXTS["title"] in shown.content.decode()
    # The rest of the page is the office's, and a forged form changes no more than that.
    topic = world.make_topic("城乡建设")
    forged = filled_in(client, address, topic=topic.pk, **OTHER)
    assert client.post(address, forged).status_code == 302
    assert words_of(handed_in) == before
    assert Proposal.objects.get().topic == topic


def test_what_a_clerk_typed_in_stays_correctable(client):
    typed = Proposal(session=world.make_session(), kind="suggestion", title="关于侯车亭的建议")
    registering.submit(typed, on=world.OPENED_ON)
    as_role(client, Role.DEPUTIES_OFFICE)
    address = change_address(typed)
    assert client.post(address, filled_in(client, address, **OTHER)).status_code == 302
    assert words_of(typed) == OTHER


def test_no_sheet_changes_what_deputies_wrote(client, handed_in):
    as_role(client, Role.DEPUTIES_OFFICE)
    registering.register(handed_in, number="0301", on=timezone.localdate())
    before = words_of(handed_in)
    answer = client.get(page("proposals_proposal", "export", "csv"))
    headings, row = exported(answer)[:2]
    # As it went out it comes back, though a sheet drops the line end at the foot of a text.
    world.make_topic("城乡建设")
    row[headings.index("领域")] = "城乡建设"
    bring_in(client, "proposals_proposal", headings, row)
    assert words_of(handed_in) == before
    assert Proposal.objects.get().topic.name == "城乡建设"
    for heading, words in (("标题", OTHER["title"]), ("具体建议", OTHER["request"])):
        other = [
            words if name == heading else cell for name, cell in zip(headings, row, strict=True)
        ]
        told = faults(upload(client, "proposals_proposal", csv_of(headings, other)))
        assert [submitting.why_not_reword(handed_in) in fault for fault in told] == [True]
    assert words_of(handed_in) == before


def test_a_sheet_names_those_who_stand_under_it_alone(client, lead):  # noqa: F811
    proposal = make_draft(lead)
    signed, declined, silent = (with_account(name) for name in ("周建国", "吴敏", "孙梅"))
    submitting.ask(proposal, [signed, declined, silent], by=lead.user)
    submitting.confirm(proposal.sponsorships.get(deputy=signed))
    submitting.decline(proposal.sponsorships.get(deputy=declined))
    submitting.submit(proposal, by=lead.user)
    as_role(client, Role.DEPUTIES_OFFICE)
    headings, row = exported(client.get(page("proposals_proposal", "export", "csv")))
    named = dict(zip(headings, row, strict=True))
    assert (named["领衔人"], named["联名人"]) == ("林秀兰", "周建国")


def test_private_words_are_pointed_out_while_they_can_still_be_changed(client, lead):  # noqa: F811
    proposal = make_draft(lead, reason="请联系住户陈先生，电话13800138000。")
    client.force_login(lead.user)
    doubts = client.get(reverse("desk:submit", args=[proposal.key])).context["doubts"]
    assert "13800138000" in " ".join(map(str, doubts))
    submitting.submit(proposal, by=lead.user)
    as_role(client, Role.DEPUTIES_OFFICE)
    address = page("proposals_proposal", "move", "register")
    assert "13800138000" in str(client.get(address, {"ids": proposal.pk}).context["rows"])
