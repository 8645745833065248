"""The admin as it stands in a clerk's browser: no page is wider than the screen."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests import world
from tests.admin_pages import change_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}


@pytest.fixture
def desk(browser: Browser, live_server):
    """The chief clerk's browser, already signed in."""
    client = Client()
    client.force_login(world.make_user("chief", is_superuser=True))
    context = browser.new_context(viewport=DESK, base_url=live_server.url)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    context.add_cookies([cookie])
    yield context.new_page()
    context.close()


def test_a_promise_with_its_reports_fits_the_screen(desk: Page) -> None:
    promise = world.make_sent_promise()
    promise.report("in_progress", on=world.SENT_ON, text="已建成12座。" * 40)
    desk.goto(change_address(promise))
    assert desk.get_by_text("已建成12座。").first.is_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= DESK["width"]


def test_a_long_title_does_not_run_under_the_buttons(desk: Page) -> None:
    reply = world.make_reply(title="关于进一步加强学校周边公交出行服务保障工作的建议的答复" * 4)
    desk.goto(change_address(reply))
    title = desk.locator("#content > h2").bounding_box()
    buttons = desk.locator(".object-tools").bounding_box()
    assert title and buttons
    assert title["y"] + title["height"] <= buttons["y"]
