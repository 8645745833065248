"""What surrounds the work: history, the size of a problem, generalities, the deputy's words."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter

NEITHER = """该村地处偏远，过去靠挑水吃饭，缺水问题由来已久。
老街最早形成于宋代，鼎盛时有商号两百多家。
过去，补贴按人头发放，干多干少一个样。
上世纪80年代以来，部分河段水质曾一度恶化。
我们也清醒地看到，基层力量仍较薄弱。
2022年末，全县60岁以上人口9万人，老龄化进程加快。
受下行压力影响，就业形势复杂严峻。
科技成果只有与市场结合，才能真正实现价值。
非遗是民族记忆的活态载体，旅游是文化传播的重要桥梁。
面对这一形势，各级各部门迎难而上。
您在建议中谈到“老人过河难”，我们深有同感。
您说“孩子夜里没处看病”，我们听了很不好受。
请把以上意见一并转告代表。
我局将以此为契机，改进工作作风。
责任单位：县能源局。
随着生活水平提高，群众对健身的需求越来越大。
这一问题群众反映强烈，社会关注度高。
河湖保护是一项长期工作，非一日之功。
您的建议切中要害，我们十分赞同。""".splitlines()
ACTED_ON = """对基础薄弱的18个村，每村补助20万元。
为320户困难家庭免费更换老化线路。
关停不符合环保要求的砖厂7家。
撤并床位利用率不足三成的机构15所。
对通过市场难以就业的270名毕业生，以公益性岗位安置。
十月份抓拍违停537起，拥堵指数由1.9降到1.5。
针对养护力量薄弱的问题，建立了“路长制”，落实路长120名。
您提出的建议我局已采纳，并在路口安装信号灯2组。
面对严峻形势，我局组建专班12个，化解矛盾340件。""".splitlines()


@pytest.mark.parametrize("sentence", NEITHER)
def test_what_is_no_work_of_those_who_reply_is_neither(sentence):
    letter = read(make_letter(sentence))
    assert (letter.measures, letter.commitments) == ([], [])


@pytest.mark.parametrize("sentence", ACTED_ON)
def test_a_problem_that_was_acted_on_is_a_measure(sentence):
    assert [item.text for item in read(make_letter(sentence)).measures] == [sentence]


@pytest.mark.parametrize(
    "heading",
    [
        "（一）补齐设施短板",
        "（四）关心特殊困难老人",
        "（二）破解停车难题",
        "（五）困难群体兜底有力",
    ],
)
def test_a_heading_on_solving_a_problem_opens_no_list_of_problems(heading):
    body = f"一、工作情况\n{heading}。对护栏老化的路段安排了巡查。"
    assert len(read(make_letter(body)).measures) == 1


@pytest.mark.parametrize("heading", ["存在的问题", "困难和不足", "面临的形势和挑战"])
def test_a_heading_on_problems_does(heading):
    body = f"一、工作情况\n已安装路灯3盏。\n二、{heading}\n护栏陈旧，巡查人员少。"
    assert len(read(make_letter(body)).measures) == 1


def test_headings_without_a_number_are_no_items():
    body = "——强化保护。完成普查26处。\n关于“推广农机保险”。这项工作已在6个乡镇推开。"
    letter = read(make_letter(body))

    assert [item.text for item in letter.measures] == [
        "完成普查26处。",
        "这项工作已在6个乡镇推开。",
    ]
    assert letter.measures[0].heading == "——强化保护"


def test_a_number_with_blanks_after_a_bodys_name_is_no_signature():
    letter = read(make_letter("我局已建成管网。新增自动监测站 4 座。"))
    assert [figure.raw for figure in letter.figures] == ["4座"]
