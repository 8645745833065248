"""Advice on one matter: what is doubted, and what is rightly left alone."""

import pytest

from proposals.one_matter import doubts

REASON = (
    "城关中学周边早晚高峰候车学生超过两千人，现有候车亭仅三座，雨天学生只能站在机动车道上等车，"
    "去年以来已发生擦碰事故四起。家长和学校多次反映，均因用地未能落实而搁置。"
)
REQUEST = "请市交通运输局在2026年底前在城关中学周边增设公交候车亭十座，并优化12路公交的发车间隔。"
TITLE = "关于改善学校周边公交出行的建议"


def said(title: str = TITLE, reason: str = REASON, request: str = REQUEST) -> str:
    return " | ".join(str(words) for words in doubts(title, reason, request))


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def test_a_sound_proposal_raises_no_doubt():
    assert said() == ""


@pytest.mark.parametrize(
    "title",
    [
        "关于加快老旧小区改造的建议",
        "关于规范校外培训机构管理的建议",
        "关于加强水库与河道管理的建议",
        "关于推进医保、社保卡一卡通用的建议",
        "关于支持中医药事业发展的提案",
        "关于加快完善和规范校外培训的建议",
        "关于完善农村公路养护机制的建议（重点）",
    ],
)
def test_a_title_of_one_matter_is_left_alone(title):
    assert said(title) == ""


@pytest.mark.parametrize(
    "title",
    [
        "关于加强教师队伍建设、完善医疗保障和推进公路建设的建议",
        "关于改善公交出行以及治理河道污染的建议",
        "关于增设停车位和提高社保待遇的建议",
        "关于解决城区发展若干问题的建议",
        "关于出台一揽子惠民政策的建议",
    ],
)
def test_several_matters_in_a_title_are_told(title):
    assert "join several matters" in said(title)


@pytest.mark.parametrize("title", ["改善学校周边公交出行", "建议改善学校周边的公交出行"])
def test_the_form_of_a_title_is_told(title):
    assert "关于…的建议" in said(title)


def test_what_is_missing_is_told_field_by_field():
    assert said("", "", "").split(" | ") == [
        "It has no title yet.",
        "It gives no reason yet.",
        "It makes no concrete request yet.",
    ]
    assert "very short" in said("关于公交的建议")
    assert "reason is very short" in said(reason="候车亭太少。")


@pytest.mark.parametrize(
    "request_", ["望重视。", "此问题由来已久，群众反映强烈，影响很不好，令人担忧。"]
)
def test_a_request_that_asks_for_nothing_is_told(request_):
    assert "not concrete" in said(request=request_)


def test_points_for_quite_different_departments_are_told():
    request = "1. 在城关镇增加公办幼儿园学位三百个；\n2. 整治清溪河道，重建水库闸门；"
    assert "quite different departments" in said(request=request)
    request = "一是提高乡镇卫生院医生待遇，补足人手。二是修复进村公路，开通夜间客运班线。"
    assert "quite different departments" in said(request=request)


@pytest.mark.parametrize(
    "request_",
    [
        # One field throughout.
        "1. 在学校门口增设公交站台三座；2. 优化12路公交的发车间隔，延长末班时间。",
        # Points that hang together by another.
        "1. 建设学校停车场一处，方便接送；2. 增加学校门口的教师护学岗；3. 开通学生公交专线。",
        # A decimal is no number of a point.
        "请将全市道路养护经费提高到2.5亿元，在年底前落实专项资金。",
    ],
)
def test_points_of_one_matter_are_left_alone(request_):
    assert "different departments" not in said(request=request_)


@pytest.mark.parametrize(
    ("words", "doubt"),
    [
        ("特此举报某局局长以权谋私。", "complaint"),
        ("要求追究其刑事责任。", "complaint"),
        ("该案二审判决不公，应予改判。", "case of a court"),
        ("本案正在仲裁。", "case of a court"),
        ("我公司的项目一直没有获批。", "interest of your own"),
        ("我家的房子去年被征收。", "interest of your own"),
    ],
)
def test_what_is_not_taken_on_is_told(words, doubt):
    assert doubt in said(reason=REASON + words)


@pytest.mark.parametrize(
    "words", ["应畅通投诉渠道。", "我市公司数量逐年上升。", "本市企业反映强烈。"]
)
def test_words_that_only_look_alike_are_left_alone(words):
    assert said(reason=REASON + words) == ""


def test_a_tender_or_an_appointment_is_told_by_its_title():
    assert "appointment" in said("关于重新审查体育馆招标结果的建议")
