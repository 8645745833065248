"""The public pages as they stand in a browser: notes beside sentences, print, phone, no script."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.public_world import (
    make_assembly,
    make_block,
    make_proposal,
    make_reply,
    make_run,
    make_update,
)
from tests.sitting import DESK, PHONE, Sit, arrived, click, fits, is_for_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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
# Of the one that is not there, the browser says so.
FORGIVEN = {"missing": "404"}
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


def tops_and_bottoms(page) -> list[tuple[float, float]]:
    """The notes from top to bottom, in the order of their numbers."""
    boxes = [note.bounding_box() for note in page.locator(".note").all()]
    return [(box["y"], box["y"] + box["height"]) for box in boxes]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_has_a_barrier(world, sit: Sit, width):
    for name, address in PAGES.items():
        facts = {"forgiven": FORGIVEN.get(name, ""), "bypass_csp": True}
        page = sit(None, width, at=address, **facts)
        is_for_all(page)
        page.context.close()


def test_no_page_is_wider_than_a_phone(world, sit: Sit):
    for name, address in PAGES.items():
        page = sit(None, PHONE, at=address, forgiven=FORGIVEN.get(name, ""))
        fits(page)
        page.check("#size-large")
        fits(page)
        page.context.close()


def test_the_content_policy_lets_every_page_through(world, sit: Sit):
    # What the browser complains of fails the test.
    for name, address in PAGES.items():
        page = sit(at=address, forgiven=FORGIVEN.get(name, ""))
        expect(page.locator("h1")).to_be_visible()
        page.context.close()


def test_a_number_in_the_letter_leads_to_its_note_and_the_note_back(world, sit: Sit):
    page = sit(at=REPLY)
    page.click("#c2 a.no")
    arrived(page, "#c2-note")
    expect(page.locator("#c2-note")).to_be_visible()
    page.click("#c2-note > a.no")
    arrived(page, "#c2")


def test_a_note_stands_beside_its_sentence(world, sit: Sit):
    page = sit(at=REPLY)
    sentence, note = (page.locator(name).bounding_box() for name in ("#c1", "#c1-note"))
    assert note["x"] > sentence["x"] + sentence["width"]
    assert abs(note["y"] - sentence["y"]) < 24


def test_notes_keep_clear_of_each_other_when_their_sentences_share_a_line(world, sit: Sit):
    page = sit(at=REPLY)
    for _state in ("folded", "open"):
        spans = tops_and_bottoms(page)
        assert len(spans) == len(STATES)
        for (_top, bottom), (top, _bottom) in zip(spans, spans[1:], strict=False):
            assert top >= bottom
        page.evaluate("document.querySelectorAll('.note details').forEach(d => d.open = true)")


def test_a_letter_of_seventy_promises_has_its_notes_in_order(sit: Sit):
    paragraphs = [
        make_block("paragraph", make_run(f"第{number}项工作年内完成。" * 3, "commitment", number))
        for number in range(1, 71)
    ]
    make_reply(make_proposal("0123"), promises=70, document={"blocks": paragraphs})
    spans = tops_and_bottoms(sit(at=REPLY))
    assert len(spans) == 70
    for (_top, bottom), (top, _bottom) in zip(spans, spans[1:], strict=False):
        assert top >= bottom


def test_on_a_phone_the_notes_of_a_paragraph_follow_it(world, sit: Sit):
    page = sit(None, PHONE, at=REPLY)
    paragraph = page.locator(".para > p").bounding_box()
    first = page.locator("#c1-note").bounding_box()
    assert first["y"] >= paragraph["y"] + paragraph["height"]
    assert first["x"] >= 0 and first["x"] + first["width"] <= PHONE


def test_in_print_the_letter_stands_without_notes_and_numbers(world, sit: Sit):
    page = sit(at=REPLY)
    page.emulate_media(media="print")
    for name in [".masthead", ".foot", ".crumbs", "#c1-note", "#c1 a.no", ".aside"]:
        expect(page.locator(name).first).to_be_hidden()
    expect(page.locator(".letter")).to_be_visible()
    expect(page.locator("#c1")).to_have_css("text-decoration-line", "none")


@pytest.mark.parametrize("name", ["proposal", "reply"])
def test_who_reads_in_the_dark_prints_black_on_white_and_no_menu(world, sit: Sit, name: str):
    page = sit(at=PAGES[name], color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert max(int(part) for part in re.findall(r"\d+", ink)) < 64
    expect(page.locator(".masthead")).to_be_hidden()


def test_in_print_the_date_stays_with_the_department_that_signs(world, sit: Sit):
    page = sit(at=REPLY)
    page.emulate_media(media="print")
    breaks = "all => all.map(sign => getComputedStyle(sign).breakAfter)"
    assert page.eval_on_selector_all(".letter-sign", breaks) == ["avoid", "auto"]


def test_the_short_cells_of_the_figures_stay_on_one_line(world, sit: Sit):
    page = sit(at=REPLY)
    height = "all => all.map(cell => cell.getClientRects()[0].height)"
    cells = page.eval_on_selector_all(".figures thead th, .figures tbody td", height)
    assert len(cells) == 7 and max(cells) < 50


def test_in_large_text_on_a_phone_the_menu_stands_in_two_full_rows(world, sit: Sit):
    page = sit(None, PHONE, at="/")
    page.check("#size-large")
    tops = page.eval_on_selector_all(".nav li", "all => all.map(li => li.offsetTop)")
    assert [tops.count(top) for top in sorted(set(tops))] == [3, 2]


def test_a_long_title_breaks_before_its_last_word_and_not_within(world, sit: Sit):
    title = "关于进一步加大力度支持专精特新中小企业研发投入和成果转化工作的建议"
    make_proposal("0789", title=title)
    for width in (PHONE, 390, 414, 600, DESK):
        page = sit(None, width, at="/proposals/yunping/14-3/0789/")
        lines = page.evaluate(
            """() => {
                const text = document.querySelector("h1").lastChild, range = new Range();
                range.selectNodeContents(text);
                return [text.textContent, range.getClientRects().length];
            }"""
        )
        assert lines == ["建议", 1]


def test_light_dark_and_large_text_work_without_a_script(world, sit: Sit):
    page = sit(at="/", java_script_enabled=False, color_scheme="light")
    light, size = style_of(page, "backgroundColor"), style_of(page, "fontSize")
    page.check("#theme-dark")
    page.check("#size-large")
    body = page.locator("body")
    expect(body).not_to_have_css("background-color", light)
    expect(body).not_to_have_css("font-size", size)


def style_of(page: Page, name: str) -> str:
    return page.evaluate("name => getComputedStyle(document.body)[name]", name)


def test_the_choice_of_dark_and_large_is_remembered_on_the_next_page(world, sit: Sit):
    page = sit(at="/", color_scheme="light")
    page.check("#theme-dark")
    page.check("#size-large")
    click(page, ".nav a >> nth=4")
    expect(page.locator("#theme-dark")).to_be_checked()
    expect(page.locator("#size-large")).to_be_checked()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.check("#theme-system")
    page.reload()
    expect(page.locator("#theme-system")).to_be_checked()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))


def test_without_a_script_a_visitor_can_search_filter_and_read(world, sit: Sit):
    page = sit(None, PHONE, at="/", java_script_enabled=False)
    page.fill("#q", "0123")
    with page.expect_navigation():
        page.press("#q", "Enter")
    click(page, ".rows h3 a")
    click(page, "#replies + .rows h3 a")
    arrived(page, REPLY)
    page.click("#c1-note summary")
    expect(page.get_by_text("已签约2所。")).to_be_visible()
    page.goto("/commitments/")
    page.click(".filters > summary")
    page.select_option("#state", "overdue")
    click(page, ".filters form button")
    expect(page).to_have_url(re.compile("state=overdue"))
    expect(page.locator(".rows > li")).to_have_count(1)


def test_the_keyboard_reaches_the_content_first(world, sit: Sit):
    page = sit(at="/proposals/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    arrived(page, "#main")


def test_the_language_switch_changes_the_page_in_place(world, sit: Sit):
    page = sit(at="/help/")
    click(page, ".language button[value=en]")
    arrived(page, "/help/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title(re.compile("^How to read this site"))


def test_the_headline_breaks_between_its_phrases(world, sit: Sit):
    for width in (PHONE, 600, DESK):
        page = sit(None, width, at="/")
        heights = page.eval_on_selector_all(
            ".phrase", "all => all.map(e => e.getClientRects()[0].height)"
        )
        assert max(heights) < 60
