"""The finest item of the outline is one leaf; where there is none, the sentence is."""

from letters import read
from tests.letters.made_letters import make_letter


def measures(body):
    return [item.text for item in read(make_letter(body)).measures]


def test_an_inline_item_is_a_leaf_with_its_number_and_all_its_sentences():
    body = "一、工作情况\n（一）改善条件。一是加大投入。已投入3万元。二是新建校舍2栋。"
    assert measures(body) == [
        "一是加大投入。已投入3万元。",
        "二是新建校舍2栋。",
    ]


def test_a_numbered_line_is_a_leaf():
    assert measures("二、办理情况\n1、配齐师资。今年招聘12人；\n2、开展培训2次。") == [
        "1、配齐师资。今年招聘12人；",
        "2、开展培训2次。",
    ]


def test_numbers_inside_a_paragraph_part_it():
    assert measures("今年已做三件事：（1）修路3公里；（2）架桥1座；（3）种树200棵。") == [
        "（1）修路3公里；",
        "（2）架桥1座；",
        "（3）种树200棵。",
    ]


def test_a_run_in_heading_is_no_part_of_the_sentence_after_it():
    letter = read(make_letter("一、场地管护方面。我局已更换器材23件。"))

    assert [item.text for item in letter.measures] == ["我局已更换器材23件。"]
    assert letter.measures[0].heading == "一、场地管护方面"
    assert [section.heading for section in letter.sections] == ["一、场地管护方面"]


def test_a_marked_sentence_that_is_no_heading_keeps_its_mark():
    assert measures("一、我局已安装路灯12盏。\n二、我局已修复围栏。") == [
        "一、我局已安装路灯12盏。",
        "二、我局已修复围栏。",
    ]


def test_listed_plans_without_full_stops_are_items_and_no_headings():
    body = "三、下一步安排\n（一）年内完成标注\n（二）更换导向牌\n（三）出台办法"
    letter = read(make_letter(body))

    assert [item.text for item in letter.commitments] == [
        "（一）年内完成标注",
        "（二）更换导向牌",
        "（三）出台办法",
    ]


def test_a_full_stop_inside_quotation_marks_ends_no_sentence():
    assert len(measures("我局已张贴“爱护设施。人人有责”标语30条。")) == 1


def test_a_sentence_on_next_steps_is_cut_off_the_last_inline_item():
    letter = read(make_letter("一是已修路3公里。二是已架桥1座。下一步，我局将加装路灯。"))

    assert [item.text for item in letter.measures] == ["一是已修路3公里。", "二是已架桥1座。"]
    assert [item.text for item in letter.commitments] == ["下一步，我局将加装路灯。"]
