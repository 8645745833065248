"""Two clerks press the button at the same moment: one writes, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.rights import Role
from departments.models import Department
from proposals.models import Proposal
from tests import world
from tests.admin_pages import change_address
from tests.deputy_world import make_desk
from tests.test_nothing_lost import form_of, move_form, move_page, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def together(*deeds: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Do all of these at once, each on its own connection; what each was answered."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            start.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result() for future in [pool.submit(do, deed) for deed in deeds]]


def test_of_two_who_save_at_once_one_is_told() -> None:
    clients = [signed_in(Role.CLERK, name) for name in ("first", "second")]
    for number in range(ROUNDS):
        reply = world.make_reply(world.make_proposal(f"70{number}"))
        address = change_address(reply)
        forms = [
            form_of(client, address, text=f"由{name}写。")
            for client, name in zip(clients, ("甲", "乙"), strict=True)
        ]
        answers = together(
            *(
                partial(client.post, address, form)
                for client, form in zip(clients, forms, strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        reply.refresh_from_db()
        saved = [answer.status_code for answer in answers].index(302)
        assert reply.text == forms[saved]["text"]
        told = answers[1 - saved].context["adminform"].form
        assert told.conflict is not None
        assert told["text"].value() == forms[1 - saved]["text"]


def test_a_form_sent_twice_at_once_is_saved_once() -> None:
    chief = world.make_user("chief", is_superuser=True)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(chief)
    add = "/admin/departments/department/add/"
    for number in range(ROUNDS):
        data = form_of(clients[0], add, name=f"云平市第{number}局", slug=f"第{number}局")
        answers = together(*(partial(client.post, add, data) for client in clients))
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer.url for answer in answers}) == 1
        assert Department.objects.filter(slug=f"第{number}局").count() == 1


def test_a_move_sent_twice_at_once_is_made_once() -> None:
    office = world.make_member(Role.DEPUTIES_OFFICE)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(office)
    for number in range(ROUNDS):
        reply = world.make_published_reply(world.make_proposal(f"60{number}"))
        address = move_page(reply, "withdraw")
        data = move_form(clients[0], address, reason="涉密")
        answers = together(*(partial(client.post, address, data) for client in clients))
        assert {answer.status_code for answer in answers} == {302}
        assert reply.proposal.events.filter(kind="reply_withdrawn").count() == 1


def test_two_windows_that_begin_a_proposal_at_once_open_one_draft() -> None:
    world.make_session()
    deputy = make_desk()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(deputy.user)
    answers = together(*(partial(client.post, reverse("desk:write")) for client in clients))
    assert len({answer.url for answer in answers}) == 1
    assert Proposal.objects.count() == 1
