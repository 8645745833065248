"""Chinese numerals (一万三千、第十二、二〇二二) as numbers."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
DIGITS |= {"零": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2, "廿": 20, "壹": 1, "贰": 2, "叁": 3}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
CHINESE = "〇零○一二三四五六七八九十百千万亿两廿"
_ARABIC = re.compile(r"\d{1,20}(?:,\d{3}){0,6}(?:\.\d{1,12})?")
_LONGEST = 20  # characters; a longer run is no number a clerk wrote


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral, or None where the text is none."""
    if not text or len(text) > _LONGEST or any(char not in CHINESE for char in text):
        return None
    if not any(char in _SCALES or char in _MYRIADS for char in text):
        return int("".join(str(DIGITS[char]) for char in text)) if "廿" not in text else None
    total = section = digit = 0
    for char in text:
        if char in _MYRIADS:
            total = (total + section + digit) * _MYRIADS[char]
            section = digit = 0
        elif char in _SCALES:
            section += (digit or 1) * _SCALES[char]
            digit = 0
        else:
            digit = DIGITS[char]
    return total + section + digit


def whole_number(text: str) -> int | None:
    """A small whole number printed in Arabic or Chinese digits."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    return chinese_number(text)


def decimal_number(text: str) -> Decimal | None:
    """A number such as 1,015.5 or 一万三千."""
    if _ARABIC.fullmatch(text):
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            return None
    value = chinese_number(text)
    return None if value is None else Decimal(value)


def plain(value: Decimal) -> str:
    """A decimal as a plain string: no exponent, no idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
