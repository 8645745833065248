"""Which sentences are measures, which are commitments, and which are neither."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter

DONE = """我局已将该路段纳入2024年度农村公路养护工程计划。
该工程总投资320万元，于2022年10月竣工验收。
我局联合公安交警部门开展专项整治行动12次，查处违法行为136起。
县财政每年安排专项经费50万元用于古树名木保护。
我局高度重视，安排专人进行了实地查看。
对照明设施损坏问题，我局已督促维护单位更换灯具23盏。
城区公交线路现有15条，公交车126辆。
收到您的建议后，我局立即组织人员现场勘查。
该项目已列入2024年政府投资计划。
三条线路每日首班车提前至6时，末班车延后至21时。
我局积极争取省级补助资金200万元，用于渠道维修。
近年来，我县将校园安保纳入年度民生实事。
5月底，该路段已恢复通行。""".splitlines()
PROMISED = """我局将在今年秋季开学前完成围墙修缮。
待县财政资金落实后，我局将及时启动实施。
拟于2024年上半年启动二期工程建设。
预计2023年10月底前完成全部改造任务。
计划投资150万元，对该路段进行白改黑。
同时，加强与上级部门沟通协调，争取将该项目纳入省级盘子。
明年，我局将安排专项资金，对破损路面进行修复。
县交通运输局将会同县公安局于9月底前设置限速标志。
2024年起，将逐年增加公益性岗位。
二期工程将于2024年3月开工。""".splitlines()
BOTH = """目前，施工队伍已进场，预计8月底完工。
项目已完成立项批复，年底前开工建设。
我局已委托设计单位编制方案，待方案批准后组织实施。
宿舍楼主体已封顶，9月开学前交付使用。""".splitlines()
NEITHER = """该项目需投入资金约800万元。
您反映的情况属实。
根据《城市道路管理条例》规定，新建道路五年内不得开挖。
该建议针对性强，对推动我县旅游业发展有积极意义。
受地形条件限制，该处不具备设置公交港湾的条件。
农村公路是农民群众出行的重要通道。
近年来，随着城市规模不断扩大，交通压力日益增大。
恳请您一如既往地关心支持我们的工作。
建成后将有效缓解周边停车难问题。
目前，我县财力有限，难以承担该项目建设资金。
建议地方政府尽快完善前期手续。
（经与代表当面沟通，代表表示理解。）
对以上答复如有意见，请及时与我局联系，我局将认真改进。""".splitlines()
EXPECTED = [
    *[(sentence, True, False) for sentence in DONE],
    *[(sentence, False, True) for sentence in PROMISED],
    *[(sentence, True, True) for sentence in BOTH],
    *[(sentence, False, False) for sentence in NEITHER],
]


@pytest.mark.parametrize(("sentence", "done", "promised"), EXPECTED)
def test_a_sentence_stands_in_the_lists_where_a_careful_reader_puts_it(sentence, done, promised):
    letter = read(make_letter(sentence))

    assert [item.text for item in letter.measures] == [sentence] * done
    assert [item.text for item in letter.commitments] == [sentence] * promised


def test_a_past_month_is_no_promise_and_a_coming_one_is():
    past = read(make_letter("我局已登记破损点，5月底全部修补。"))
    coming = read(make_letter("我局已登记破损点，8月底全部修补。"))

    assert not past.commitments
    assert [item.due for item in coming.commitments] == ["8月底"]


def test_under_next_steps_all_is_promised_but_what_is_said_of_the_present():
    letter = read(
        make_letter(
            "一、下一步打算\n下一步，我局重点抓好以下工作：\n"
            "（一）加强巡查。每周巡查一遍。\n（二）完善设施。目前已安装护栏300米。年底前再装500米。"
        )
    )

    assert [item.text for item in letter.commitments] == ["每周巡查一遍。", "年底前再装500米。"]
    assert [item.text for item in letter.measures] == ["目前已安装护栏300米。"]


def test_the_same_item_twice_is_one_item():
    assert len(read(make_letter("我局已修路3公里。\n我局已修路3公里。")).measures) == 1


@pytest.mark.parametrize(
    ("sentence", "strength"),
    [
        ("我局将在2023年底前完成改造。", "firm"),
        ("我局将新建停车位200个。", "firm"),
        ("待资金到位后，我局将组织施工。", "conditional"),
        ("我局将研究制定管理办法。", "study"),
        ("我局将进一步加大宣传力度。", "soft"),
        ("我局将设置公示栏。", "stated"),
        ("下一步，研究推广新模式，由一家企业试点。", "study"),
        ("我局将与县科学研究院共建基地。", "stated"),
        ("我局将在国家批准方案后，适时启动。", "conditional"),
    ],
)
def test_the_strength_of_a_promise_follows_its_words(sentence, strength):
    assert [item.strength for item in read(make_letter(sentence)).commitments] == [strength]


@pytest.mark.parametrize(
    ("sentence", "departments"),
    [
        ("县交通运输局将会同县公安局设置标志。", ("县交通运输局", "县公安局")),
        ("由省教育厅、省民政和人事厅联合开展活动。", ("省教育厅", "省民政和人事厅")),
        ("我局将配合省医保局调整价格。", ("省医保局",)),
        ("我局将会同有关部门开展检查。", ()),
        ("我局将请县财政局研究后续安排。", ("县财政局",)),
        ("会同省财政厅加紧筹集资金。", ("省财政厅",)),
        ("由县自然资源局每半年梳理一次。", ("县自然资源局",)),
        ("会同县公安局交警大队设卡。", ("县公安局交警大队",)),
        ("加快形成校企协同的创新创业格局。", ()),
        ("配合做好基层干部培训和活动承办。", ()),
    ],
)
def test_a_promise_names_the_units_that_act_or_are_asked(sentence, departments):
    (commitment,) = read(make_letter("下一步，" + sentence)).commitments
    assert commitment.departments == departments
