"""The form on paper: for the deputy who is asked, and for the office with one sheet for each."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from access.rights import Role
from proposals.models import Reply
from tests import world
from tests.admin_pages import change_address, move
from tests.deputy_world import make_desk, signed_in

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
DUE = date(2026, 6, 20)


@pytest.fixture
def reply() -> Reply:
    """Sent to 林秀兰, who is asked to rate it by a date; 周建国 co-signed."""
    lin = make_desk()
    proposal = world.make_proposal(sponsor=lin)
    world.make_sponsorship(proposal, make_desk("周建国"))
    for label in ("满意", "基本满意", "不满意"):
        world.make_rating(label)
    world.make_office(Role.DEPUTIES_OFFICE)
    reply = world.make_reply(proposal, document_number="云交函〔2026〕15号")
    world.make_commitment(reply)
    reply.record_sent(on=world.SENT_ON)
    world.make_feedback(reply, deputy=lin, due_on=DUE)
    return reply


def form_of(reply: Reply) -> str:
    return f"/desk/proposals/{reply.proposal.key}/replies/{reply.key}/form/"


def test_everything_that_is_signed_stands_on_the_deputys_sheet(reply) -> None:
    page = signed_in(make_desk()).get(form_of(reply), headers=EN).content.decode()
    for said in (
        "0123",
        reply.proposal.title,
        "云平市交通运输局",
        "云交函〔2026〕15号",
        "林秀兰",
        "城关代表团",
        world.COMMITMENT,
        "June 20, 2026",
        "云平市人大常委会代表工作委员会",
        "Signature",
    ):
        assert said in page, said
    # A box of each step for the process, and one for the result; two for each promise.
    for step in ("满意", "基本满意", "不满意"):
        assert page.count(f'lang="zh-Hans">{step}</span>') == 2
    assert page.count('<article class="form-sheet"') == 1


def test_the_office_prints_a_sheet_for_everybody_who_rates(reply) -> None:
    world.make_rules(every_deputy_rates=True)
    client = Client()
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    letter = client.get(change_address(reply)).content.decode()
    address = f"/admin/proposals/reply/{reply.pk}/form/"
    assert address in letter
    page = client.get(address).content.decode()
    assert page.count('<article class="form-sheet"') == 2
    assert "林秀兰" in page
    assert "周建国" in page


def test_no_rating_and_no_reason_of_anybody_stands_on_it(reply) -> None:
    feedback = reply.feedback.get()
    feedback.state, feedback.rated_on = "returned", DUE
    feedback.result_rating = world.make_rating("不满意")
    feedback.save()
    page = signed_in(make_desk()).get(form_of(reply)).content.decode()
    assert "checked" not in page
    assert "周建国" not in page


def test_in_the_admin_it_is_there_for_whom_the_letter_is_there(reply) -> None:
    school = world.make_department("云平市教育局")
    other = Client()
    other.force_login(world.make_member(Role.CLERK, "qian", department=school))
    address = f"/admin/proposals/reply/{reply.pk}/form/"
    assert other.get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert signed_in(make_desk()).get(address).status_code in (302, 404)


def test_a_rating_said_to_be_on_paper_without_its_scan_is_told_on_the_next_look(reply) -> None:
    client = Client()
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    facts = {
        "deputy": make_desk().pk,
        "result": world.make_rating("满意").pk,
        "on_paper": "on",
    }
    assert move(client, reply, "rate", **facts).status_code == 302
    page = client.get(
        f"/admin/proposals/reply/move/rate/?ids={reply.pk}", headers=EN
    ).content.decode()
    assert "No scan of the signed form is kept: 林秀兰" in page
