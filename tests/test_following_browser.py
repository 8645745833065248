"""The pages of following in a browser: without barriers, on a phone, without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.following_world import EMAIL, ask, follow, follows, links, mails
from tests.public_world import make_assembly, make_proposal
from tests.sitting import DESK, PHONE, Sit, arrived, click, fits, is_for_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "yunping/14-3/0123"


@pytest.fixture
def proposal(settings):
    settings.EMAIL_CONFIGURED = True
    make_assembly(is_demo=True)
    return make_proposal("0123", title="关于进一步加大力度支持专精特新中小企业研发投入的建议")


def addresses() -> dict[str, str]:
    """Every page of following, with something to show."""
    follow("department=education")
    manage = follow("search=topic%3D%E6%95%99%E8%82%B2")
    ask(f"proposal={PATH}")
    return {
        "follow": f"/follow/?proposal={PATH}",
        "asked": "/follow/asked/",
        "confirm": links(mails()[-1])[0],
        "manage": manage,
        "end": f"{manage}end/",
        "help": "/help/#follow",
    }


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_of_following_has_a_barrier(proposal, sit: Sit, width):
    for name, address in addresses().items():
        page = sit(None, width, at=address, bypass_csp=True)
        is_for_all(page)
        page.check("#size-large")
        fits(page)
        if name == "follow":
            click(page, "main .button")
            expect(page.locator("#id_email_error")).to_be_visible()
            is_for_all(page)
        page.context.close()


def test_a_visitor_follows_and_ends_it_without_a_script(proposal, sit: Sit):
    page = sit(None, PHONE, at=proposal.get_absolute_url(), java_script_enabled=False)
    click(page, "a[href^='/follow/?proposal=']")
    page.fill("input[type=email]", "nobody")
    click(page, "main .button")
    expect(page.locator("#id_email_error")).to_be_visible()
    told_by = re.compile("id_email_error")
    expect(page.locator("#id_email")).to_have_attribute("aria-describedby", told_by)

    page.fill("input[type=email]", EMAIL)
    page.press("input[type=email]", "Enter")
    arrived(page, "/follow/asked/")
    page.goto(links(mails()[0])[0])
    click(page, "main form button")
    expect(page.locator("[role=status]")).to_be_visible()
    assert follows() == [PATH]

    click(page, "main .rows button")
    expect(page.locator("h1")).to_be_visible()
    assert follows() == []


def test_the_content_policy_lets_the_pages_of_following_through(proposal, sit: Sit):
    # What the browser complains of fails the test.
    for address in addresses().values():
        expect(sit(at=address).locator("h1")).to_be_visible()
