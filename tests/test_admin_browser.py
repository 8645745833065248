"""The admin as it stands in a clerk's browser: no page is wider than the screen."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AbstractUser
from playwright.sync_api import expect

from tests import world
from tests.admin_pages import change_address
from tests.sitting import Sit, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def chief() -> AbstractUser:
    return world.make_user("chief", is_superuser=True)


def test_a_promise_with_its_reports_fits_the_screen(sit: Sit) -> None:
    promise = world.make_sent_promise()
    promise.report("in_progress", on=world.SENT_ON, text="已建成12座。" * 40)
    page = sit(chief(), at=change_address(promise))
    expect(page.get_by_text("已建成12座。").first).to_be_visible()
    fits(page)


def test_a_long_title_does_not_run_under_the_buttons(sit: Sit) -> None:
    reply = world.make_reply(title="关于进一步加强学校周边公交出行服务保障工作的建议的答复" * 4)
    page = sit(chief(), at=change_address(reply))
    title = page.locator("#content > h2").bounding_box()
    buttons = page.locator(".object-tools").bounding_box()
    assert title and buttons
    assert title["y"] + title["height"] <= buttons["y"]
