"""The pages of following in a browser: without barriers, on a phone, without a script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.following_world import EMAIL, ask, follow, follows, links, mails
from tests.public_world import make_assembly, make_proposal
from tests.test_public_browser import DESK, PHONE, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "yunping/14-3/0123"


@pytest.fixture
def proposal():
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_of_following_has_a_barrier(proposal, open_page, width, scheme):  # noqa: F811
    for name, address in addresses().items():
        page = open_page(address, width, color_scheme=scheme, bypass_csp=True, quiet=False)
        found = Axe().run(page)
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        page.check("#size-large")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if name == "follow":
            page.click("main .button")
            found = Axe().run(page)
            assert not found.violations_count, f"error: {found.generate_report()}"
        page.context.close()


def test_a_visitor_follows_and_ends_it_without_a_script(proposal, open_page):  # noqa: F811
    page = open_page(proposal.get_absolute_url(), PHONE, java_script_enabled=False)
    page.click("a[href^='/follow/?proposal=']")
    page.fill("input[type=email]", "nobody")
    page.click("main .button")
    error = page.locator("#id_email_error")
    assert error.is_visible()
    assert "id_email_error" in (page.get_attribute("#id_email", "aria-describedby") or "")

    page.fill("input[type=email]", EMAIL)
    page.press("input[type=email]", "Enter")
    assert page.url.endswith("/follow/asked/")
    page.goto(page.url.replace("/follow/asked/", links(mails()[0])[0]))
    page.click("main form button")
    assert follows() == [PATH]
    assert page.locator("[role=status]").is_visible()

    page.click("main .rows button")
    assert follows() == []
    assert page.locator("h1").is_visible()


def test_the_content_policy_lets_the_pages_of_following_through(proposal, open_page):  # noqa: F811
    # What the browser's console says against a page fails it, when the pages are closed.
    for address in addresses().values():
        assert open_page(address).locator("h1").is_visible(), address
