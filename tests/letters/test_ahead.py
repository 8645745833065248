"""Promises without 将: tied to an event, to a later date, in a list of next steps, tentative."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter

PROMISED = """管网铺设完成前，由供水公司每日送水上门。
设备安装调试合格后，按程序开放预约。
待施工图审查通过，随即组织进场。
检测结果出来后，再确定是维修还是重建。
围挡拆除前两天，在村口张贴告示。
等器材到货以后，由各村统一安装。
条件具备时，优先安排建设。
如省里出台新政策，及时修订我县办法。
人手不够，先从机关抽调3名干部驻村。
2023年下半年，再安排120万元支持12个村修建晾晒场。
今年12月，举办第二届农民丰收节。
探索由物业代管充电桩。
对确实无法拓宽的路段，由我队在2023年底前完成会车道建设。
维持现有车道宽度，在2023年底前完成路面罩面。
我局将严格把关，对验收不合格的项目，不予通过验收。""".splitlines()
DONE = """项目建成后，日处理污水1200吨，出水水质稳定达标。
我局在问题发生后第一时间组织抢修，恢复供电。
道路竣工后及时移交养护单位，建立台账12本。
今年4月，新建的卫生室投入使用。
今年起，对财政供养人员实行线上考勤。
今年前五个月办结申请317件，平均用时9个工作日。
我们探索出了“三级联动”模式。
目前，新建小区验收前，由住建部门组织联合查验。
通车后，群众出行条件明显改善。
验收合格后方可投入使用，实行终身责任制。
探索“公司+农户”模式，带动农户增收。
每年汛期前，对全县水库开展拉网式排查。
我院将儿科门诊时间延长至21时，周末不休。
今年4月完工后移交村委会管理。
县水利局将17座小型水库纳入除险加固计划。""".splitlines()
BOTH = """首批设备5月到货，计划7月安装完毕。
农民运动会已连续办了四届，今年10月举办第五届。
镇政府上月把该桥报进县里的项目盘子，批复下来后立即组织招标。
1.与9所高校合作实施研修计划，培训学员5600人次。明年起，试行“师徒津贴”。""".splitlines()


@pytest.mark.parametrize("sentence", PROMISED)
def test_what_waits_for_an_event_a_date_or_a_condition_is_promised(sentence):
    letter = read(make_letter(sentence))

    assert [item.text for item in letter.commitments] == [sentence]
    assert letter.measures == []


@pytest.mark.parametrize("sentence", DONE)
def test_an_event_or_a_time_that_is_over_makes_no_promise(sentence):
    letter = read(make_letter(sentence))

    assert [item.text for item in letter.measures] == [sentence]
    assert letter.commitments == []


@pytest.mark.parametrize("sentence", BOTH)
def test_what_is_done_and_what_comes_after_it_stand_in_both_lists(sentence):
    letter = read(make_letter(sentence))

    assert [item.text for item in letter.measures] == [sentence]
    assert [item.text for item in letter.commitments] == [sentence]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        (
            "下一步：1.会同消防部门推行联合审查；2.推广分期付款模式。",
            ["1.会同消防部门推行联合审查；", "2.推广分期付款模式。"],
        ),
        (
            "下一阶段重点，一要增设卡口；二要建立联动机制。",
            ["下一阶段重点，一要增设卡口；", "二要建立联动机制。"],
        ),
        (
            "二、时间表和责任分工\n完成管网改造。\n责任单位：县能源局。",
            ["完成管网改造。"],
        ),
    ],
)
def test_next_steps_on_one_line_are_promises_and_their_lead_no_item(body, items):
    letter = read(make_letter(body))

    assert [item.text for item in letter.commitments] == items
    assert letter.measures == []
