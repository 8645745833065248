"""Numbers with a unit in a measure or a commitment: 1.1亿元, 九成, 第六位."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from letters import due, units
from letters.numerals import chinese_number, decimal_number, plain
from letters.piece import Piece

_UNIT = "|".join(re.escape(unit) for unit in units.UNITS)
_PER = rf"(?:/(?:{_UNIT}|[\u4e00-\u9fff]{{1,3}}))?"
_ROUGHLY = "[余多来]?"
_SCALE = "万亿|千万|百万|十万|万|亿|千(?!瓦|米|克|伏)|百"
_ARABIC = re.compile(
    rf"(?<![\d.A-Za-z第〔:])(\d{{1,15}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,8}})?) "
    rf"?{_ROUGHLY}({_SCALE})?{_ROUGHLY}"
    rf"((?:{_UNIT}){_PER}|年(?!度|来|以|内|前|底|末|初|级|期|均|间|年|代|[—至到]))"
)
_CHINESE = re.compile(
    r"(?<![一二三四五六七八九十]、)(?<![一二三四五六七八九十百千])(?<!进(?=一))(?<![\d第每同统唯之其逐某任另这那前后头])([一二三四五六七八九十百千万亿两]{1,9})"
    rf"([余多])?((?:{'|'.join(units.CHINESE_UNITS)}))(?:(?<=成)([一二三四五六七八九](?![一二三四五六七八九十个家名条])))?"
)
_PERCENT = re.compile(r"百分之([一二三四五六七八九十百]{1,4})(?:点([一二三四五六七八九]))?")
_PER_MILLE = re.compile(r"千分之([一二三四五六七八九]|\d{1,2}(?:\.\d{1,2})?)(?!\d)")
_RANK = re.compile(r"第(\d{1,3}|[一二三四五六七八九十百]{1,4})(位|名)")
_NAME = re.compile(r"《[^》]{0,200}》|“[^”]{0,14}”")
_SCALES = {
    "万": 10**4, "亿": 10**8, "万亿": 10**12, "千万": 10**7, "百万": 10**6, "十万": 10**5,
    "千": 10**3, "百": 10**2,
}  # fmt: skip
# After these the number is part of a place name (四台小学、三里街).
_PLACE_AFTER = ("地区", "小学", "中学", "片区", "街", "路", "桥", "社区", "镇", "乡", "站")
# Units that make no place name, so that 两个镇 and 七成社区 are counts.
_PLAIN_UNITS = ("个", "成", "名", "家", "所", "座")
_FIRST_OF_KIND = re.compile(r"(?:增设|新增|新建|新设|设立|增加|建成|开设|配备)(?:了)?$")
_TERMS_HELD = re.compile(r"(?:办|开)(?:了|过)?(?:连续)?$|连续[^，。]{0,4}$")
_IDLE_AFTER = ("龙", "次性", "体化", "条", "线")


@dataclass(frozen=True)
class Number:
    """A figure found in a piece: where it stands there, its plain value and unit."""

    start: int
    end: int
    value: str
    unit: str
    rank: bool = False


def find(piece: Piece) -> list[Number]:
    """The figures of a leaf in order; dates, names, ordinals and set phrases are none."""
    folded = piece.folded
    taken = bytearray(len(folded))
    for name in _NAME.finditer(folded):
        taken[name.start() : name.end()] = b"\1" * (name.end() - name.start())
    time = due.find(folded)
    if time:
        taken[time[0] : time[1]] = b"\1" * (time[1] - time[0])
    found: list[Number] = []
    for number in (*_ranks(folded), *_percents(folded), *_arabic(folded), *_chinese(folded)):
        if not any(taken[number.start : number.end]):
            found.append(number)
            taken[number.start : number.end] = b"\1" * (number.end - number.start)
    found.sort(key=lambda number: number.start)
    return [_as_printed(number, piece) for number in found]


def _as_printed(number: Number, piece: Piece) -> Number:
    """The number with its unit in the characters of the letter (26個, not 26个)."""
    end = number.end
    start = end - len(number.unit)
    if piece.folded[start:end] != number.unit or piece.text[start:end] == number.unit:
        return number
    return replace(number, unit=piece.text[start:end])


def _ranks(folded: str) -> list[Number]:
    ranks: list[Number] = []
    if "第" not in folded:
        return ranks
    for match in _RANK.finditer(folded):
        value = decimal_number(match[1])
        if value is not None:
            ranks.append(Number(*match.span(), plain(value), match[2], rank=True))
    return ranks


def _percents(folded: str) -> list[Number]:
    percents: list[Number] = []
    if "分之" not in folded:
        return percents
    for match in _PER_MILLE.finditer(folded):
        share = decimal_number(match[1])
        if share is not None:
            percents.append(Number(*match.span(), plain(share / 10), "%"))
    for match in _PERCENT.finditer(folded):
        whole = chinese_number(match[1])
        if whole is not None:
            tenth = chinese_number(match[2]) if match[2] else 0
            value = Decimal(whole) + Decimal(tenth or 0) / 10
            percents.append(Number(*match.span(), plain(value), "%"))
    return percents


def _arabic(folded: str) -> list[Number]:
    numbers = []
    for match in _ARABIC.finditer(folded):
        digits, scale, unit = match.groups()
        value = decimal_number(digits)
        if value is None or folded.startswith(units.NOT_COUNTED, match.end()):
            continue
        if unit == "年" and (
            len(digits) == 4 or re.search("[近前后过去]$", folded[: match.start()][-2:])
        ):
            continue
        if unit == "届" and not _TERMS_HELD.search(folded[: match.start()][-8:]):
            continue
        if unit == "次" and folded.startswith("会", match.end()):
            continue
        if unit == "期" and folded.startswith(("工", "项", "建"), match.end()):
            continue
        numbers.append(_number(match, value * _SCALES.get(scale or "", 1), unit))
    return numbers


def _chinese(folded: str) -> list[Number]:
    numbers = []
    for match in _CHINESE.finditer(folded):
        digits, _roughly, unit, half = match.groups()
        value = chinese_number(digits)
        if value is None or _idle(folded, match, digits, unit):
            continue
        if half:  # 三成五
            tenths = Decimal(value) * 10 + (chinese_number(half) or 0)
            numbers.append(Number(*match.span(), plain(tenths), "%"))
            continue
        scale = {"万元": 10**4, "亿元": 10**8}.get(unit)
        unit = "元" if scale else unit
        numbers.append(_number(match, Decimal(value) * (scale or 1), unit))
    return numbers


def _idle(folded: str, match: re.Match[str], digits: str, unit: str) -> bool:
    """Whether a number in characters belongs to a set phrase (一条龙、千家万户、一次)."""
    if digits in ("千", "万", "百", "亿", "千万", "百万", "万亿", "十", "千百"):
        return True
    before = folded[max(0, match.start() - 8) : match.start()]
    if digits == "一" and unit not in units.COUNTED_BY_ONE:
        return unit != "个" or not _FIRST_OF_KIND.search(before)
    if unit != "成" and before.endswith("近"):
        return True
    if unit == "届" and not _TERMS_HELD.search(before):
        return True
    if len(digits) == 2 and not set(digits) & set("十百千万亿"):
        return True  # 四五家: about so many
    after = folded[match.end() : match.end() + 3]
    places = () if unit in _PLAIN_UNITS else _PLACE_AFTER
    if after.startswith((*units.NOT_COUNTED, *places)):
        return True
    return digits == "一" and after.startswith(_IDLE_AFTER)


def _number(match: re.Match[str], value: Decimal, unit: str) -> Number:
    if unit == "成":
        return Number(*match.span(), plain(value * 10), "%")
    return Number(*match.span(), plain(value), unit)
