"""The desk of a deputy as it stands in a browser: on a phone, in the dark, in large text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications.models import Message
from proposals.models import Proposal
from tests.deputy_world import ask_word, make_desk, make_handled, make_told
from tests.sitting import DESK, PHONE, Sit, fits, is_for_all
from tests.world import make_assignment, make_department, make_feedback, make_proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("desk", "proposal", "letter", "draft", "sent back")
# The smallest side of what a finger meets, in CSS pixels: of the bar and of every button.
TOUCH = 40


@pytest.fixture
def addresses(settings, tmp_path) -> dict[str, str]:
    """A deputy's desk with something of everything on it."""
    settings.MEDIA_ROOT = tmp_path
    today, lin = timezone.localdate(), make_desk()
    world = make_handled(lin)
    make_told(world)
    make_feedback(world.reply, deputy=lin, due_on=today + timedelta(days=4))
    ask_word(world.promise, lin, due_on=today + timedelta(days=12))
    unsubmitted = {"sponsor": lin, "submitted_on": None, "state": Proposal.State.DRAFT}
    draft = make_proposal("9001", title="关于规范电动自行车充电设施建设的建议", **unsubmitted)
    back = make_proposal("9002", sponsor=lin, state=Proposal.State.SENT_BACK)
    late = make_proposal("0456", sponsor=lin, title="关于完善异地就医备案流程的建议")
    make_assignment(
        late,
        department=make_department("云平市医疗保障局"),
        due_on=today - timedelta(days=4),
        assigned_on=today - timedelta(days=90),
    )
    Message.objects.create(
        recipient=lin.user, kind="replied", key="k", subject="第0123号建议收到答复", text="."
    )
    own = f"/desk/proposals/{world.proposal.key}/"
    return {
        "desk": "/desk/",
        "proposal": own,
        "letter": f"{own}replies/1/",
        "draft": f"/desk/proposals/{draft.key}/",
        "sent back": f"/desk/proposals/{back.key}/",
    }


@pytest.fixture
def open_page(sit: Sit, addresses) -> Callable[..., Page]:
    """Opens the page of that name as 林秀兰."""

    def open_page(name: str, width: int = DESK, **facts) -> Page:
        return sit(make_desk().user, width, at=addresses[name], **facts)

    return open_page


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out_of_any_page(open_page, name, width):
    is_for_all(open_page(name, width, bypass_csp=True))


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("name", PAGES)
def test_in_large_text_every_page_stays_in_its_width_and_open_to_all(open_page, name, locale):
    page = open_page(name, PHONE, locale=locale, bypass_csp=True)
    fits(page)
    page.check("#size-large")
    fits(page)
    is_for_all(page)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_a_finger_meets_the_bar_and_every_button(open_page, name):
    small = open_page(name, PHONE).evaluate(
        """(least) => [...document.querySelectorAll(
                '.nav a, .ownbar :is(a, button), .button, .tabs a')]
            .filter((each) => each.getBoundingClientRect().height < least)
            .map((each) => each.textContent.trim())""",
        TOUCH,
    )
    assert small == []


def test_the_switch_for_large_text_is_the_first_control_after_the_name_of_the_site(open_page):
    page = open_page("desk", PHONE)
    for _step in range(3):
        page.keyboard.press("Tab")
    switch = page.locator("#size-large")
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()


def test_from_the_desk_to_the_rating_and_to_a_promise_by_the_keyboard(open_page, addresses):
    page = open_page("desk")
    button = page.locator(".waits .button").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{addresses['letter']}rate/")

    page = open_page("letter")
    note = page.locator("#c1-note summary")
    note.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#c1-note .proofs")).to_be_visible()
    expect(page.locator("#c1-note .proofs")).to_contain_text("已建成八座。")


def test_every_page_works_without_scripts(open_page):
    for name in PAGES:
        page = open_page(name, PHONE, java_script_enabled=False)
        expect(page.locator("h1")).to_have_count(1)


def test_a_paper_is_downloaded_and_never_shown(open_page):
    page = open_page("proposal")
    with page.expect_download() as download:
        page.locator(".files a").click()
    assert download.value.suggested_filename == "照片.pdf"


def test_a_letter_prints_as_the_letter(open_page):
    page = open_page("letter")
    page.emulate_media(media="print")
    expect(page.locator(".letter")).to_be_visible()
    for part in (".asks", ".ownbar", ".masthead", ".notes"):
        expect(page.locator(part).first).to_be_hidden()
