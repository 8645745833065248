"""Words that belong to a person are found before publishing, and never come to the public."""

import hashlib
import json
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.rights import Role
from assemblies.models import DeputyContact
from measures.models import Figure
from proposals.models import Reply
from proposals.private_words import find, found_in
from public import publish
from tests import world
from tests.crawl import crawl

MOBILE = "13800138000"
IDENTITY = "11010519491231002X"
CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        (f"请联系{MOBILE}。", MOBILE, "mobile"),
        ("手机：138-0013-8000", "138-0013-8000", "mobile"),
        ("手机：138 0013 8000，", "138 0013 8000", "mobile"),
        ("手机：１３８００１３８０００", "１３８００１３８０００", "mobile"),
        ("+86 13800138000", "+86 13800138000", "mobile"),
        (f"身份证号{IDENTITY}，", IDENTITY, "identity"),
        ("身份证号110105 19491231 002x", "110105 19491231 002x", "identity"),
        (f"卡号{CARD}。", CARD, "card"),
        ("来信请寄lin.xl@example.com。", "lin.xl@example.com", "email"),
        ("来信请寄lin＠example.com。", "lin＠example.com", "email"),
    ],
)
def test_private_words_are_found_however_they_are_written(text, words, kind):
    (found,) = find(text)
    assert (found.words, found.kind, found.is_private) == (words, kind, True)


@pytest.mark.parametrize(
    "text",
    [
        "投资13800138000000元",
        "云财函〔2026〕13800138号",
        "统一社会信用代码91350000123456789X",
        "身份证号110105194912310021",  # the check digit is X
        "卡号4111 1111 1111 1112",  # Luhn's check fails
        "2026年5月20日至2026年12月31日",
        "新增公交线路3条，投放46辆",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert find(text) == []


def test_an_office_telephone_is_offered_and_not_chosen():
    (found,) = find("联系电话：0598-1234567")
    assert (found.words, found.is_private) == ("0598-1234567", False)
    (own,) = find(f"联系电话：{MOBILE}", offices=[MOBILE])
    assert not own.is_private


def test_how_a_deputy_is_reached_is_found_however_it_is_spaced():
    known = ["0591 8765 4321", "云平市城关区解放路12号", "YP14-0123", "短"]
    text = "林代表（电话0591-87654321，住云平市城关区解放路12号，证号ＹＰ14－0123）短。"
    found = find(text, known=known)
    assert [item.words for item in found] == [
        "0591-87654321",
        "云平市城关区解放路12号",
        "ＹＰ14－0123",
    ]
    assert all(item.is_private for item in found)


pytest_db = pytest.mark.django_db
SENTENCE = f"已于2026年3月由专人（电话{MOBILE}）上门走访林秀兰代表3次。"
PROMISE = f"2026年12月底前建成候车亭20座，咨询电话{MOBILE}。"


def make_letter(**fields) -> Reply:
    """A sent letter with a private number in every place that the public reads."""
    text = world.LETTER.replace(world.MEASURE, SENTENCE).replace(world.COMMITMENT, PROMISE)
    DeputyContact.objects.create(deputy=world.make_deputy(), address="云平市城关区解放路12号")
    text = text.replace("感谢您", "已按云平市城关区解放路12号寄送。感谢您")
    reply = world.make_reply(text=text, title=f"关于第0123号建议的答复（{MOBILE}）", **fields)
    world.make_measure(reply, text=SENTENCE, heading=f"一、走访（{MOBILE}）")
    promise = world.make_commitment(reply, text=PROMISE, due_text=f"{MOBILE}年底前")
    start = text.index(MOBILE, promise.start)
    Figure.objects.create(
        reply=reply,
        commitment=promise,
        text=MOBILE,
        value=int(MOBILE),
        start=start,
        end=start + len(MOBILE),
    )
    world.make_figure(promise)
    reply.record_sent(on=world.SENT_ON)
    promise.report(
        "in_progress", on=world.SENT_ON, text=f"已电话{MOBILE}联系", evidence_title=f"记录{MOBILE}"
    )
    reply.proposal.publish(on=world.PUBLISHED_ON)
    return reply


def chosen(reply: Reply) -> dict[str, str]:
    return {item.words: item.reason for item in found_in(reply) if item.is_private}


@pytest_db
def test_what_is_found_in_a_letter_names_its_place_and_its_kind():
    found = {item.words: item for item in found_in(make_letter())}
    assert set(found) == {MOBILE, "云平市城关区解放路12号", "0598-1234567"}
    assert found["云平市城关区解放路12号"].kind == "deputy"
    assert found["云平市城关区解放路12号"].before.endswith("已按")
    assert not found["0598-1234567"].is_private


@pytest_db
def test_redacted_words_are_in_no_row_and_on_no_page_of_the_public():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact=chosen(reply))
    visit = crawl(Client())
    assert any("/replies/1/v1.txt" in url for url in visit.answers)
    for words in (MOBILE, "解放路12号"):
        assert visit.holding(words) == []
        assert words not in _everything_public()
    page = "".join(text for _status, text in visit.answers.values())
    assert "■" * len(MOBILE) in page
    assert "20座" in page
    # Why, and not what.
    reasons = {row.reason for row in reply.redactions.all()}
    public = Client().get("/proposals/yunping/14-3/0123/replies/1/").content.decode()
    assert all(reason in public for reason in reasons)


@pytest_db
def test_without_the_cover_the_crawl_would_find_the_words():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact={})
    assert crawl(Client()).holding(MOBILE)
    assert MOBILE in _everything_public()


@pytest_db
def test_where_nobody_is_asked_what_is_private_is_covered():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="随导入公开")
    assert MOBILE not in _everything_public()
    assert "0598-1234567" in _everything_public()


@pytest_db
def test_the_published_text_is_what_its_hash_is_the_hash_of():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact=chosen(reply))
    text = Client().get("/proposals/yunping/14-3/0123/replies/1/v1.txt").content
    public = apps.get_model("public", "PublicReply").objects.get()
    assert hashlib.sha256(text).hexdigest() == public.sha256
    version = reply.versions.get()
    assert version.sha256 != public.sha256
    assert len(public.text) == len(version.text)


@pytest_db
def test_a_number_that_a_correction_brings_is_covered_before_it_shows():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact=chosen(reply))
    text = reply.text.replace("感谢您", f"并致电１３９００１３９０００、{IDENTITY}。感谢您")
    reply.correct(text, reason="补充", on=date(2026, 6, 20))
    visit = crawl(Client())
    for words in ("１３９００１３９０００", IDENTITY, MOBILE):
        assert visit.holding(words) == []
    assert any("/v2.txt" in url for url in visit.answers)


@pytest_db
def test_words_redacted_later_are_gone_at_the_next_request():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact=chosen(reply))
    reply.redact({"上门走访林秀兰代表": "含个人行踪"}, on=world.PUBLISHED_ON)
    assert crawl(Client()).holding("上门走访") == []
    publish.rebuild()
    assert "上门走访" not in _everything_public()


@pytest_db
def test_of_an_abstract_only_its_own_words_are_explained():
    reply = make_letter(abstract="答复摘要：已作研究。", form="abstract")
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact={"解放路12号": "代表住址"})
    document = apps.get_model("public", "PublicReply").objects.get().document
    assert document["redacted"] == []


@pytest_db
def test_what_does_not_stand_in_the_letter_is_not_redacted():
    reply = make_letter()
    with pytest.raises(ValidationError):
        reply.redact({"不在信里": "个人信息"}, on=world.PUBLISHED_ON)
    with pytest.raises(ValidationError):
        reply.redact({MOBILE: " "}, on=world.PUBLISHED_ON)
    with pytest.raises(ValidationError):
        reply.redact({}, on=world.PUBLISHED_ON)
    assert not reply.redactions.exists()


@pytest_db
def test_the_page_that_publishes_offers_what_was_found_with_the_words_around_it():
    reply = make_letter()
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    address = reverse("admin:proposals_reply_move", args=["publish"])
    form = office.get(f"{address}?ids={reply.pk}").context["form"]
    labels = dict(form.fields["redact"].choices)
    assert f"电话【{MOBILE}】" in labels[MOBILE]
    assert set(form.fields["redact"].initial) == {MOBILE, "云平市城关区解放路12号"}
    data = {"on": "2026-06-10", "reason": "可公开", "form": "full", "redact": [MOBILE]}
    assert office.post(f"{address}?ids={reply.pk}", data).status_code == 302
    reply.refresh_from_db()
    assert reply.is_published
    row = reply.redactions.get()
    assert (row.text, row.decided_by.username) == (MOBILE, Role.DEPUTIES_OFFICE)
    assert list(reply.events.order_by("pk").values_list("kind", flat=True))[-2:] == [
        "redacted",
        "reply_published",
    ]


@pytest_db
def test_words_that_a_clerk_types_are_redacted_with_the_clerks_reason():
    reply = make_letter()
    clerk = Client()
    clerk.force_login(world.make_member(Role.CLERK))
    address = f"{reverse('admin:proposals_reply_move', args=['redact'])}?ids={reply.pk}"
    data = {"on": "2026-06-01", "words": "专人\n上门走访", "reason": ""}
    assert clerk.post(address, data).status_code == 200
    clerk.post(address, {**data, "reason": "内部安排"})
    assert {row.text: row.reason for row in reply.redactions.all()} == {
        "专人": "内部安排",
        "上门走访": "内部安排",
    }


@pytest_db
def test_a_wrong_redaction_is_lifted_while_the_letter_is_not_public():
    reply = make_letter()
    words = "上门走访"
    reply.redact({words: "误选"}, on=world.PUBLISHED_ON)
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact={})
    lift = {"on": world.PUBLISHED_ON, "reason": "不涉及个人"}
    with pytest.raises(ValidationError):
        reply.lift_redaction([words], **lift)
    reply.withdraw(on=world.PUBLISHED_ON, reason="误遮")
    with pytest.raises(ValidationError):
        reply.lift_redaction([words], **{**lift, "reason": " "})
    reply.lift_redaction([words], **lift)
    assert reply.events.last().kind == "uncovered"
    assert words not in str(reply.events.last().details)
    assert crawl(Client()).holding(words) == []
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact={})
    assert crawl(Client()).holding(words)
    # What was is kept, and it can be covered again.
    reply.redact({words: "又改"}, on=world.PUBLISHED_ON)
    assert crawl(Client()).holding(words) == []
    assert reply.redactions.filter(text=words).count() == 2


@pytest_db
def test_what_was_lifted_is_offered_again_but_not_chosen():
    reply = make_letter()
    reply.redact({MOBILE: "误选"}, on=world.PUBLISHED_ON)
    reply.lift_redaction([MOBILE], on=world.PUBLISHED_ON, reason="是值班电话")
    (found,) = [item for item in found_in(reply) if item.words == MOBILE]
    assert not found.is_private


@pytest_db
def test_a_number_in_a_later_report_is_covered_before_it_shows():
    reply = make_letter()
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", redact=chosen(reply))
    promise = reply.commitments.get()
    promise.report("in_progress", on=world.PUBLISHED_ON, text="已联系13900139000，建成8座")
    assert "建成8座" in _everything_public()
    assert "13900139000" not in _everything_public()


@pytest_db
def test_a_number_in_an_abstract_that_is_written_while_publishing_is_covered():
    reply = make_letter()
    facts = {"form": "abstract", "abstract": "摘要：详询13900139000。", "redact": chosen(reply)}
    reply.publish(on=world.PUBLISHED_ON, reason="可公开", **facts)
    assert "摘要：详询" in _everything_public()
    assert "13900139000" not in _everything_public()


def _everything_public() -> str:
    """Every row of the snapshot, as it stands in the database."""
    return json.dumps(
        [
            list(model._default_manager.values())
            for model in apps.get_app_config("public").get_models()
        ],
        ensure_ascii=False,
        default=str,
    )
