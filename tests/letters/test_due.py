"""The time a promise prints, and the last day it means."""

from datetime import date

import pytest

from letters import due, read
from tests.letters.made_letters import make_letter

LETTER_DATE = date(2023, 6, 15)


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("我局将在2023年底前完成改造。", "2023年底前"),
        ("我局将于9月底前完成改造。", "9月底前"),
        ("我局将自2024年1月1日起执行新标准。", "2024年1月1日起"),
        ("到2025年，我局将实现全覆盖。", "2025年"),
        ("我局将在路面恢复后一个月内完成安装。", "路面恢复后一个月内"),
        ("我局将于春节前交付。", "春节前"),
        ("资金到位后，我局将组织施工。", None),
        ("我局将每季度巡查一次。", None),
        ("我局将实行3个工作日内办结。", None),
        ("我局将对2000年至2005年建成的小区进行改造。", None),
        ("我局将把时限压缩至7个工作日以内。", None),
    ],
)
def test_the_printed_time_is_kept_as_printed(sentence, printed):
    assert [item.due for item in read(make_letter(sentence)).commitments] == [printed]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2023年底前", date(2023, 12, 31)),
        ("9月底前", date(2023, 9, 30)),
        ("3月底前", date(2024, 3, 31)),
        ("今年下半年", date(2023, 12, 31)),
        ("明年上半年", date(2024, 6, 30)),
        ("明年6月", date(2024, 6, 30)),
        ("2024年2月", date(2024, 2, 29)),
        ("2024年1月1日起", date(2024, 1, 1)),
        ("2024年秋季学期起", date(2024, 9, 1)),
        ("2024年第一季度", date(2024, 3, 31)),
        ("年底前", date(2023, 12, 31)),
        ("国庆节前", date(2023, 9, 30)),
        ("三年内", date(2026, 6, 15)),
        ("6个月内", date(2023, 12, 15)),
        ("30天内", date(2023, 7, 15)),
        ("路面恢复后一个月内", None),
        ("资金到位后", None),
        ("春节前", None),
        ("7个工作日内", None),
        ("2023年13月底前", None),
        ("", None),
        (None, None),
    ],
)
def test_a_printed_time_means_a_last_day_or_none(printed, day):
    assert due.resolve(printed, LETTER_DATE) == day


def test_without_the_letters_date_only_full_dates_resolve():
    assert due.resolve("2024年底前", None) == date(2024, 12, 31)
    assert due.resolve("9月底前", None) is None
    assert due.resolve("三年内", None) is None
