"""What is said of a letter in the admin stays tied to its words."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.admin_pages import change_address, filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(world.make_user("chief", is_superuser=True))
    return client


def test_a_promise_is_tied_to_the_words_of_its_letter(clerk: Client) -> None:
    reply = world.make_reply()
    add = reverse("admin:measures_commitment_add")
    data = {"reply": reply.pk, "lead_department": reply.department_id, "strength": "firm"}
    wrong = clerk.post(add, filled_in(clerk, add, **data, text="建成地铁。"))
    assert "text" in wrong.context["adminform"].form.errors
    assert clerk.post(add, filled_in(clerk, add, **data, text=world.COMMITMENT)).status_code == 302
    promise = reply.commitments.get()
    assert reply.text[promise.start : promise.end] == world.COMMITMENT
    assert promise.number == 1


def test_mending_a_letter_keeps_its_promises_tied(clerk: Client) -> None:
    reply = world.make_reply()
    promise = world.make_commitment(reply)
    address = change_address(reply)
    mended = reply.text.replace("收悉", "已收悉")
    assert clerk.post(address, filled_in(clerk, address, text=mended)).status_code == 302
    promise.refresh_from_db()
    reply.refresh_from_db()
    assert reply.text[promise.start : promise.end] == promise.text
    lost = filled_in(clerk, address, text="全文另行印发。")
    assert "text" in clerk.post(address, lost).context["adminform"].form.errors


def test_the_text_of_a_sent_letter_is_locked(clerk: Client) -> None:
    reply = world.make_reply()
    reply.record_sent(on=world.SENT_ON)
    address = change_address(reply)
    clerk.post(address, filled_in(clerk, address, text="改过的全文"))
    reply.refresh_from_db()
    assert reply.text == world.LETTER
