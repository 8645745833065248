"""Feeds tell what the public pages tell: the same rows, the same words, and nothing longer."""

from datetime import date
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from proposals.models import Proposal, ReturnRequest
from public import publish
from tests import public_world
from tests.world import (
    PUBLISHED_ON,
    make_assembly,
    make_assignment,
    make_category,
    make_commitment,
    make_feedback,
    make_proposal,
    make_published_reply,
    make_rating,
    make_reply,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
PROPOSALS, COMMITMENTS = "/feeds/proposals.atom", "/feeds/commitments.atom"
PROPOSAL = "/feeds/proposals/yunping/14-3/0123.atom"
DEPARTMENT = f"/feeds/departments/{quote('市交通运输局')}.atom"
FEEDS = [PROPOSALS, COMMITMENTS, PROPOSAL, DEPARTMENT]


def read(address: str, **headers: str) -> ElementTree.Element:
    response = Client().get(address, headers=headers)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(feed: ElementTree.Element, name: str = "title") -> list[str]:
    return [entry.findtext(f"{ATOM}{name}", "") for entry in feed.iter(f"{ATOM}entry")]


def make_public(**facts: Any) -> Proposal:
    """A proposal with its letter, and a promise that was reported on."""
    proposal = make_proposal()
    make_assignment(proposal, acknowledged_on=date(2026, 2, 27))
    reply = make_reply(proposal, category=make_category(), **facts)
    promise = make_commitment(reply)
    make_published_reply(proposal)
    promise.report("in_progress", on=PUBLISHED_ON, text="已选址8处")
    return proposal


def test_the_life_of_a_proposal_is_told_newest_first():
    make_public()
    feed = read(PROPOSAL)
    assert "0123" in feed.findtext(f"{ATOM}title", "")
    days = [moment[:10] for moment in texts(feed, "updated")]
    assert days == sorted(days, reverse=True)
    assert days[0] == PUBLISHED_ON.isoformat() and days[-1] == "2026-01-12"
    names = [name.partition("#")[2] for name in texts(feed, "id")]
    assert [name[11:] for name in reversed(names)] == [
        "submitted",
        "registered",
        "assigned",
        "acknowledged",
        "reply_sent-1",
        "reply_published-1",
        "promise_updated-1",
    ]


def test_what_is_still_due_is_no_news():
    make_public()
    assert "2026-12-31" not in ElementTree.tostring(read(PROPOSAL), encoding="unicode")


@pytest.mark.parametrize("publishes", [True, False])
def test_ratings_are_told_where_the_assembly_publishes_them(publishes):
    make_assembly(publishes_ratings=publishes)
    proposal = make_public()
    make_feedback(
        proposal.replies.get(),
        state="returned",
        rated_on=PUBLISHED_ON,
        result_rating=make_rating("基本满意"),
    )
    publish.rebuild()
    told = [name for name in texts(read(PROPOSAL), "id") if "rated" in name]
    assert bool(told) is publishes
    assert ("基本满意" in "".join(texts(read(PROPOSAL)))) is publishes


def test_two_ratings_of_one_day_have_two_names():
    make_assembly(publishes_ratings=True)
    proposal = public_world.make_proposal()
    public_world.make_reply(proposal)
    rating = {"reply": "1", "process": "", "result": "满意", "meaning": "satisfied"}
    proposal.document["ratings"] = [
        {**rating, "deputy": name, "on": "2025-05-20"} for name in ("甲", "乙")
    ]
    proposal.save()
    names = texts(read(proposal.get_feed_url()), "id")
    assert len(names) == len(set(names)) > 2


def test_a_department_is_told_by_its_replies_and_what_became_of_its_promises():
    make_public()
    feed = read(DEPARTMENT)
    links = [entry.find(f"{ATOM}link").get("href", "") for entry in feed.iter(f"{ATOM}entry")]
    assert links == [
        f"{settings.SITE_URL}/commitments/yunping.14-3.0123.1.c1/",
        f"{settings.SITE_URL}/proposals/yunping/14-3/0123/replies/1/",
    ]
    assert "已选址8处" in texts(feed, "summary")[0]


def test_a_promise_of_which_nothing_was_reported_is_no_news_of_the_department():
    make_commitment()
    make_published_reply()
    assert len(texts(read(DEPARTMENT), "id")) == 1
    assert len(texts(read(COMMITMENTS), "id")) == 1


def test_the_list_is_told_with_the_words_of_its_rows():
    make_public()
    feed = read(PROPOSALS)
    assert texts(feed) == ["关于改善学校周边公交出行的建议"]
    summary = strip_tags(texts(feed, "summary")[0])
    for words in ("0123", "市人大十四届三次会议", "市交通运输局", "B"):
        assert words in summary


def test_the_filter_of_the_list_is_the_filter_of_the_feed():
    make_public()
    make_proposal("0124", title="关于加装电梯的建议").publish(on=PUBLISHED_ON)
    assert len(texts(read(PROPOSALS))) == 2
    assert texts(read(f"{PROPOSALS}?q=电梯")) == ["关于加装电梯的建议"]
    assert texts(read(f"{PROPOSALS}?promises=any")) == ["关于改善学校周边公交出行的建议"]
    assert texts(read(f"{COMMITMENTS}?state=confirmed")) == []
    assert len(texts(read(f"{COMMITMENTS}?q=候车亭&state=open"))) == 1
    assert "电梯" in (read(f"{PROPOSALS}?q=电梯").findtext(f"{ATOM}title") or "")


@pytest.mark.parametrize(
    "query", ["status=nonsense", "department=%00", "promises=1&page=x", "sort=number", "q=%00"]
)
def test_a_condition_that_is_not_understood_is_left_out_as_on_the_list(query):
    make_public()
    feed = read(f"{PROPOSALS}?{query}")
    assert len(texts(feed)) == 1
    # Its own address has the understood conditions alone: each feed has one name.
    assert feed.findtext(f"{ATOM}id") == read(PROPOSALS).findtext(f"{ATOM}id")


def test_the_order_of_the_list_is_not_that_of_the_feed():
    for number, day in (("0002", date(2025, 3, 1)), ("0001", date(2025, 2, 1))):
        public_world.make_proposal(number, title=number, changed_on=day)
    assert texts(read(f"{PROPOSALS}?sort=number")) == ["0002", "0001"]


def test_no_feed_has_more_than_fifty_entries():
    for day in range(1, 56):
        row = public_world.make_proposal(changed_on=date(2025, 1 + day // 28, 1 + day % 28))
        public_world.make_reply(row, promises=1)
    assert len(texts(read(PROPOSALS))) == len(texts(read(COMMITMENTS))) == 50
    assert len(texts(read("/feeds/departments/education.atom"))) == 50
    life = [
        public_world.make_moment(f"2025-{m:02}-{d:02}", "closed")
        for m in (3, 4)
        for d in range(1, 29)
    ]
    row.document["life"] = life
    row.save()
    assert len(texts(read(row.get_feed_url()))) == 50


def test_names_do_not_change_when_the_entry_does():
    proposal = make_public()
    before = {address: texts(read(address), "id") for address in FEEDS}
    promise = proposal.replies.get().commitments.get()
    promise.report("fulfilled", on=date(2026, 7, 1), text="已建成", evidence_title="验收单")
    after = {address: texts(read(address), "id") for address in FEEDS}
    for address in FEEDS:
        assert set(before[address]) <= set(after[address])
        assert all(name.startswith("tag:localhost,2026:/") for name in after[address])
    assert texts(read(COMMITMENTS), "updated") == ["2026-07-01T00:00:00+08:00"]


def test_every_address_in_a_feed_is_whole_and_leads_somewhere():
    make_public()
    for address in FEEDS:
        feed = read(address)
        links = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
        assert {link.startswith(f"{settings.SITE_URL}/") for link in links} == {True}
        own = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert own["self"] == f"{settings.SITE_URL}{address}"
        for link in links:
            assert Client().get(link.removeprefix(settings.SITE_URL)).status_code == 200
        assert 'href="/' not in "".join(texts(feed, "summary"))


def test_a_feed_speaks_the_language_of_the_reader():
    make_public()
    chinese = read(PROPOSAL, **{"Accept-Language": "zh-CN"})
    english = read(PROPOSAL, **{"Accept-Language": "en"})
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert (chinese.get(language), english.get(language)) == ("zh-Hans", "en")
    assert "Registered" in texts(english) and "Registered" not in texts(chinese)
    assert texts(english, "id") == texts(chinese, "id")
    assert "Cookie" in Client().get(PROPOSAL)["Vary"]
    assert "Accept-Language" in Client().get(PROPOSAL)["Vary"]


def test_what_is_withdrawn_is_gone_at_the_next_request():
    proposal = make_public()
    reply = proposal.replies.get()
    reply.withdraw(on=PUBLISHED_ON, reason="含个人信息")
    assert texts(read(COMMITMENTS)) == []
    assert not [name for name in texts(read(PROPOSAL), "id") if "reply" in name]
    proposal.refresh_from_db()
    proposal.withhold(on=PUBLISHED_ON, reason="含个人信息")
    assert texts(read(PROPOSALS)) == []
    assert {Client().get(address).status_code for address in (PROPOSAL, DEPARTMENT)} == {404}


def test_what_is_not_public_is_answered_like_what_is_not_there():
    make_proposal("0888")
    make_published_reply()
    hidden = Client().get("/feeds/proposals/yunping/14-3/0888.atom")
    absent = Client().get("/feeds/proposals/yunping/14-3/0889.atom")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content.replace(b"0889", b"0888")


def test_who_has_the_feed_is_told_that_nothing_is_new():
    proposal = make_public()
    first = Client().get(PROPOSAL)
    again = Client().get(PROPOSAL, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # A day is all that is known of a change: no answer is given by date.
    assert "Last-Modified" not in first
    proposal.replies.get().withdraw(on=PUBLISHED_ON, reason="含个人信息")
    changed = Client().get(PROPOSAL, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_what_nobody_may_read_changes_no_feed():
    proposal = make_public()
    before = {address: Client().get(address)["ETag"] for address in FEEDS}
    ReturnRequest.objects.create(
        assignment=proposal.assignments.get(), asked_on=date(2026, 3, 2), reason="密语"
    )
    make_reply(make_proposal("0777", title="密语"))
    publish.rebuild()
    assert {address: Client().get(address)["ETag"] for address in FEEDS} == before


def test_a_feed_without_entries_is_one_too_and_always_the_same():
    first, second = Client().get(PROPOSALS), Client().get(PROPOSALS)
    assert texts(ElementTree.fromstring(first.content)) == []
    assert first.content == second.content


def test_signs_that_xml_forbids_are_left_out():
    public_world.make_reply(
        public_world.make_proposal("0009", title="a\x01b\x0b<&>\ufffe\U0001f600c", sponsor="\x1f"),
        promises=1,
    )
    assert texts(read(PROPOSALS)) == ["ab<&>\U0001f600c"]
    read("/feeds/departments/education.atom")
    read("/feeds/proposals/yunping/14-3/0009.atom")


def test_words_of_a_letter_are_never_markup_in_a_reader():
    public_world.make_proposal(lead="<script>alert(1)</script>")
    (summary,) = texts(read(PROPOSALS), "summary")
    assert "<script" not in summary and "&lt;script&gt;" in summary


def test_demonstration_data_say_so():
    public_world.make_proposal(session=public_world.make_session(assembly=_demo()))
    subtitle = read(PROPOSALS, **{"Accept-Language": "en"}).findtext(f"{ATOM}subtitle")
    assert subtitle and "demonstration" in subtitle


def _demo():
    return public_world.make_assembly("demo", is_demo=True)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feeds_only_answer_questions(method):
    make_public()
    assert {getattr(Client(), method)(address).status_code for address in FEEDS} == {405}


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (PROPOSALS, 2),
        (f"{PROPOSALS}?q=职业&department=education&role=lead&promises=open", 2),
        (COMMITMENTS, 2),
        (f"{COMMITMENTS}?state=open&department=education", 2),
        ("/feeds/departments/education.atom", 3),
        ("/feeds/proposals/yunping/14-3/0001.atom", 3),
    ],
)
def test_a_feed_of_twenty_asks_no_more_than_one_of_ten(address, most):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert read(address)
        return len(asked)

    first = public_world.make_proposal("0001")
    for _each in range(10):
        public_world.make_reply(public_world.make_proposal(), promises=1)
    public_world.make_reply(first, promises=2)
    ten = count()
    for _each in range(10):
        public_world.make_reply(public_world.make_proposal(), promises=1)
    public_world.make_reply(first, promises=20, key="2", round=2)
    assert count() == ten <= most


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", PROPOSALS),
        ("/proposals/", PROPOSALS),
        ("/proposals/?q=公交&sort=number&page=1&x=1", f"{PROPOSALS}?q={quote('公交')}"),
        ("/commitments/", COMMITMENTS),
        ("/commitments/?state=open", f"{COMMITMENTS}?state=open"),
        ("/proposals/yunping/14-3/0123/", PROPOSAL),
        (f"/departments/{quote('市交通运输局')}/", DEPARTMENT),
    ],
)
def test_a_page_names_its_feed_in_its_head_and_links_it_in_sight(page, feed):
    make_public()
    text = Client().get(page, headers={"Accept-Language": "en"}).content.decode()
    head, body = text.split("</head>")
    assert 'rel="alternate" type="application/atom+xml"' in head
    assert f'href="{feed}"' in head
    if page != "/":
        assert f'<a href="{feed}" type="application/atom+xml">' in body
        assert "Feed (Atom)" in body


@pytest.mark.parametrize(
    ("page", "follow"),
    [
        ("/proposals/?q=公交", "/follow/?search=q%3D%25E5%2585%25AC%25E4%25BA%25A4"),
        ("/proposals/yunping/14-3/0123/", "/follow/?proposal=yunping%2F14-3%2F0123"),
        (f"/departments/{quote('市交通运输局')}/", f"/follow/?department={quote('市交通运输局')}"),
    ],
)
def test_what_can_be_followed_by_e_mail_says_so_beside_its_feed(page, follow):
    make_public()
    text = Client().get(page).content.decode()
    assert f'<a href="{follow}">' in text
    assert Client().get(follow).status_code == 200
