"""Every number with a unit in a measure or a commitment, and no other number."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter


def figures(sentence):
    letter = read(make_letter(sentence))
    return [(figure.raw, figure.value, figure.unit) for figure in letter.figures]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("我局已投入1.1亿元。", [("1.1亿元", "110000000", "元")]),
        ("我局已投入500余万元。", [("500余万元", "5000000", "元")]),
        ("我局已发放1,015份。", [("1,015份", "1015", "份")]),
        ("我局已补助2.1万人次。", [("2.1万人次", "21000", "人次")]),
        ("合格率已达九成以上。", [("九成", "90", "%")]),
        ("合格率已达百分之八十五。", [("百分之八十五", "85", "%")]),
        ("我局已配备1.1万台（套）。", [("1.1万台（套）", "11000", "台（套）")]),
        ("总磷均值已由0.09降至0.06毫克每升。", [("0.06毫克每升", "0.06", "毫克每升")]),
        ("我局已开通两条线路。", [("两条", "2", "条")]),
        ("我局已培训一万三千余人。", [("一万三千余人", "13000", "人")]),
        ("我局已将利率下调100个基点。", [("100个基点", "100", "个基点")]),
        ("我局已将时限压缩至7个工作日以内。", [("7个工作日", "7", "个工作日")]),
        ("我局已查处违规企业，实行3年禁入。", [("3年", "3", "年")]),
        ("服务已覆盖七成社区。", [("七成", "70", "%")]),
        ("用水量已下降近两成。", [("两成", "20", "%")]),
        ("农户已自缴三成五。", [("三成五", "35", "%")]),
        ("误报率已降到千分之三。", [("千分之三", "0.3", "%")]),
        ("我局已与两个镇签约。", [("两个", "2", "个")]),
        ("农民节已办了四届。", [("四届", "4", "届")]),
        ("我局已登记60周岁老人。", [("60周岁", "60", "周岁")]),
        ("我局已改造四、五类桥。", []),
        ("我局已增设一个站点。", [("一个", "1", "个")]),
        ("我縣已縮短到14分鐘。", [("14分鐘", "14", "分鐘")]),
    ],
)
def test_a_number_with_a_unit_is_multiplied_out(sentence, expected):
    assert figures(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "我局已于2022年5月11日开工。",
        "我局已印发《三年行动计划（2021—2023年）》。",
        "近三年，我局已完成改造。",
        "我局已实行“三公开”。",
        "绿道路灯已延时到22时30分。",
        "我局已完成第二批改造。",
        "我局已建立一批基地，提供一条龙服务。",
        "我局已改造四台小学。",
        "十三届人大代表已视察。",
        "我局已引进四五家。",
        "我局已改造90年代房屋。",
    ],
)
def test_dates_names_ordinals_and_set_phrases_are_no_figures(sentence):
    assert figures(sentence) == []


def test_a_rank_is_marked():
    (figure,) = read(make_letter("规模已居全国第六位。")).figures
    assert (figure.value, figure.unit, figure.rank) == ("6", "位", True)


def test_a_figure_knows_the_item_and_the_clause_it_stands_in():
    letter = read(make_letter("我局已安装路灯12盏，年底前再装30盏。"))

    assert [(figure.raw, figure.within, figure.item) for figure in letter.figures] == [
        ("12盏", "measure", 0),
        ("30盏", "commitment", 0),
    ]
    assert letter.as_dict()["figures"][0]["in"] == "measure"
