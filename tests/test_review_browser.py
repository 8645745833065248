"""A letter's whole way by the keyboard alone: read in, reviewed, signed off, published.

And the two pages of intake as they stand in a browser: for all, on a desk and on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.rights import Role
from demo.accounts import PASSWORD
from intake.models import FieldCorrection, LetterDraft
from proposals.models import Proposal, Reply
from tests import world
from tests.sitting import DESK, PHONE, Sit, arrived, click, fits, is_for_all, press, tab_to
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTER = (Path(__file__).parent / "letters" / "texts" / "seed.txt").read_text("utf-8")
TITLE = "关于加大对“专精特新”中小企业研发支持力度的建议"
SPLIT_AT = "引导人才就近前往人才服务窗口"


@pytest.fixture
def demo() -> None:
    call_command("demo", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115


@pytest.fixture
def sit_down(sit: Sit) -> Callable[..., Page]:
    """A browser of somebody's own, signed in by the keyboard, at the desk."""

    def sit_down(username: str, width: int = DESK, **facts) -> Page:
        page = sit(None, width, at=reverse("admin:index"), **facts)
        tab_to(page, "#id_username")
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        press(page, "#id_password")
        arrived(page, reverse("admin:index"))
        return page

    return sit_down


@pytest.fixture
def desk(sit: Sit) -> Callable[..., Page]:
    """The browser of a clerk who has signed in."""

    def desk(width: int = DESK, **facts) -> Page:
        return sit(world.make_member(Role.CLERK), width, **facts)

    return desk


def read_in(page: Page) -> None:
    """The letter's page is opened, and its review is on the screen."""
    page.goto(reverse("admin:intake_letterdraft_read"))
    hand_in(page)


def hand_in(page: Page) -> None:
    """The letter is pasted and read."""
    tab_to(page, "#f-text")
    page.keyboard.insert_text(LETTER)
    press(page, "form.reading button.button")


def move(page: Page, row: Proposal | Reply, name: str, **typed: str) -> None:
    """One of the moves of a row's page, with what its form asks for."""
    page.goto(reverse(f"admin:proposals_{row._meta.model_name}_change", args=[row.pk]))
    press(page, f'a[href*="/move/{name}/"]')
    for field, text in typed.items():
        tab_to(page, f"#id_{field}")
        page.keyboard.insert_text(text)
    press(page, '.submit-row input[type="submit"]')


def test_a_letter_is_read_in_and_published_by_the_keyboard_alone(demo, sit_down) -> None:
    page = sit_down("clerk")
    press(page, f'a[href="{reverse("admin:intake_letterdraft_read")}"]')
    hand_in(page)

    # One field is corrected.
    tab_to(page, "#f-proposal-0-title")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(TITLE)
    # One commitment is split.
    entry = page.locator("#promises ~ ul > li", has_text=SPLIT_AT)
    at = entry.get_attribute("id").removeprefix("e-")
    tab_to(page, f"#e-{at} .adjust > summary")
    page.keyboard.press("Enter")
    tab_to(page, f"#e-{at}-cut")
    places = page.locator(f"#e-{at}-cut option").all_inner_texts()
    for _each in range(next(n for n, words in enumerate(places) if f"┃ {SPLIT_AT[:8]}" in words)):
        page.keyboard.press("ArrowDown")
    press(page, f'button[value="split:{at}"]')
    press(page, 'button[value="accept"]')

    reply = Reply.objects.select_related("proposal__session__assembly").latest("pk")
    arrived(page, reverse("admin:proposals_reply_change", args=[reply.pk]))
    assert reply.proposal.title == TITLE
    fields = FieldCorrection.objects.filter(draft__reply=reply).values_list("field", flat=True)
    assert {"proposal_title", "item_split"} <= set(fields)

    move(sit_down("reviewer"), reply, "review")
    reply.refresh_from_db()
    assert reply.state == Reply.State.SENT

    office = sit_down("congress")
    move(office, reply.proposal, "publish")
    move(office, reply, "publish", reason="内容涉及公众利益，可以公开。")

    reply.refresh_from_db()
    assert reply.is_published
    session = reply.proposal.session
    answer = office.goto(
        reverse(
            "public:reply",
            args=[session.assembly.slug, session.key, reply.proposal.number, reply.key],
        )
    )
    assert answer is not None and answer.ok
    assert TITLE in office.locator("main").inner_text().replace("\n", "")
    first, second = reply.commitments.filter(text__contains="驿站").order_by("number")
    assert second.text.startswith(SPLIT_AT)
    for half in (first, second):
        expect(office.locator(f"#c{half.number}")).to_have_count(1)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_both_pages_are_for_all_and_no_wider_than_the_screen(desk, width) -> None:
    page = desk(width, bypass_csp=True)
    page.goto(reverse("admin:intake_letterdraft_read"))
    fits(page)
    is_for_all(page)
    read_in(page)
    fits(page)
    is_for_all(page)


def test_what_is_typed_is_kept_without_any_button(desk) -> None:
    page = desk()
    read_in(page)
    tab_to(page, "#f-signatory")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("翁玉瑶")
    expect(page.locator("#kept")).not_to_be_empty()
    draft = LetterDraft.objects.latest("pk")
    assert draft.entry["values"]["signatory"] == "翁玉瑶"


def opened(page: Page) -> LetterDraft:
    """The letter pasted, its review on the screen, and another signatory typed."""
    read_in(page)
    page.locator("#f-signatory").fill("翁玉瑶")
    return LetterDraft.objects.latest("pk")


def test_what_was_typed_a_moment_before_the_page_is_left_is_kept(desk) -> None:
    page = desk()
    draft = opened(page)
    page.goto(reverse("admin:index"))
    wait_until(lambda: LetterDraft.objects.get(pk=draft.pk).entry)
    draft.refresh_from_db()
    assert draft.entry["values"]["signatory"] == "翁玉瑶"
    assert [item["start"] for item in draft.entry["items"]]


def test_a_button_pressed_while_typing_is_being_kept_conflicts_with_nobody(desk) -> None:
    page = desk()
    draft = opened(page)
    page.evaluate(
        """() => {
            const send = fetch;
            window.fetch = async (...all) => {
                const answer = await send(...all);
                document.body.dataset.underway = "yes";
                await new Promise((done) => addEventListener("submit", () => setTimeout(done)));
                return answer;
            };
        }"""
    )
    page.locator("body[data-underway]").wait_for()
    click(page, "button[name=do][value=later]")
    arrived(page, reverse("admin:intake_letterdraft_changelist"))
    draft.refresh_from_db()
    assert draft.entry["values"]["signatory"] == "翁玉瑶"


def test_a_field_shows_where_it_was_read_and_a_selection_becomes_an_entry(desk) -> None:
    page = desk()
    read_in(page)
    tab_to(page, "#f-signatory")
    expect(page.locator("#letter .shown")).to_have_text("翁玉耀")
    page.locator("#letter .promise-said").first.click()
    expect(page.locator(":focus")).to_have_class(re.compile(r"\bitem\b"))
    page.evaluate(
        """() => {
            const run = document.querySelector('#letter .letter-closing span');
            getSelection().selectAllChildren(run.parentElement);
        }"""
    )
    expect(page.locator("#f-added")).not_to_have_value("")
