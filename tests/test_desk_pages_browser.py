"""Every page of the deputies' desk as it stands in a browser: open to all, the keyboard enough.

The pages are those of the walk (`deputy_walk_pages`), where none may be missing.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.deputy_walk_pages import visits
from tests.deputy_walk_world import DEPUTIES, LEAD, build
from tests.sitting import FARTHEST, PHONE, Sit, fits, is_for_all
from tests.walker import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# They lead on: to the proposal or the letter that a message is about, and to a file.
WITHOUT_PAGE = {"desk:message", "desk:file", "desk:keep", "desk:attach", "desk:detach"}
# Marks where the focus is, and lists the controls that the page shows and the focus has not been
# on; those of one choice are one stop of the Tab key.
LEFT = """() => {
    const here = document.activeElement;
    const choice = `input[type=radio][name="${here.name}"]`;
    const stop = here.type === 'radio' ? document.querySelectorAll(choice) : [here];
    for (const each of stop) each.dataset.reached = "";
    const controls = 'a[href], button, input, select, textarea, summary';
    return [...document.querySelectorAll(controls)]
        .filter((each) => !each.disabled && each.checkVisibility() && each.ariaHidden !== 'true')
        .filter((each) => !("reached" in each.dataset))
        .map((each) => each.outerHTML);
}"""


def desk_pages() -> dict[str, tuple[Any, str]]:
    """One of each page that opens: whose it is, and its address."""
    walk = build()
    found: dict[str, tuple[Any, str]] = {}
    named = set()
    for visit in visits(walk):
        if not visit.name.startswith("desk:"):
            continue
        named.add(visit.name)
        for who in sorted(visit.by & DEPUTIES, key=lambda name: (name != LEAD, name)):
            if visit.name not in found and is_page(client_of(walk, who).get(visit.url)):
                found[visit.name] = walk.people[who], visit.url
    assert named - set(found) == WITHOUT_PAGE
    return found


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


def all_by_keyboard(page: Page) -> None:
    """The Tab key comes by each control, also by what a script has put there meanwhile."""
    left: list[str] = []
    for _each in range(FARTHEST):
        page.keyboard.press("Tab")
        left = page.evaluate(LEFT)
        if not left:
            return
    raise AssertionError((page.url, left))


def test_no_page_has_a_barrier_and_the_keyboard_comes_everywhere(sit: Sit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for user, address in desk_pages().values():
        page = sit(user, PHONE, at=address, bypass_csp=True)
        fits(page)
        all_by_keyboard(page)
        for fold in page.locator("details").all():
            fold.evaluate("element => element.open = true")
        is_for_all(page)
        page.context.close()
