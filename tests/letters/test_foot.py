"""Issuer, date, signatory, contact and copies at the letter's end."""

import pytest

from letters import read
from tests.letters.made_letters import make_letter


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("2023年6月15日", "2023-06-15"),
        ("2023 年 6 月 15日", "2023-06-15"),
        ("二〇二三年六月十五日", "2023-06-15"),
        ("2023-6-15", "2023-06-15"),
        ("２０２３年６月１５日", "2023-06-15"),
        ("2023927", "2023-09-27"),
        ("2023年615日", "2023-06-15"),
    ],
)
def test_the_date_is_read_in_every_form_and_mended(line, iso):
    assert read(make_letter(foot=f"青山县教育局\n{line}")).date == iso


def test_a_date_that_can_mean_two_days_is_left_to_the_clerk():
    letter = read(make_letter(foot="青山县教育局\n2023111"))

    assert letter.date is None
    assert "落款日期缺字，可能是2023-01-11或2023-11-01，请核对。" in letter.warnings


def test_the_web_pages_dates_and_phone_are_not_the_letters():
    letter = read(
        "发布时间：2023-09-01 来源：县政府办 阅读次数：12\n"
        + make_letter()
        + "\n主办：青山县人民政府办公室 电话：0999-5550133\n"
        + "版权所有：青山县\n联系电话：0999-5550134"
    )
    assert letter.date == "2023-06-15"
    assert letter.contact_phone is None


def test_a_date_under_printing_is_not_the_letters():
    assert read(make_letter(foot="青山县教育局办公室\n2023年6月20日印发")).date is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("签发人：林 远", "林远"),
        ("领导署名：林远", "林远"),
        ("领导签发：林远    经办人：王小五", "林远"),
        ("此复函已经我局林远局长审签。", "林远"),
        ("此答复已经县教育局党组书记、局长林远同志审签。", "林远"),
        ("此答复已经局长林远审签。", "林远"),
        ("此答复已经局长办公会审定。", None),
        ("主管领导：林远", None),
        ("承办负责人：林远", None),
        ("领导签字：", None),
    ],
)
def test_the_signatory_is_who_signed_the_letter_off(line, name):
    assert read(make_letter(foot=f"{line}\n青山县教育局\n2023年6月15日")).signatory == name


@pytest.mark.parametrize(
    ("line", "person", "phone"),
    [
        ("联系人：王 五    联系电话：0591-8712345", "王五", "0591-8712345"),
        ("（联系人及电话：王小五 0999- 65550127）", "王小五", "0999- 65550127"),
        ("经办人及联系电话:王小五:0999—5550136", "王小五", "0999—5550136"),
        (
            "承办负责人:易  波 邮编:499100\n承  办  人:王小五 电话:13705550162",
            "王小五",
            "13705550162",
        ),
        ("主管领导：赵六 电话：1111111\n经办人姓名：王小五 电话：2222222", "王小五", "2222222"),
        ("联系人及方式：王小五 0999-5550018", "王小五", "0999-5550018"),
        ("经办：王小五，0999-5550512", "王小五", "0999-5550512"),
        ("联系人及电话：王小五 6555 0821", "王小五", "6555 0821"),
        ("联系单位及电话:发展计划司 010-65550182", None, "010-65550182"),
        ("联系人：规划处 王小五，联系电话：8712345", "王小五", "8712345"),
    ],
)
def test_the_contact_is_the_clerk_and_the_phone_beside_the_name(line, person, phone):
    letter = read(make_letter(foot=f"{line}\n青山县教育局\n2023年6月15日"))
    assert (letter.contact_person, letter.contact_phone) == (person, phone)


def test_copies_are_parted_and_may_run_over_a_line():
    letter = read(
        make_letter(
            foot="青山县教育局\n2023年6月15日\n抄送：县人大常委会（1份）；县政\n府督查室、县委办。"
        )
    )
    assert letter.copied_to == ["县人大常委会", "县政府督查室", "县委办"]


def test_the_issuer_is_taken_from_the_signature_then_the_title_then_the_page():
    signed = read(make_letter())
    titled = read(make_letter(foot="2023年6月15日"))
    title = "关于县十届人大二次会议第12号建议的答复"
    paged = read("发布机构：教育局\n" + make_letter(title=title, foot=""))

    assert signed.issuer == titled.issuer == "青山县教育局"
    assert paged.issuer == "教育局"
    assert "网页" in paged.inferred["issuer"]


def test_a_letter_on_one_line_is_taken_apart():
    letter = read(
        "青山县教育局关于县十届人大二次会议第12号建议的答复 张小山代表： "
        "您提出的关于修路的建议收悉。现答复如下： "
        "我局已修路3公里。 感谢您的关心。 青山县教育局 2023年6月2日"
    )
    assert letter.addressees == ["张小山"]
    assert letter.issuer == "青山县教育局"
    assert letter.date == "2023-06-02"
    assert [item.text for item in letter.measures] == ["我局已修路3公里。"]
