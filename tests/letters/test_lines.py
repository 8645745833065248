"""The damage that copying does to a letter is undone before it is read."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter


def texts(letter):
    return [item.text for item in letter.measures]


@pytest.mark.parametrize(
    "damaged",
    [
        "我局已投入资金300万元，改造村级道路12公里，惠及群\n\n众3000余人。",
        "我局已投入资金300万元，改造村级道路12公里，惠及群\n— 2 —\n众3000余人。",
        "　　我局已投入资金 300 万元，改造村级道路 12 公里，惠及群众 3000 余人。",
        "我局已投入资金**300**万元，改造村级道路12公里，惠及群众3000余人。",
        "我局已投入资金3\n00万元，改造村级道路12公里，惠及群众3000余人。",
        "我局已投入资金300万元，改造村级道路12公里\n，惠及群众3000余人。",
    ],
)
def test_a_sentence_cut_by_copying_is_put_together(damaged):
    whole = "我局已投入资金300万元，改造村级道路12公里，惠及群众3000余人。"
    assert texts(read(make_letter(damaged))) == [whole]


def test_two_paragraphs_stay_two():
    body = "我局已完成全县各乡镇中心学校校舍安全排查工作。\n我局已修缮校舍12栋。"
    assert len(texts(read(make_letter(body)))) == 2


def test_the_web_page_around_a_letter_is_not_read():
    letter = read(
        "首页> 政务公开> 建议提案\n字体：[ 大 中 小 ]\n"
        + make_letter()
        + "\n扫一扫在手机打开当前页\n上一篇：关于县十届人大二次会议第13号建议的答复"
    )
    assert [p.number for p in letter.proposals] == ["12"]
    assert texts(letter) == ["我局已完成校舍改造12处。"]


def test_traditional_characters_are_read_and_kept_as_printed():
    letter = read(
        "對縣政協第九屆第四次會議第73號提案的答覆\n黃秀英委員：\n"
        "您提出的《關於加強古村落保護的提案》收悉，現答覆如下：\n"
        "我局已完成普查26個。\n下一步，我局將會同縣住建局編製規劃。\n縣文化局\n2019年8月20日"
    )
    assert (letter.assembly, letter.term, letter.session) == ("縣政協", 9, 4)
    assert letter.proposals[0].title == "關於加強古村落保護的提案"
    assert [figure.unit for figure in letter.figures] == ["個"]
    assert letter.commitments[0].departments == ("縣住建局",)
