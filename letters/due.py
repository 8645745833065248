"""The time a commitment names (时限): where it stands, and the last day it means."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

from letters.fold import fold
from letters.numerals import whole_number

_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"
_YEAR = r"(?:20\d\d|今|明|后|本|当)年度?"
_DAY = r"(?:\d{1,2}[日号]|[上中下]旬|底|末|份|初|中)"
_EDGE = r"(?:之前|以前|前后|前|起|开始|以内|内)"
_SEASON = (
    r"(?:春季|夏季|秋季|冬季|春节|汛期|上半年|下半年|年底|年末|年初|底|末|初|内|"
    r"第?[一二三四1-4]个?季度)"
)
_EVENT = (
    r"春节|元旦|国庆节?|中秋节?|五一|清明节?|汛期|雨季|主汛期|入冬|入汛|供暖季?|采暖季|秋收|春耕|"
    r"春播|秋播|开学|大修|高考|中考|"
    r"暑期|暑假|寒假|封冻|上冻|冬季|换届"
)
_PATTERN = re.compile(
    rf"{_NUMBER}(?:个月|年|天|日|周|个季度)(?:之内|以内|内)|"
    rf"(?:每年)?(?:{_YEAR})?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:{_DAY}(?:{_EDGE}|"
    rf"开学前)?|开学前|{_EDGE})|"
    rf"{_YEAR}(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?!以来)|"
    rf"{_YEAR}(?:{_SEASON})?(?:学期)?{_EDGE}?(?!以来)|"
    rf"(?:年底|年末|月底|月末|季度末|学期末){_EDGE}|(?<=[到在于至])(?:年底|年末|月底)|"
    r"(?<=计划|预计|将于|拟于|计于|力争|争取)(?:今年)?\d{1,2}月|"
    rf"(?:年内|上半年|下半年){_EDGE}?|"
    rf"(?:{_EVENT})(?:之前|以前|前|过后|后|期间)|"
    r"“?十[三四五六]五”?(?:末|期间|时期)|近期|近日|本月底?|本学期|本届政府任期内"
)
_DURATION = re.compile(rf"^({_NUMBER})(个月|个工作日|年|天|日|周|个季度)(?:之内|以内|内)$")
# 路面恢复后一个月内: the time counts from an event that stands before it.
_EVENT_BEFORE = re.compile(r"(?:(?<=[在于待将自])|^)[^在于待将自，。；]{2,8}后$")
_TIME_WORD = re.compile("[年月日天周内前后期底末]|季度")
_SERVICE_TIME = re.compile(r"(?:压缩|缩短|缩减|减少|控制|不超过|延长|[至到在])(?:[至到为在])?$")
_NOT_BEFORE = re.compile(r"原计划于?|原定于?|截至|截止|历年|近$|第$|〔$|—$")
_NOT_AFTER = re.compile(
    r"以来|度(?:计划|报告|预算)|[一二三四五六七八九十\d]{1,2}个?(?:月|季度)|工作要点|版|—|至\d"
)
_FIXED_DAYS = {"国庆": (9, 30), "五一": (4, 30), "元旦": (12, 31)}
_SEASON_ENDS = {"春季": (5, 31), "夏季": (8, 31), "秋季": (11, 30), "冬季": (12, 31)}
_TERM_STARTS = {"春季": (3, 1), "秋季": (9, 1)}


@lru_cache(maxsize=512)
def find(folded: str) -> tuple[int, int] | None:
    """Where a commitment prints its time; None where it prints none.

    Frequencies (每季度) and service times (压缩至7个工作日以内) are no time of the commitment.
    """
    if not _TIME_WORD.search(folded):
        return None
    for found in _PATTERN.finditer(folded):
        before = folded[max(0, found.start() - 6) : found.start()]
        is_duration = bool(_DURATION.match(found[0]))
        if is_duration and _SERVICE_TIME.search(before):
            continue
        if _NOT_BEFORE.search(before):
            continue
        if _NOT_AFTER.match(folded, found.end()):
            continue
        event = _EVENT_BEFORE.search(folded[max(0, found.start() - 10) : found.start()])
        return found.start() - (len(event[0]) if event and is_duration else 0), found.end()
    return None


def resolve(due_text: str | None, letter_date: date | None) -> date | None:
    """The last day a printed time allows, counted from the letter's date; None if it is no date.

    2023年底前 -> 2023-12-31, 9月底前 -> that of the letter's year (or the next, once past),
    明年6月 -> June 30 of the next year, 三年内 -> three years on, 资金到位后 -> None.
    """
    if not due_text:
        return None
    text = fold(due_text)
    counted = _DURATION.match(text)
    if counted:
        return _after(letter_date, whole_number(counted[1]), counted[2])
    if re.search(r"后.+内$", text):
        return None
    year = _year(text, letter_date)
    month = re.search(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月", text)
    if month:
        return _month_day(text, year, whole_number(month[1]), letter_date)
    year = year or (letter_date.year if letter_date else None)
    if year is None or not 1900 <= year <= 2200:
        return None
    return _part_of_year(text, year, explicit=bool(re.search(r"20\d\d年|[今明后本当]年", text)))


def _year(text: str, letter_date: date | None) -> int | None:
    printed = re.search(r"(20\d\d)年", text)
    if printed:
        return int(printed[1])
    if letter_date is None:
        return None
    for word, ahead in (("后年", 2), ("明年", 1), ("今年", 0), ("本年", 0), ("当年", 0)):
        if word in text:
            return letter_date.year + ahead
    return None


def _month_day(
    text: str, year: int | None, month: int | None, letter_date: date | None
) -> date | None:
    if month is None or not 1 <= month <= 12 or "月开学" in text and letter_date is None:
        return None
    day = re.search(r"月(\d{1,2})[日号]", text)
    starts = bool(re.search(r"月(?:份)?(?:起|开始)|初", text))
    deadline = bool(re.search("前|底|末|内|每年", text))
    for candidate in [year] if year else _years_ahead(letter_date):
        last = calendar.monthrange(candidate, month)[1]
        number = int(day[1]) if day else _day_in_month(text, last, starts)
        if not 1 <= number <= last:
            return None
        resolved = date(candidate, month, number)
        if year or letter_date is None or resolved >= letter_date or not deadline:
            return resolved
    return None


def _years_ahead(letter_date: date | None) -> list[int]:
    return [letter_date.year, letter_date.year + 1] if letter_date else []


def _day_in_month(text: str, last: int, starts: bool) -> int:
    if starts or "开学" in text:
        return 1
    return 10 if "上旬" in text else 20 if "中旬" in text else last


def _part_of_year(text: str, year: int, *, explicit: bool) -> date | None:
    quarter = re.search(r"第?([一二三四1-4])个?季度", text)
    if quarter:
        month = 3 * (whole_number(quarter[1]) or 1)
        return date(year, month, calendar.monthrange(year, month)[1])
    for season, (month, day) in (_TERM_STARTS if "学期" in text else _SEASON_ENDS).items():
        if season in text:
            return date(year, month, day)
    for feast, (month, day) in _FIXED_DAYS.items():
        if feast in text and "前" in text:
            return date(year, month, day)
    if "上半年" in text:
        return date(year, 6, 30)
    if re.search("年初|年度?起|年开始", text):
        return date(year, 1, 1) if explicit and "起" in text else date(year, 3, 31)
    if re.search("春节|汛|雨季|入冬|供暖|采暖|中秋|清明|期间|开学|学期", text):
        return None
    if explicit or re.search("年底|年末|年内|下半年", text):
        return date(year, 12, 31)
    return None


def _after(letter_date: date | None, count: int | None, unit: str) -> date | None:
    if letter_date is None or not count:
        return None
    if unit in ("天", "日"):
        return letter_date + timedelta(days=count)
    if unit == "周":
        return letter_date + timedelta(weeks=count)
    if unit == "个工作日":
        return None  # needs a holiday calendar
    months = {"年": 12, "个季度": 3}.get(unit, 1) * count
    year, month = divmod(letter_date.year * 12 + letter_date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(letter_date.day, last))
