"""The history of a row: who, when, which field, before and after; for those who see the page."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.rights import Role
from clerkadmin import history
from proposals.admin.disclosure_moves import DISCLOSURE
from proposals.models import Proposal, Reply
from tests import world
from tests.admin_pages import change_address
from tests.test_nothing_lost import form_of, move_form, move_page, signed_in

pytestmark = pytest.mark.django_db


def history_address(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])


def entries(client: Client, row: Model, **asked: object) -> list[history.Entry]:
    return client.get(history_address(row), asked).context["entries"]


def changed(entry: history.Entry) -> dict[str, tuple[str, str]]:
    """By label: what was taken out, what was put in."""
    return {
        change.label: (
            "".join(piece.text for piece in change.pieces if piece.kind == "out"),
            "".join(piece.text for piece in change.pieces if piece.kind == "in"),
        )
        for change in entry.changes
    }


def test_every_change_has_who_when_before_and_after() -> None:
    clerk = signed_in(Role.CLERK, "wangmin")
    reply = world.make_reply()
    address = change_address(reply)
    clerk.post(address, form_of(clerk, address, contact_person="陈立"))
    entry = entries(clerk, reply)[0]
    assert entry.who == "wangmin"
    assert entry.when is not None
    assert changed(entry) == {"联系人": ("王敏", "陈立")}


def test_links_to_many_are_told_by_their_names() -> None:
    clerk = signed_in(Role.CLERK)
    reply = world.make_reply()
    finance = world.make_department("云平市财政局")
    address = change_address(reply)
    clerk.post(address, form_of(clerk, address, co_handlers=[finance.pk]))
    told = [changed(entry) for entry in entries(clerk, reply)]
    assert any(str(finance) in put_in for fields in told for _out, put_in in fields.values())


def test_a_move_is_told_by_its_label() -> None:
    office = signed_in(Role.DEPUTIES_OFFICE)
    reply = world.make_published_reply()
    address = move_page(reply, "withdraw")
    office.post(address, move_form(office, address, reason="涉密"))
    reply.refresh_from_db()
    assert not reply.is_published
    entry = entries(office, reply)[0]
    assert entry.what == str(next(one.label for one in DISCLOSURE if one.name == "withdraw"))
    assert entry.who == Role.DEPUTIES_OFFICE.value


def test_who_does_not_see_the_row_does_not_see_its_history() -> None:
    finance = world.make_department("云平市财政局")
    stranger = Client()
    stranger.force_login(world.make_member(Role.CLERK, "stranger", department=finance))
    reply = world.make_reply()
    missing = history_address(reply).replace(f"/{reply.pk}/", "/999999/")
    answers = [stranger.get(address) for address in (history_address(reply), missing)]
    assert {answer.status_code for answer in answers} == {404}


def test_only_fields_that_the_page_shows_are_told() -> None:
    clerk = signed_in(Role.CLERK)
    reply = world.make_reply()
    reply.reading = {"secret": "ZX-PLANTED"}
    reply.save()
    assert "ZX-PLANTED" not in clerk.get(history_address(reply)).content.decode()


def test_a_long_history_comes_in_pages_and_asks_no_more_often() -> None:
    clerk = signed_in(Role.CLERK)
    reply = world.make_reply()
    asked = []
    for rounds in (3, history.A_PAGE * 2):
        for number in range(rounds):
            reply.contact_person = f"第{number}人{rounds}"
            reply.save()
        with CaptureQueriesContext(connection) as queries:
            page = clerk.get(history_address(reply))
        asked.append(len(queries))
    assert asked[1] <= asked[0] <= 16
    first, following = page.context["entries"], page.context["following"]
    second = entries(clerk, reply, before=following)
    assert len(first) == history.A_PAGE
    assert first[-1].when > second[0].when
    assert clerk.get(history_address(reply), {"before": "x'"}).status_code == 200


def test_rows_that_came_in_as_a_fixture_can_be_changed(tmp_path) -> None:
    reply = world.make_reply()
    file = tmp_path / "reply.json"
    call_command("dumpdata", "proposals.reply", output=str(file))
    Reply.history.all().delete()
    call_command("loaddata", str(file))
    assert reply.history.count() == 0
    clerk = signed_in(Role.CLERK)
    address = change_address(reply)
    mine = form_of(clerk, address, text="甲")
    loaded = Reply.objects.get(pk=reply.pk)
    loaded.text = "乙"
    loaded.save()
    answer = clerk.post(address, mine)
    assert answer.status_code == 200
    told = {one.name: one.mine for one in answer.context["adminform"].form.conflict.differences}
    assert told == {"text": "甲"}


def test_change_pages_ask_little_more_for_it() -> None:
    """The marks cost nothing, a draft one question."""
    clerk = signed_in(Role.CLERK)
    proposal = world.make_proposal()
    world.make_assignment(proposal)
    assert Proposal.objects.get().version == 1
    page = change_address(world.make_reply(proposal))
    clerk.get(page)
    with CaptureQueriesContext(connection) as queries:
        clerk.get(page)
    own = [query["sql"] for query in queries if "clerkadmin_" in query["sql"]]
    assert len(own) == 1
    with CaptureQueriesContext(connection) as queries:
        clerk.get(reverse("admin:proposals_reply_changelist"))
    assert not [query for query in queries if "clerkadmin_" in query["sql"]]
