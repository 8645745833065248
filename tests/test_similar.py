"""While a deputy writes a title: what was proposed before, and what became of it."""

from datetime import date

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from proposals.models import Proposal
from tests.world import (
    PUBLISHED_ON,
    make_assignment,
    make_category,
    make_commitment,
    make_deputy,
    make_proposal,
    make_published_reply,
    make_reply,
    make_session,
    make_sponsorship,
    make_user,
)

pytestmark = pytest.mark.django_db
TITLE = "关于改善学校周边公交出行的建议"
SCRIPT = {"X-Requested-With": "fetch"}
# The session, the account, and where it sits.
DOOR = 3


def make_deputy_account(name: str = "周建国", username: str = "zhou") -> AbstractUser:
    deputy = make_deputy(name)
    deputy.user = make_user(username, is_staff=False)
    deputy.save()
    return deputy.user


@pytest.fixture
def zhou(client: Client) -> Client:
    client.force_login(make_deputy_account())
    return client


def ask(client: Client, title: str = TITLE, **facts: str) -> str:
    address = reverse("desk:similar")
    response = client.get(address, {"title": title, **facts}, headers=SCRIPT)
    assert response.status_code == 200
    return response.content.decode()


def make_own_draft(title: str = TITLE) -> Proposal:
    draft = Proposal.objects.create(
        session=make_session(), title=title, state="draft", kind="suggestion"
    )
    make_sponsorship(draft, make_deputy("周建国"), role="lead")
    return draft


def test_an_earlier_proposal_is_shown_with_what_became_of_it(zhou):
    proposal = make_proposal()
    make_assignment(proposal)
    reply = make_reply(proposal, category=make_category())
    make_commitment(reply)
    make_published_reply(proposal)
    text = ask(zhou, "学校周边公交")
    assert f'<a href="/proposals/yunping/14-3/0123/" target="_blank">{TITLE}</a>' in text
    for words in ("0123", "市人大十四届三次会议", "市交通运输局", "B", "承诺"):
        assert words in text
    assert 'class="state state-moving"' in text
    assert "<html" not in text


def test_the_same_stands_on_a_page_for_those_without_scripts(zhou):
    make_proposal().publish(on=PUBLISHED_ON)
    page = zhou.get(reverse("desk:similar"), {"title": TITLE})
    text = page.content.decode()
    assert "<html" in text and f'value="{TITLE}"' in text
    assert "/proposals/yunping/14-3/0123/" in text
    assert "no-store" in page["Cache-Control"]


def test_nothing_found_is_said_in_words(zhou):
    make_proposal().publish(on=PUBLISHED_ON)
    text = ask(zhou, "加装电梯")
    assert "<p" in text and "/proposals/" not in text
    assert ask(zhou, "加装电梯") != ask(zhou, "")


def test_at_most_five_are_shown(zhou):
    for number in range(7):
        make_proposal(f"02{number:02}").publish(on=PUBLISHED_ON)
    assert ask(zhou).count("<li") == 5


def test_what_others_have_not_published_is_not_found(zhou):
    make_proposal()
    make_proposal("0900", state="draft")
    assert "<li" not in ask(zhou)


def test_what_is_withdrawn_is_not_found_any_more(zhou):
    proposal = make_proposal()
    proposal.publish(on=PUBLISHED_ON)
    assert "0123" in ask(zhou)
    proposal.withhold(on=PUBLISHED_ON, reason="含个人信息")
    assert "0123" not in ask(zhou)


def test_an_own_one_is_found_public_or_not_and_marked_so(zhou):
    draft = make_own_draft()
    own = make_proposal("0555", sponsor=make_deputy("周建国"))
    own.publish(on=PUBLISHED_ON)
    make_proposal("0556").publish(on=PUBLISHED_ON)
    text = ask(zhou)
    assert text.count("<strong>") == 2
    assert reverse("desk:proposal", args=[draft.key]) in text
    # The public one stands among the public ones, and once.
    assert text.count("0555/") == 1
    assert reverse("desk:proposal", args=[own.key]) not in text


def test_the_one_that_is_written_is_not_shown_to_itself(zhou):
    draft = make_own_draft()
    assert draft.key in ask(zhou)
    assert draft.key not in ask(zhou, **{"not": draft.key})


def test_an_own_one_that_one_declined_to_sign_is_not_shown(zhou):
    asked = make_proposal("0556")
    make_sponsorship(
        asked,
        make_deputy("周建国"),
        asked_on=date(2026, 1, 5),
        declined_on=date(2026, 1, 6),
    )
    assert asked.key not in ask(zhou)


def test_only_deputies_find_the_page(client):
    address = reverse("desk:similar")
    assert client.get(address).status_code == 302
    client.force_login(make_user("wangmin"))
    assert client.get(address).status_code == 404
    client.force_login(make_deputy_account())
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "title", ["<script>x</script>", "%00\x00", "'\"--", "建" * 5000, "😀" * 30]
)
def test_any_title_is_answered(zhou, title):
    make_proposal().publish(on=PUBLISHED_ON)
    assert "<script" not in ask(zhou, title)


def test_the_answer_asks_the_database_six_times_at_the_most_whatever_is_found(zhou):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            ask(zhou)
        return len(asked) - DOOR

    make_own_draft()
    make_proposal("0300").publish(on=PUBLISHED_ON)
    few = count()
    for number in range(20):
        make_proposal(f"04{number:02}").publish(on=PUBLISHED_ON)
        make_own_draft(f"{TITLE}{number}")
    assert count() == few <= 6


FORM = """<label for="id_title">题目</label><input id="id_title">
<div data-similar-url="{url}" data-similar-of="id_title"><a href="{url}">查</a></div>
<script src="{script}"></script>"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_appears_while_the_title_is_typed(sit):
    make_proposal().publish(on=PUBLISHED_ON)
    page = sit(make_deputy_account(), forgiven="ERR_FAILED")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # The script and its contract alone: the writing form includes them.
    form = FORM.format(url=reverse("desk:similar"), script="/static/similar.js")
    page.route(
        "**/form", lambda route: route.fulfill(body=form, content_type="text/html; charset=utf-8")
    )
    page.goto("/form")
    # Time stands still but where it is said to pass.
    page.clock.install(time=0)
    page.clock.pause_at(1_000)
    title = page.locator("#id_title")
    back = page.get_by_role("link", name="查", exact=True)

    title.press_sequentially("学校周")
    page.clock.run_for(5_000)
    title.press_sequentially("边公交出行")
    page.clock.run_for(5_000)
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    # Nothing for three signs, and one question for what was typed without a pause.
    assert len([url for url in asked if "title=" in url]) == 1
    title.fill("学校")
    page.clock.run_for(5_000)
    expect(back).to_be_visible()
    # Where it cannot be asked, what stood there stays and nothing is said.
    page.route("**/desk/similar/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        title.fill("学校周边公交")
        page.clock.run_for(5_000)
    expect(back).to_be_visible()
