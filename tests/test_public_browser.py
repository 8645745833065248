"""The public pages as they stand in a browser: notes beside sentences, print, phone, no script."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests.public_world import (
    make_assembly,
    make_block,
    make_proposal,
    make_reply,
    make_run,
    make_update,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = 375, 1280
REPLY = "/proposals/yunping/14-3/0123/replies/1/"
PAGES = {
    "home": "/",
    "list": "/proposals/",
    "search": "/proposals/?q=职业&session=xx",
    "proposal": "/proposals/yunping/14-3/0123/",
    "reply": REPLY,
    "commitments": "/commitments/",
    "commitment": "/commitments/yunping-14-3-0123-1-c1/",
    "departments": "/departments/",
    "department": "/departments/education/",
    "deputies": "/deputies/",
    "deputy": "/deputies/d1/",
    "help": "/help/",
    "missing": "/nowhere/",
    "design": "/design/",
}
STATES = [
    "confirmed",
    "fulfilled",
    "in_progress",
    "recorded",
    "rescheduled",
    "disputed",
    "impossible",
    "in_progress",
]


@pytest.fixture
def world(settings):
    """A letter with one promise of each look, and a proposal that nobody has answered."""
    settings.ROOT_URLCONF = "tests.debug_urls"
    make_assembly(is_demo=True)
    today = timezone.localdate()
    updates = [make_update("2025-09-01", "in_progress", text="已签约2所。", evidence_title="公告")]
    states = {
        number: {
            "state": state,
            "kept_on": date(2025, 9, 1) if state in ("confirmed", "fulfilled") else None,
            "document": {"updates": updates if number == 1 else []},
        }
        for number, state in enumerate(STATES, start=1)
    }
    states[8]["due_on"] = today - timedelta(days=30)
    make_proposal("0456")
    return make_reply(make_proposal("0123"), promises=len(STATES), states=states)


@pytest.fixture
def open_page(browser, live_server):
    """Opens a page of the site; a message in the browser's console fails the test."""
    contexts = []

    def open_page(address: str, width: int = DESK, *, quiet: bool = True, **facts):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, **{"locale": "zh-CN", **facts}
        )
        contexts.append(context)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{live_server.url}{address}")
        if quiet:
            assert not said
        return page

    yield open_page
    for context in contexts:
        context.close()


def tops_and_bottoms(page) -> list[tuple[float, float]]:
    """The notes from top to bottom, in the order of their numbers."""
    boxes = [note.bounding_box() for note in page.locator(".note").all()]
    return [(box["y"], box["y"] + box["height"]) for box in boxes]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_has_a_barrier(world, open_page, width, scheme):
    for name, address in PAGES.items():
        page = open_page(address, width, color_scheme=scheme, bypass_csp=True, quiet=False)
        found = Axe().run(page)
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        page.context.close()


def test_no_page_is_wider_than_a_phone(world, open_page):
    for name, address in PAGES.items():
        page = open_page(address, PHONE, quiet=name != "missing")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
        page.check("#size-large")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, f"{name}, large"


def test_the_content_policy_lets_every_page_through(world, open_page):
    for name, address in PAGES.items():
        open_page(address, quiet=name != "missing")


def test_a_number_in_the_letter_leads_to_its_note_and_the_note_back(world, open_page):
    page = open_page(REPLY)
    page.click("#c2 a.no")
    assert page.url.endswith("#c2-note")
    assert page.locator("#c2-note").is_visible()
    page.click("#c2-note > a.no")
    assert page.url.endswith("#c2")


def test_a_note_stands_beside_its_sentence(world, open_page):
    page = open_page(REPLY)
    sentence, note = (page.locator(name).bounding_box() for name in ("#c1", "#c1-note"))
    assert note["x"] > sentence["x"] + sentence["width"]
    assert abs(note["y"] - sentence["y"]) < 24


def test_notes_keep_clear_of_each_other_when_their_sentences_share_a_line(world, open_page):
    page = open_page(REPLY)
    for _state in ("folded", "open"):
        spans = tops_and_bottoms(page)
        assert len(spans) == len(STATES)
        for (_top, bottom), (top, _bottom) in zip(spans, spans[1:], strict=False):
            assert top >= bottom
        page.evaluate("document.querySelectorAll('.note details').forEach(d => d.open = true)")


def test_a_letter_of_seventy_promises_has_its_notes_in_order(open_page):
    paragraphs = [
        make_block("paragraph", make_run(f"第{number}项工作年内完成。" * 3, "commitment", number))
        for number in range(1, 71)
    ]
    make_reply(make_proposal("0123"), promises=70, document={"blocks": paragraphs})
    spans = tops_and_bottoms(open_page(REPLY))
    assert len(spans) == 70
    for (_top, bottom), (top, _bottom) in zip(spans, spans[1:], strict=False):
        assert top >= bottom


def test_on_a_phone_the_notes_of_a_paragraph_follow_it(world, open_page):
    page = open_page(REPLY, PHONE)
    paragraph = page.locator(".para > p").bounding_box()
    first = page.locator("#c1-note").bounding_box()
    assert first["y"] >= paragraph["y"] + paragraph["height"]
    assert first["x"] >= 0 and first["x"] + first["width"] <= PHONE


def test_in_print_the_letter_stands_without_notes_and_numbers(world, open_page):
    page = open_page(REPLY)
    page.emulate_media(media="print")
    for name in [".masthead", ".foot", ".crumbs", "#c1-note", "#c1 a.no", ".aside"]:
        assert not page.locator(name).first.is_visible(), name
    assert page.locator(".letter").is_visible()
    assert page.locator("#c1").evaluate("e => getComputedStyle(e).textDecorationLine") == "none"


def test_in_print_the_date_stays_with_the_department_that_signs(world, open_page):
    page = open_page(REPLY)
    page.emulate_media(media="print")
    breaks = "all => all.map(sign => getComputedStyle(sign).breakAfter)"
    assert page.eval_on_selector_all(".letter-sign", breaks) == ["avoid", "auto"]


def test_the_short_cells_of_the_figures_stay_on_one_line(world, open_page):
    page = open_page(REPLY)
    height = "all => all.map(cell => cell.getClientRects()[0].height)"
    cells = page.eval_on_selector_all(".figures thead th, .figures tbody td", height)
    assert len(cells) == 7 and max(cells) < 50


def test_in_large_text_on_a_phone_the_menu_stands_in_two_full_rows(world, open_page):
    page = open_page("/", PHONE)
    page.check("#size-large")
    tops = page.eval_on_selector_all(".nav li", "all => all.map(li => li.offsetTop)")
    assert [tops.count(top) for top in sorted(set(tops))] == [3, 2]


def test_a_long_title_breaks_before_its_last_word_and_not_within(world, open_page):
    title = "关于进一步加大力度支持专精特新中小企业研发投入和成果转化工作的建议"
    make_proposal("0789", title=title)
    for width in (PHONE, 390, 414, 600, DESK):
        page = open_page("/proposals/yunping/14-3/0789/", width)
        lines = page.evaluate(
            """() => {
                const text = document.querySelector("h1").lastChild, range = new Range();
                range.selectNodeContents(text);
                return [text.textContent, range.getClientRects().length];
            }"""
        )
        assert lines == ["建议", 1]


def test_light_dark_and_large_text_work_without_a_script(world, open_page):
    page = open_page("/", java_script_enabled=False, color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light, size = page.evaluate(ground), page.evaluate("getComputedStyle(document.body).fontSize")
    page.check("#theme-dark")
    page.check("#size-large")
    assert page.evaluate(ground) != light
    assert page.evaluate("getComputedStyle(document.body).fontSize") != size


def test_the_choice_of_dark_and_large_is_remembered_on_the_next_page(world, open_page):
    page = open_page("/", color_scheme="light")
    page.check("#theme-dark")
    page.check("#size-large")
    page.click(".nav a >> nth=4")
    assert page.is_checked("#theme-dark") and page.is_checked("#size-large")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.check("#theme-system")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme || ''") == ""


def test_without_a_script_a_visitor_can_search_filter_and_read(world, open_page):
    page = open_page("/", PHONE, java_script_enabled=False)
    page.fill("#q", "0123")
    page.press("#q", "Enter")
    page.click(".rows h3 a")
    page.click("#replies + .rows h3 a")
    page.click("#c1-note summary")
    assert page.get_by_text("已签约2所。").is_visible()
    page.goto(page.url.split("/proposals/")[0] + "/commitments/")
    page.click(".filters > summary")
    page.select_option("#state", "overdue")
    page.click(".filters form button")
    assert page.locator(".rows > li").count() == 1


def test_the_keyboard_reaches_the_content_first(world, open_page):
    page = open_page("/proposals/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_the_language_switch_changes_the_page_in_place(world, open_page):
    page = open_page("/help/")
    page.click(".language button[value=en]")
    assert page.url.endswith("/help/")
    assert page.get_attribute("html", "lang") == "en"
    assert page.title().startswith("How to read this site")


def test_the_headline_breaks_between_its_phrases(world, open_page):
    for width in (PHONE, 600, DESK):
        page = open_page("/", width)
        heights = page.eval_on_selector_all(
            ".phrase", "all => all.map(e => e.getClientRects()[0].height)"
        )
        assert max(heights) < 60
