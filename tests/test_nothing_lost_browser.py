"""Two browsers on one letter; what is typed is kept while it is typed; a phone is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from access.rights import Role
from clerkadmin.models import FormDraft
from tests import world
from tests.admin_pages import change_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
Desk = Callable[..., Page]


@pytest.fixture
def desk_of(browser: Browser, live_server) -> Iterator[Desk]:
    """A browser in which that account is signed in."""
    contexts = []

    def open_desk(username: str, viewport: dict[str, int] = DESK) -> Page:
        client = Client()
        client.force_login(world.make_member(Role.CLERK, username))
        context = browser.new_context(viewport=viewport, base_url=live_server.url)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        return context.new_page()

    yield open_desk
    for context in contexts:
        context.close()


def test_two_browsers_edit_one_letter_and_nothing_is_lost(desk_of: Desk) -> None:
    reply = world.make_reply()
    first, second = desk_of("first"), desk_of("second")
    for page, words in ((first, "甲方修改"), (second, "乙方修改")):
        page.goto(change_address(reply))
        page.locator("#id_text").fill(f"{words}：{world.LETTER}")
    first.locator("[name=_save]").click()
    expect(first.locator(".messagelist .success")).to_be_visible()
    reply.refresh_from_db()
    assert reply.text.startswith("甲方修改")

    second.locator("[name=_save]").click()
    told = second.locator(".conflict")
    expect(told).to_contain_text("甲方修改")
    expect(told).to_contain_text("乙方修改")
    expect(told).to_contain_text("first")
    assert second.locator("#id_text").input_value().startswith("乙方修改")
    reply.refresh_from_db()
    assert reply.text.startswith("甲方修改")

    second.locator("[name=_save]").click()
    expect(second.locator(".messagelist .success")).to_be_visible()
    reply.refresh_from_db()
    assert reply.text.startswith("乙方修改")
    assert reply.history.filter(text__startswith="甲方修改").exists()


def test_what_is_typed_is_kept_while_it_is_typed_and_taken_up_again(desk_of: Desk) -> None:
    reply = world.make_reply()
    page = desk_of("first")
    page.goto(change_address(reply))
    page.wait_for_timeout(600)
    page.locator("#id_signatory").fill("陈立")
    expect(page.locator(".autosave")).not_to_be_empty(timeout=15000)
    assert FormDraft.objects.get().data["fields"]["signatory"] == ["陈立"]

    page.goto(change_address(reply))
    assert page.locator("#id_signatory").input_value() == "陈志远"
    page.locator(".kept-notice a.button").click()
    assert page.locator("#id_signatory").input_value() == "陈立"
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    reply.refresh_from_db()
    assert reply.signatory == "陈立"
    assert not FormDraft.objects.exists()


def test_what_was_typed_a_moment_before_the_page_is_left_is_kept(desk_of: Desk) -> None:
    reply = world.make_reply()
    page = desk_of("first")
    page.goto(change_address(reply))
    page.wait_for_timeout(600)
    page.locator("#id_signatory").fill("陈立")
    page.goto("/admin/")
    page.goto(change_address(reply))
    expect(page.locator(".kept-notice")).to_be_visible()


def test_an_untouched_page_keeps_nothing(desk_of: Desk) -> None:
    page = desk_of("first")
    page.goto(change_address(world.make_reply()))
    page.wait_for_timeout(3500)
    page.goto("/admin/")
    assert not FormDraft.objects.exists()


def test_forms_conflicts_and_history_fit_a_phone(desk_of: Desk) -> None:
    reply = world.make_reply()
    phone = desk_of("first", PHONE)
    address = change_address(reply)
    pages = [address, f"{address}../history/", "/admin/proposals/reply/", "/admin/drafts/"]
    for place in pages:
        phone.goto(place)
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], place
    phone.goto(address)
    phone.locator("#id_text").fill("乙方修改：" + world.LETTER)
    reply.text = "甲方修改：" + reply.text
    reply.save()
    phone.locator("[name=_save]").click()
    expect(phone.locator(".conflict")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
