"""Number, category, disclosure, assembly, session, proposals and addressees, however printed."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("青教建〔2023〕31号", "青教建〔2023〕31号"),
        ("青教建【2023】31号", "青教建【2023】31号"),
        ("青教建［2023］31号", "青教建［2023］31号"),
        ("青教建[2023]31号", "青教建[2023]31号"),
        ("青县教字（2023）第31号 （B）", "青县教字（2023）第31号"),
        ("青教建〔202331", "青教建〔2023〕31号"),
        ("青教建2023〕31号", "青教建〔2023〕31号"),
        ("发文字号：青教建〔2023〕31号", "青教建〔2023〕31号"),
    ],
)
def test_a_document_number_is_read_in_any_brackets_and_mended(printed, number):
    assert read(f"{printed}\n{make_letter()}").document_number == number


def test_a_number_cited_in_the_body_is_not_the_letters():
    assert read(make_letter("我局已印发《办法》（青教发〔2022〕3号）。")).document_number is None


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("答复类别：B类", "B"),
        ("类 别:A", "A"),
        ("A类", "A"),
        ("【C类】", "C"),
        ("办理结果：(C)", "C"),
        ("办理结果：正在解决", "正在解决"),
        ("青教建〔2023〕31号      甲类", "甲"),
        ("类别：提案", None),
    ],
)
def test_the_category_is_read_from_a_label_or_a_bare_mark(line, category):
    assert read(f"{line}\n{make_letter()}").reply_category == category


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("（此件主动公开）", "proactive"),
        ("公开", "proactive"),
        ("是否公开：是", "proactive"),
        ("公开属性：依申请公开", "on_request"),
        ("（此件不予公开）", "withheld"),
        ("是否同意公开：否", "withheld"),
        ("首页/ 法定主动公开内容 / 正文", None),
    ],
)
def test_disclosure_is_folded_to_three_modes(line, mode):
    assert read(f"{line}\n{make_letter()}").disclosure == mode


@pytest.mark.parametrize(
    ("title", "meeting"),
    [
        ("关于省十三届人大六次会议第1号建议的答复", ("省人大", 13, 6)),
        ("对十四届全国人大一次会议第1号建议的答复摘要", ("全国人大", 14, 1)),
        ("对青山县第十七届人民代表大会第二次会议第1号建议的答复", ("青山县人民代表大会", 17, 2)),
        ("关于对政协青山县第八届委员会第三次会议第1号提案的复函", ("政协青山县", 8, 3)),
        ("关于对政协九届二次会议第1号提案的答复", ("政协", 9, 2)),
        ("青山县水利局关于县政协十届三次会议第1号提案的答复函", ("县政协", 10, 3)),
        ("市政协第20230004号提案答复", ("市政协", None, None)),
        ("對巖縣政協第十二屆二次會議第35號提案的答複", ("巖縣政協", 12, 2)),
    ],
)
def test_assembly_term_and_session_are_read_from_the_title(title, meeting):
    letter = read(make_letter(title=title))
    assert (letter.assembly, letter.term, letter.session) == meeting


def test_the_title_next_to_the_salutation_wins_over_the_pages():
    letter = read(
        "青山里县人大十届第五次会议第8号建议的答复\n更新时间：2023-10-12\n" + make_letter()
    )
    assert (letter.assembly, letter.session) == ("县人大", 2)


def test_a_title_broken_over_lines_is_put_together():
    title = "青山县教育局关于\n对县十届人大二次会议\n第0107号建议的\n答 复"
    assert [p.number for p in read(make_letter(title=title)).proposals] == ["0107"]


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("您提出的“关于修路的建议”收悉。", "关于修路的建议"),
        ("您提出的关于建车场,缓解停车压力的建议收悉。", "关于建车场,缓解停车压力的建议"),
        ("您提出的关于《关于新建泵站》的建议收悉。", "关于新建泵站"),
        ("《关于修路的建议（第12号）收悉。", "关于修路的建议"),
        ("您提出的《关于修订〈青山县停车办法〉的建议》收悉。", "关于修订〈青山县停车办法〉的建议"),
    ],
)
def test_the_proposals_title_is_read_with_or_without_its_marks(opening, title):
    assert read(make_letter(opening=opening + "现答复如下：")).proposals[0].title == title


def test_a_letter_may_answer_several_proposals():
    letter = read(
        make_letter(
            title="关于县政协十届三次会议第52、67号提案的答复",
            opening="你们提出的《关于规范停车的提案》和《关于增设车位的提案》收悉，现一并答复如下：",
        )
    )
    assert [(p.number, p.title) for p in letter.proposals] == [
        ("52", "关于规范停车的提案"),
        ("67", "关于增设车位的提案"),
    ]


@pytest.mark.parametrize(
    ("line", "names", "count"),
    [
        ("尊敬的张小山、李大河代表：", ["张小山", "李大河"], None),
        ("李红等8名代表：", ["李红"], 8),
        ("魏芳(等6位)代表：", ["魏芳"], 6),
        ("和志远代表：", ["和志远"], None),
        ("李 明、王小五代表：", ["李明", "王小五"], None),
        ("阿卜杜·买买提等五名代表：", ["阿卜杜·买买提"], 5),
        ("民盟青山市委会：", ["民盟青山市委会"], None),
        ("医药卫生界：", ["医药卫生界"], None),
    ],
)
def test_addressees_are_people_or_collective_authors(line, names, count):
    letter = read(make_letter(salutation=line))
    assert (letter.addressees, letter.addressee_count) == (names, count)


def test_a_co_handling_opinion_goes_from_the_co_handler_to_the_lead():
    letter = read(
        make_letter(
            title="关于省政协十二届三次会议第208号提案的会办意见",
            salutation="省自然资源厅：",
            opening="《关于保护湿地的提案》（第208号）收悉，现提出如下会办意见：",
        )
    )
    assert letter.letter_type == "co_handling_opinion"
    assert letter.kind == "cppcc_proposal"
    assert letter.lead_department == "省自然资源厅"
    assert letter.co_handling_departments == ["青山县教育局"]


@pytest.mark.parametrize(
    ("words", "departments"),
    [
        ("由我厅会同省财政厅、人社厅办理，", ["省财政厅", "人社厅"]),
        ("经商工业和信息化部、财政部，", ["工业和信息化部", "财政部"]),
        ("经与市财政局、市商务委共同研究，", ["市财政局", "市商务委"]),
        ("由我厅主办，省财政厅、省教育厅协办。", ["省财政厅", "省教育厅"]),
        ("经会同有关部门研究，", []),
    ],
)
def test_co_handlers_are_those_the_reply_was_made_with(words, departments):
    opening = f"《关于加强公安局与教育局联动的建议》（第12号）收悉，{words}现答复如下："
    assert read(make_letter(opening=opening)).co_handling_departments == departments
