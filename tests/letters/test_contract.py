"""What every caller of read() relies on, whatever the text."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters import read
from tests.letters.made_letters import make_letter

KEYS = [
    "letter_type",
    "kind",
    "issuer",
    "document_number",
    "reply_category",
    "assembly",
    "term",
    "session",
    "proposals",
    "addressees",
    "addressee_count",
    "lead_department",
    "co_handling_departments",
    "date",
    "disclosure",
    "signatory",
    "contact_person",
    "contact_phone",
    "copied_to",
    "sections",
    "measures",
    "commitments",
    "figures",
    "warnings",
]
PHRASES = st.sampled_from(
    [
        "张小山代表：",
        "您提出的",
        "《关于",
        "》",
        "的建议",
        "收悉",
        "现答复如下：",
        "一、",
        "（一）",
        "1.",
        "一是",
        "二是",
        "将",
        "已",
        "2023年底前",
        "12",
        "个",
        "万元",
        "。",
        "，",
        "；",
        "下一步",
        "联系人：",
        "0591-1234567",
        "抄送：",
        "青山县教育局",
        "2023",
        "〔",
        "〕",
        "第",
        "号",
        "|",
        "\n",
        "\t",
        "“",
        "”",
        "〇",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(PHRASES, max_size=80).map("".join)))
def test_any_text_is_read_without_an_error(text):
    letter = read(text)

    json.dumps(letter.as_dict(), ensure_ascii=False)
    for item in (*letter.measures, *letter.commitments, *letter.figures, *letter.sections):
        assert 0 <= item.start < item.end <= len(text)


def test_the_json_has_the_fixed_keys_in_their_order():
    assert list(read(make_letter()).as_dict()) == KEYS


def test_the_same_text_is_always_read_the_same():
    text = make_letter("一是已修路3公里。二是将于年底前完工。")
    assert read(text).as_dict() == read(text).as_dict()


def test_every_value_says_where_it_stood():
    text = make_letter(foot="领导署名：林 远\n青山县教育局\n2023年6月15日\n抄送：县人大办。")
    letter = read(text)

    def printed(name):
        start, end = letter.spans[name]
        return text[start:end]

    assert printed("issuer") == "青山县教育局"
    assert printed("signatory") == "林 远"
    assert printed("addressees.0") == "张小山"
    assert printed("proposals.0.number") == "12"
    assert printed("proposals.0.title") == "关于加强校园管理的建议"
    assert printed("date") == "2023年6月15日"
    assert printed("copied_to.0") == "县人大办"
    assert printed("term") == "十届"
    assert printed("assembly") == "县十届人大"


def test_an_item_is_clean_but_its_place_covers_the_printed_words():
    text = make_letter("**一是**已投入 1.2 亿元改善办\n\n— 3 —\n\n学条件，新建校舍 6 栋。")
    (measure,) = read(text).measures

    assert measure.text == "一是已投入1.2亿元改善办学条件，新建校舍6栋。"
    assert text[measure.start : measure.end].startswith("一是**已投入 1.2 亿元")
    assert text[measure.start : measure.end].endswith("6 栋。")


def test_what_was_concluded_and_not_read_is_marked_with_a_reason():
    letter = read(make_letter(title="青教提〔2023 7号\n关于县十届人大二次会议第12号建议的答复"))

    assert letter.document_number == "青教提〔2023〕7号"
    assert "已补全" in letter.inferred["document_number"]
    assert "视为主办单位" in letter.inferred["lead_department"]


@pytest.mark.parametrize(
    "text", ["", "  \n ", "今天天气很好。", "关于开会的通知\n各单位：\n请参加。"]
)
def test_a_text_that_is_no_reply_can_be_refused(text):
    letter = read(text)

    assert not letter.is_letter
    assert len(letter.warnings) == 1


def test_a_reply_is_recognised_even_without_its_head():
    assert read("您提出的关于修路的建议收悉，现答复如下：\n我局已完成设计。").is_letter


def test_missing_values_are_named_in_a_clerks_words():
    warnings = read(make_letter(title="", foot="")).warnings

    assert "没有读到发文单位，请补填。" in warnings
    assert "没有读到落款日期。" in warnings


@pytest.mark.parametrize(
    "piece",
    [
        "“关于",
        "《",
        "一是",
        "第1号、",
        "财政局、",
        "百分之",
        "建设，\n",
        "2023年",
        "联系人：",
        "1.",
    ],
)
def test_a_hostile_text_costs_time_in_proportion_to_its_length(piece):
    """Eight times the text may cost some eight times the time; a square law would cost 64."""
    lead = "张小山代表：\n您提出的建议收悉，现答复如下：\n"
    short, long = lead + piece * 1500, lead + piece * 12000

    assert _seconds(long) < 30 * max(_seconds(short), 0.002)


def _seconds(text):
    spent = []
    for _ in range(3):
        start = time.process_time()
        read(text)
        spent.append(time.process_time() - start)
    return min(spent)
