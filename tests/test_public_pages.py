"""What a visitor can rely on when reading the public pages."""

import csv
import json
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import timezone
from django.views import defaults
from django.views.csrf import csrf_failure

from public.models import PublicProposal
from public.promises import LOOKS, standing
from public.words import unnumbered
from tests.public_world import (
    make_assembly,
    make_block,
    make_commitment,
    make_department,
    make_deputy,
    make_proposal,
    make_reply,
    make_session,
    make_update,
)

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - timedelta(days=1)
LISTS = ["/proposals/", "/commitments/", "/deputies/"]


@pytest.fixture(autouse=True)
def english(settings):
    """The words tested here are the msgids; their translations are tested elsewhere."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def answered():
    proposal = make_proposal("0123")
    return make_reply(proposal, promises=3)


def body(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def stream(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def pages_of(reply) -> list[str]:
    return [
        "/",
        "/proposals/",
        reply.proposal.get_absolute_url(),
        reply.get_absolute_url(),
        reply.get_version_url(),
        "/commitments/",
        reply.commitments.first().get_absolute_url(),
        "/departments/",
        reply.department.get_absolute_url(),
        "/deputies/",
        "/deputies/d1/",
        "/help/",
    ]


# Every page ---------------------------------------------------------------------------


def test_every_page_opens_and_has_a_title_of_its_own(client, answered):
    titles = set()
    for address in pages_of(answered):
        page = body(client, address)
        titles.add(page.partition("<title>")[2].partition("</title>")[0])
    assert len(titles) == len(pages_of(answered))


def test_every_page_opens_while_nothing_is_published(client):
    for address in ["/", "/proposals/", "/commitments/", "/departments/", "/deputies/", "/help/"]:
        assert "</html>" in body(client, address)


def test_pages_take_no_other_method_than_reading(client, answered):
    for address in pages_of(answered):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200


def test_no_public_page_sets_a_cookie(client, answered):
    for address in pages_of(answered):
        assert not client.get(address).cookies


def test_no_page_holds_inline_style_or_script(client, answered):
    for address in pages_of(answered):
        page = body(client, address)
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page


def test_every_link_on_every_page_works(client, answered):
    addresses = set()
    for address in pages_of(answered):
        page = body(client, address)
        addresses |= {part.partition('"')[0] for part in page.split('href="/')[1:]}
    for address in sorted(a.replace("&amp;", "&") for a in addresses if not a.startswith("static")):
        response = client.get(f"/{address.partition('#')[0]}")
        # The deputies' desk asks a visitor to sign in.
        wanted = 302 if address == "desk/" else 200
        assert response.status_code == wanted, address


def test_what_does_not_exist_is_answered_in_the_same_way_everywhere(client, answered):
    for address in [
        "/proposals/yunping/14-3/9999/",
        "/proposals/yunping/14-3/0123/replies/9/",
        "/proposals/yunping/14-3/0123/replies/1/v9/",
        "/proposals/yunping/14-3/0123/replies/1/v99999999999999999999/",
        "/commitments/yunping-14-3-0123-1-c9/",
        "/departments/nobody/",
        "/deputies/nobody/",
        "/nowhere/",
    ]:
        assert "There is no page at this address." in body(client, address, status=404)


def test_a_fault_is_told_without_its_details(rf):
    page = defaults.server_error(rf.get("/")).content.decode()
    assert "The page could not be made." in page and "Traceback" not in page


def test_refusals_are_told_in_the_style_of_the_site(rf):
    refused = defaults.permission_denied(rf.get("/"), PermissionDenied("secret")).content.decode()
    assert "You may not open this page." in refused and "secret" not in refused
    assert "The form has grown old" in csrf_failure(rf.post("/")).content.decode()


def test_robots_and_browsers_find_their_files(client):
    assert "Disallow: /admin/" in body(client, "/robots.txt")
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_demonstration_data_says_so_on_every_page_that_shows_it(client):
    assembly = make_assembly(is_demo=True)
    make_deputy(assembly=assembly)
    reply = make_reply(make_proposal(), promises=1)
    for address in [*pages_of(reply), "/proposals/?q=没有这个词", "/commitments/?q=没有这个词"]:
        assert "This is demonstration data" in body(client, address), address
    assert "This is demonstration data" in body(client, "/nowhere/", status=404)


def test_real_data_is_not_called_a_demonstration(client, answered):
    for address in pages_of(answered):
        assert "This is demonstration data" not in body(client, address)
    make_assembly("trial", is_demo=True)
    assert "This is demonstration data" not in body(client, "/help/")


def test_a_missing_page_is_told_even_while_the_database_is_down(client, monkeypatch):
    def fail(*_args):
        raise OperationalError("down")

    monkeypatch.setattr("public.templatetags.luoshi.is_demo", fail)
    assert "There is no page at this address." in body(client, "/nowhere/", status=404)


def test_chinese_sentences_follow_one_another_without_a_blank(client, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    states = {1: {"due_on": YESTERDAY}}
    reply = make_reply(make_proposal(), promises=1, states=states)
    for address in pages_of(reply):
        assert not re.search("。 +<?[^ <\n]", body(client, address)), address


def test_a_visitor_can_choose_the_language_without_a_token(client):
    response = client.post("/language/", {"language": "zh-hans", "next": "/help/"})
    assert (response.status_code, response["Location"]) == (302, "/help/")
    assert 'lang="zh-Hans"' in body(client, "/help/")


def test_choosing_a_language_leads_to_no_other_site(client):
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


# Lists --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", [*LISTS, "/proposals.csv", "/proposals.json", "/commitments.csv"]
)
@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=-1",
        "page=999999999999999999999",
        "page=%C2%B2",
        "q=%00",
        "q=" + "%E7%94%A8" * 3000,
        "session=xx",
        "session=yunping",
        "assembly=%00",
        "department=nobody&role=lead",
        "status=%27",
        "state=late",
        "sort=secret",
        "due_from=2025-13-45",
        "due_to=yesterday",
        "page=1&page=2&q=&q=a",
    ],
)
def test_nonsense_in_the_address_of_a_list_is_no_fault(client, answered, address, query):
    assert client.get(f"{address}?{query}").status_code == 200


def test_a_condition_that_was_not_understood_is_told(client, answered):
    assert "has been left out" in body(client, "/proposals/?session=xx")
    assert "has been left out" not in body(client, "/proposals/?session=yunping/14-3")


def test_a_proposal_is_found_by_its_number_and_by_words_of_its_title(client):
    make_proposal("0123", title="关于职业教育的建议")
    make_proposal("0456", title="关于农村公交的建议")
    for query in ["0123", "第0123号", "123", "职业", "教育 职业"]:
        page = body(client, f"/proposals/?q={query}")
        assert "0123/" in page and "0456/" not in page, query


def test_found_words_are_marked_and_what_was_typed_is_no_markup(client):
    make_proposal("0123", title="关于<b>职业</b>教育的建议")
    page = body(client, "/proposals/?q=职业")
    assert '<span class="found">职业</span>' in page
    assert "<b>职业" not in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("assembly=cppcc", {"9001"}),
        ("session=yunping/14-3", {"0001", "0002"}),
        ("topic=农业农村", {"0002"}),
        ("category=A类", {"0001"}),
        ("status=in_handling", {"0002", "9001"}),
        ("department=water", {"0002", "9001"}),
        ("department=water&role=lead", {"9001"}),
        ("role=co_handling", {"0002"}),
        ("promises=any", {"0001"}),
        ("promises=open", {"0001"}),
        ("promises=overdue", {"0001"}),
        ("promises=disputed", set()),
        ("promises=none", set()),
    ],
)
def test_each_condition_of_the_list_narrows_it(client, query, numbers):
    water = make_department("water", "云屏省水利厅")
    cppcc = make_assembly("cppcc", name="云屏省政协", kind="cppcc")
    later = make_session("13-4", assembly=cppcc, label="省政协十三届四次会议")
    make_reply(make_proposal("0001"), promises=1, states={1: {"due_on": YESTERDAY}})
    make_proposal("0002", topic="农业农村", department=water, role="co_handling")
    make_proposal("9001", session=later, department=water)
    rows = json.loads(stream(client, f"/proposals.json?{query}"))["results"]
    assert {row["number"] for row in rows} == numbers


def test_the_lists_as_data_hold_what_the_page_of_the_same_address_shows(client):
    make_reply(make_proposal("0001", title="关于甲的建议"), promises=2)
    make_proposal("0002", title="关于乙的建议")
    rows = list(csv.DictReader(stream(client, "/proposals.csv?q=甲").lstrip("\ufeff").splitlines()))
    assert [(row["Number"], row["Promises"]) for row in rows] == [("0001", "2")]
    assert rows[0]["Address of the page"] == "http://testserver/proposals/yunping/14-3/0001/"
    promises = json.loads(stream(client, "/commitments.json"))["results"]
    assert [row["number"] for row in promises] == [1, 2]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_file_is_a_formula(client, sign):
    make_proposal("0001", title=f"{sign}cmd|'/c calc'!A1")
    text = stream(client, "/proposals.csv")
    assert text.startswith("\ufeff")
    assert f"'{sign}cmd" in text


def test_a_long_list_goes_on_page_after_page(client):
    for number in range(45):
        make_proposal(f"{number:04d}")
    assert "1 to 20 of 45" in body(client, "/proposals/")
    last = body(client, "/proposals/?page=3")
    assert "41 to 45 of 45" in last
    assert 'rel="prev"' in last and 'rel="next"' not in last


def test_counting_stops_at_a_thousand(client, monkeypatch):
    monkeypatch.setattr("public.paging.MOST", 30)
    for number in range(45):
        make_proposal(f"{number:04d}")
    page = body(client, "/proposals/")
    assert "30+" in page and "45" not in page.partition("<main")[2].partition('class="rows"')[0]


@pytest.mark.parametrize("look", list(LOOKS))
def test_a_promise_is_found_under_the_state_that_its_row_shows(client, look):
    states = {
        1: {"state": "confirmed", "kept_on": date(2025, 9, 1)},
        2: {"state": "fulfilled", "kept_on": date(2025, 9, 1)},
        3: {"state": "in_progress", "due_on": None},
        4: {"state": "recorded", "due_on": None},
        5: {"state": "rescheduled", "due_on": None},
        6: {"state": "disputed", "due_on": None},
        7: {"state": "impossible", "due_on": YESTERDAY},
        8: {"state": "disputed", "due_on": YESTERDAY},
    }
    make_reply(make_proposal(), promises=8, states=states)
    rows = json.loads(stream(client, f"/commitments.json?state={look}"))["results"]
    # An overdue promise can be disputed as well: it is found under both.
    expected = [6, 8] if look == "disputed" else [list(LOOKS).index(look) + 1]
    assert [row["number"] for row in rows] == expected


def test_both_lists_find_the_same_disputed_promises(client):
    make_reply(make_proposal(), promises=1, states={1: {"state": "disputed", "due_on": YESTERDAY}})
    for address in ["/commitments.json?state=disputed", "/proposals.json?promises=disputed"]:
        assert len(json.loads(stream(client, address))["results"]) == 1, address


@pytest.mark.parametrize(
    ("days", "state", "word", "also"),
    [
        (-1, "in_progress", "Overdue, day 1", ""),
        (-400, "disputed", "Overdue, day 400", "Disputed"),
        (0, "in_progress", "Due today", ""),
        (9, "disputed", "Days left: 9", "Disputed"),
        (-9, "confirmed", "Confirmed", ""),
        (None, "carried_over", "Carried over", ""),
    ],
)
def test_a_row_says_how_long_there_is(days, state, word, also):
    today = timezone.localdate()
    due_on = None if days is None else today + timedelta(days=days)
    found = standing(state, due_on, today=today, countdown=True)
    assert (found.word, found.also) == (word, also)


def test_promises_are_found_by_department_words_and_due_date(client):
    water = make_department("water", "云屏省水利厅")
    make_reply(make_proposal(department=water), promises=1, department=water)
    make_reply(make_proposal(), promises=1, states={1: {"due_on": date(2030, 1, 1)}})
    for query in ["department=water", "due_to=2029-12-31", "q=第1批&department=water"]:
        assert len(json.loads(stream(client, f"/commitments.json?{query}"))["results"]) == 1
    assert not json.loads(stream(client, "/commitments.json?q=没有这个词"))["results"]


def test_a_promise_is_found_by_each_department_that_has_a_part_in_it(client):
    water = make_department("water", "云屏省水利厅")
    states = {1: {"supporting": [water]}}
    make_reply(make_proposal(), promises=1, states=states)
    make_reply(make_proposal(department=water), promises=2, department=water)
    for query, count in [
        ("department=water", 3),
        ("department=water&part=keeper", 2),
        ("department=water&part=supporter", 1),
        ("department=education&part=supporter", 0),
        ("part=supporter", 1),
        ("part=keeper", 3),
    ]:
        rows = json.loads(stream(client, f"/commitments.json?{query}"))["results"]
        assert len(rows) == count, query
    supported = json.loads(stream(client, "/commitments.json?part=supporter"))["results"]
    assert supported[0]["supporting"] == ["省水利厅"]
    assert "省水利厅" in stream(client, "/commitments.csv?part=supporter")


def test_look_alike_choices_are_told_apart_by_their_full_names(client):
    make_department("finance-a", "云屏省财政厅", short_name="省财政厅")
    make_department("finance-b", "澜江省财政厅", short_name="省财政厅")
    make_department("water", "云屏省水利厅")
    other = make_assembly("lanjiang", name="澜江省人民代表大会")
    make_session()
    make_session(assembly=other)
    fields = client.get("/proposals/").context["fields"]
    departments = [label for _value, label in fields["department"]["choices"]]
    assert sorted(departments) == ["云屏省财政厅", "澜江省财政厅", "省水利厅"]
    sessions = {label for _value, label in fields["session"]["choices"]}
    assert sessions == {"云屏省人民代表大会十四届三次会议", "澜江省人民代表大会十四届三次会议"}


def test_names_stand_in_the_order_of_pinyin(client):
    for name in ["省自然资源厅", "省财政厅", "省民政厅", "省教育厅"]:
        make_department(name, name)
    for name in ["周宁", "安岚", "李川"]:
        make_deputy(name, name)
    ordered = ["省财政厅", "省教育厅", "省民政厅", "省自然资源厅"]
    fields = client.get("/proposals/").context["fields"]
    assert [label for _value, label in fields["department"]["choices"]] == ordered
    listed = client.get("/departments/").context["departments"]
    assert [row["department"].name for row in listed] == ordered
    deputies = client.get("/deputies/").context["page"].rows
    assert [deputy.name for deputy in deputies] == ["安岚", "李川", "周宁"]


@pytest.mark.parametrize("query", ["０４００", "第０４００号", "養老", "养老　機構", "ＡＩ", "ai"])
def test_search_takes_full_width_and_traditional_characters(client, query):
    make_proposal("0400", title="关于用AI帮助养老机构的建议")
    make_proposal("0500", title="关于农村公交的建议")
    rows = json.loads(stream(client, f"/proposals.json?q={query}"))["results"]
    assert [row["number"] for row in rows] == ["0400"]


def test_what_was_found_by_another_form_is_marked_as_the_title_prints_it(client):
    make_proposal("0400", title="关于养老机构的建议")
    assert '<span class="found">养老</span>' in body(client, "/proposals/?q=養老")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3.2026年10月底前建成。", "2026年10月底前建成。"),
        ("（二）2025年完成。", "2025年完成。"),
        ("二是加强监管。", "加强监管。"),
        ("②加强监管。", "加强监管。"),
        ("2、加强监管。", "加强监管。"),
        ("3.5亿元资金年内到位。", "3.5亿元资金年内到位。"),
        ("2026年底前建成。", "2026年底前建成。"),
        ("一定加强监管。", "一定加强监管。"),
    ],
)
def test_a_row_of_a_list_leaves_out_the_number_that_the_letter_gives_a_sentence(text, shown):
    assert unnumbered(text) == shown


# A proposal ---------------------------------------------------------------------------


def test_a_proposal_of_which_nobody_is_known_has_no_empty_list_of_people(client):
    proposal = make_proposal("0123", topic="", document={"deputies": [], "departments": []})
    page = body(client, proposal.get_absolute_url())
    assert "Who asks, who handles" not in page and "<aside aria-labelledby" not in page


def test_a_proposal_without_a_published_reply_is_never_called_late(client):
    proposal = make_proposal("0123", due_on=YESTERDAY)
    page = body(client, proposal.get_absolute_url())
    assert "No reply has been published yet." in page
    assert "Reply due" in page
    assert "verdue" not in page.partition("<main")[2]
    assert "due by" not in body(client, "/proposals/")


def test_the_life_says_when_the_reply_was_due_and_how_it_was_met(client, answered):
    page = body(client, answered.proposal.get_absolute_url())
    assert "Reply due by May 10, 2025" in page
    assert "Days before the due date: 12" in page


def test_a_proposal_shows_its_answers_before_its_life(client, answered):
    page = body(client, answered.proposal.get_absolute_url())
    assert page.index('id="replies"') < page.index('id="life"')
    assert answered.get_absolute_url() in page


def test_an_overdue_promise_stands_in_the_life_of_its_proposal(client):
    reply = make_reply(make_proposal(), promises=1, states={1: {"due_on": YESTERDAY}})
    page = body(client, reply.proposal.get_absolute_url())
    assert 'class="late"' in page and "Overdue: 1." in page


def test_ratings_are_shown_where_they_are_published(client, answered):
    proposal = answered.proposal
    assert 'id="rated"' not in body(client, proposal.get_absolute_url())
    rating = {"reply": "1", "deputy": "祝怀瑾", "process": "满意", "result": "基本满意"}
    proposal.document["ratings"] = [{**rating, "meaning": "basic", "on": "2025-06-01"}]
    proposal.save()
    assert "基本满意" in body(client, proposal.get_absolute_url())


def test_a_proposal_answered_along_with_another_leads_to_that_letter(client):
    along = {"url": "/proposals/yunping/14-3/0001/replies/1/", "number": "0001"}
    proposal = make_proposal("0002", document={"answered_along": along})
    assert along["url"] in body(client, proposal.get_absolute_url())


# A reply ------------------------------------------------------------------------------


def test_each_promise_has_its_anchor_and_its_note_and_each_leads_to_the_other(client, answered):
    page = body(client, answered.get_absolute_url())
    for number in (1, 2, 3):
        assert f'id="c{number}"' in page and f'href="#c{number}-note"' in page
        assert f'id="c{number}-note"' in page and f'href="#c{number}"' in page
    assert 'id="m1"' in page


def test_a_note_says_who_by_when_and_how_far(client):
    updates = [make_update("2025-09-01", "in_progress", text="已签约2所。")]
    states = {1: {"document": {"updates": updates}}}
    page = body(client, make_reply(make_proposal(), promises=1, states=states).get_absolute_url())
    for said in ["In progress", "2026年底前", "省教育厅", "已签约2所。", "Reports: 1"]:
        assert said in page


def test_a_promise_that_was_moved_shows_the_new_date_and_the_printed_one(client):
    updates = [make_update("2026-01-05", "rescheduled", text="招标推迟。", due_on="2027-06-30")]
    facts = {
        "state": "rescheduled",
        "due_on": date(2027, 6, 30),
        "document": {"updates": updates},
    }
    page = body(
        client, make_reply(make_proposal(), promises=1, states={1: facts}).get_absolute_url()
    )
    assert "by June 30, 2027 (in the letter: 2026年底前)" in page


def test_a_letter_without_a_title_is_not_cited_by_that_of_the_proposal(client):
    proposal = make_proposal("0123", title="关于甲的建议")
    untitled = make_reply(proposal, document={"title": "", "document_number": ""})
    cited = body(client, untitled.get_absolute_url()).partition("<blockquote")[2]
    assert "《关于第0123号建议的答复》" in cited  # its own title line
    blocks = [make_block("paragraph", "已经办理。")]
    bare = make_reply(proposal, key="2", document={"title": "", "blocks": blocks})
    cited = body(client, bare.get_absolute_url()).partition("<blockquote")[2]
    assert "云屏省教育厅的答复" in cited and "关于甲的建议" not in cited


def test_each_version_of_a_reply_keeps_its_address(client):
    proposal = make_proposal("0123")
    old = make_reply(proposal, version=1, is_current=False, sha256="a" * 64)
    new = make_reply(proposal, version=2, promises=1, sha256="b" * 64)
    old_page, new_page = (body(client, each.get_version_url()) for each in (old, new))
    assert "A newer one has taken its place." in old_page and "a" * 64 in old_page
    assert "A newer one" not in new_page and "b" * 64 in new_page
    assert "b" * 64 in body(client, new.get_absolute_url())


def test_a_reply_as_data_has_its_text_and_its_promises(client, answered):
    answer = client.get(f"{answered.get_absolute_url().removesuffix('/')}.json").json()
    assert "建成实践中心32个。" in answer["text"]
    assert [promise["number"] for promise in answer["commitments"]] == [1, 2, 3]


def test_promises_that_an_abstract_does_not_print_are_listed_below_it(client):
    reply = make_reply(make_proposal(), document={"form": "abstract", "measures": []})
    make_commitment(reply, 7)
    page = body(client, reply.get_absolute_url())
    assert 'id="c7-note"' in page and "Only an abstract of this reply is published." in page


def test_a_department_named_in_a_letter_is_a_link_only_where_it_has_a_page(client):
    named = [{"slug": "gone", "name": "省老厅"}, {"slug": "water", "name": "省水利厅"}]
    make_department("water", "云屏省水利厅")
    page = body(
        client, make_reply(make_proposal(), document={"co_handlers": named}).get_absolute_url()
    )
    assert "/departments/water/" in page and "/departments/gone/" not in page


# A promise, a department, a deputy ----------------------------------------------------


def test_a_promise_shows_its_sentence_in_the_letter_and_what_was_reported(client):
    updates = [
        make_update(
            "2025-09-01",
            "fulfilled",
            text="已全部建成。",
            evidence_title="验收公告",
            evidence_url="https://example.org/1",
        )
    ]
    facts = {
        "state": "fulfilled",
        "kept_on": date(2025, 9, 1),
        "document": {"updates": updates},
    }
    reply = make_reply(make_proposal(), promises=2, states={1: facts})
    page = body(client, reply.commitments.first().get_absolute_url())
    for said in ["已全部建成。", "验收公告", "（一）做强平台。", f"{reply.get_absolute_url()}#c1"]:
        assert said in page


def test_a_promise_names_its_supporters_and_those_who_have_no_page(client):
    water = make_department("water", "云屏省水利厅")
    states = {1: {"supporting": [water], "document": {"unknown_departments": ["省老厅"]}}}
    reply = make_reply(make_proposal(), promises=1, states=states)
    page = body(client, reply.commitments.get().get_absolute_url())
    assert 'href="/departments/water/">省水利厅</a>' in page and '<dd lang="zh-Hans">省老厅' in page
    assert "省教育厅, 省水利厅, 省老厅" in body(client, reply.get_absolute_url())


def test_a_heading_that_begins_the_paragraph_is_shown_once(client):
    run_in = {1: {"document": {"heading": "（一）做强平台。"}}}
    reply = make_reply(make_proposal("0001"), promises=1, states=run_in)
    assert body(client, reply.commitments.get().get_absolute_url()).count("（一）做强平台。") == 1
    above = make_reply(make_proposal("0002"), promises=1)
    assert "<h3>二、下一步</h3>" in body(client, above.commitments.get().get_absolute_url())


def test_a_department_shows_the_promises_it_supports_apart_from_its_own(client):
    water = make_department("water", "云屏省水利厅")
    make_reply(make_proposal(), promises=1, states={1: {"supporting": [water]}})
    page = client.get("/departments/water/")
    assert page.context["sum"].total == 0 and len(page.context["supported"]) == 1
    assert "Its published replies make no promise." not in page.content.decode()
    assert 'id="supported"' in page.content.decode()
    assert 'id="supported"' not in body(client, "/departments/education/")


def test_a_department_record_divides_its_promises_without_rest_and_shows_the_denominator(client):
    states = {
        1: {"state": "confirmed", "due_on": date(2025, 9, 1), "kept_on": date(2025, 9, 1)},
        2: {"state": "fulfilled", "due_on": date(2025, 9, 1), "kept_on": date(2025, 9, 2)},
        3: {"state": "in_progress", "due_on": YESTERDAY},
        4: {"state": "impossible", "due_on": date(2030, 1, 1)},
        5: {"state": "recorded", "due_on": timezone.localdate()},
        6: {"state": "recorded", "due_on": None},
        7: {"state": "impossible", "due_on": None},
    }
    reply = make_reply(make_proposal(), promises=7, states=states)
    page = client.get(reply.department.get_absolute_url())
    record = page.context["sum"]
    assert [count for _word, count in record.cells] == [1, 1, 1, 2, 1, 1]
    assert (record.total, record.due, record.rate) == (7, 5, "20.0%")
    assert "1／5" in page.content.decode()


def test_a_department_shows_what_became_of_it(client):
    document = {
        "aliases": ["省教委"],
        "successor": {"slug": "water", "name": "省水利厅"},
        "predecessors": [{"slug": "gone", "name": "省老厅"}],
        "valid_to": "2026-03-01",
    }
    department = make_department(document=document)
    make_department("water", "云屏省水利厅")
    make_proposal()
    page = body(client, department.get_absolute_url())
    for said in ["省教委", "/departments/water/", "省老厅", "March 1, 2026"]:
        assert said in page
    assert "/departments/gone/" not in page


def test_a_deputy_shows_the_proposals_that_bear_the_name(client):
    other = make_deputy("d2", "纪屿云")
    make_proposal("0001")
    make_proposal("0002", deputy=other)
    page = body(client, other.get_absolute_url())
    assert "0002/" in page and "0001/" not in page
    assert "纪屿云" in body(client, "/deputies/?q=纪屿")


def test_home_shows_the_account_of_the_newest_session_alone(client):
    old = make_session("14-2", opens_on=date(2024, 1, 1), label="省人大十四届二次会议")
    make_reply(make_proposal(session=old), promises=4)
    make_reply(make_proposal(), promises=2)
    flow = client.get("/").context["flow"]
    assert (flow.proposals, flow.replies, flow.promises.total) == (1, 1, 2)


def test_home_shows_the_longest_overdue_first(client):
    today = timezone.localdate()
    days = [-1, 5, -300, -20, 1, -7]
    states = {n: {"due_on": today + timedelta(days=d)} for n, d in enumerate(days, 1)}
    make_reply(make_proposal(), promises=6, states=states)
    shown = [(promise.due_on - today).days for promise, _standing in client.get("/").context["due"]]
    assert shown == [-300, -20, -7, 1, 5]


def test_withdrawing_a_proposal_takes_it_from_every_page(client, answered):
    pages = pages_of(answered)
    title = answered.proposal.title
    PublicProposal.objects.all().delete()
    for address in pages:
        assert title not in client.get(address).content.decode()


def test_a_number_finds_its_proposal_and_not_those_that_end_like_it(client):
    for number in ("0005", "0405", "20260305"):
        make_proposal(number, title="关于改善公交出行的建议", folded_title="关于改善公交出行的建议")
    found = json.loads(stream(client, "/proposals.json?q=5"))["results"]
    assert [row["number"] for row in found] == ["0005"]


def test_a_store_in_between_does_not_mix_the_languages(client):
    assert "Cookie" in client.get("/").headers["Vary"]
