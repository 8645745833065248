"""Numbers as Word's automatic numbering prints them (ECMA-376 part 1, 17.18.59 ST_NumberFormat).

Only what stands in Chinese letters; an unknown format prints as decimal, which keeps the order
right.
"""

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
UNITS = ("", "十", "百", "千")
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
LEGAL_UNITS = ("", "拾", "佰", "仟")
HEAVENLY_STEMS = "甲乙丙丁戊己庚辛壬癸"
EARTHLY_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def counting(number: int, digits: str = DIGITS, units: tuple[str, ...] = UNITS) -> str:
    """一, 十, 十一, 二十, 一百零一: up to 9,999, beyond that decimal."""
    if not 0 < number < 10_000:
        return str(number)
    parts: list[str] = []
    gap = False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit == 0:
            gap = gap or bool(parts)
            continue
        if gap:
            parts.append("零")
            gap = False
        parts.append(digits[digit] + units[power])
    text = "".join(parts)
    # 十一, not 一十一; the legal forms keep 壹拾壹
    return text[1:] if text.startswith("一十") else text


def legal(number: int) -> str:
    """壹, 壹拾, 贰拾壹."""
    return counting(number, LEGAL_DIGITS, LEGAL_UNITS)


def digital(number: int) -> str:
    """一, 一〇, 一一: digit by digit."""
    return "".join(DIGITS[int(digit)] for digit in str(number))


def letters(number: int) -> str:
    """a … z, aa, bb: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def roman(number: int) -> str:
    """i, ii, iv."""
    text = ""
    for size, sign in ROMAN:
        text += sign * (number // size)
        number %= size
    return text


def circled(number: int) -> str:
    """① … ⑳, ㉑ … ㊿."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(start + number - first)
    return str(number)


def in_row(start: int, size: int) -> Callable[[int], str]:
    """Signs that stand in a row in Unicode: ⑴ … ⒇, ⒈ … ⒛, ㈠ … ㈩."""
    return lambda number: chr(start + number - 1) if number <= size else str(number)


def cycle(signs: str) -> Callable[[int], str]:
    """甲乙丙… and 子丑寅…, from the beginning again after the last."""
    return lambda number: signs[(number - 1) % len(signs)]


def full_width(number: int) -> str:
    """１２."""
    return "".join(chr(0xFF10 + int(digit)) for digit in str(number))


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": full_width,
    "decimalFullWidth2": full_width,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": in_row(0x2474, 20),
    "decimalEnclosedFullstop": in_row(0x2488, 20),
    "ideographEnclosedCircle": in_row(0x3280, 10),
    "chineseCounting": counting,
    "chineseCountingThousand": counting,
    "taiwaneseCounting": counting,
    "taiwaneseCountingThousand": counting,
    "japaneseCounting": counting,
    "chineseLegalSimplified": legal,
    "ideographLegalTraditional": legal,
    "ideographDigital": digital,
    "japaneseDigitalTenThousand": digital,
    "taiwaneseDigital": digital,
    "ideographTraditional": cycle(HEAVENLY_STEMS),
    "ideographZodiac": cycle(EARTHLY_BRANCHES),
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "none": lambda _: "",
}


def numeral(number: int, number_format: str) -> str:
    """A number in one of Word's formats. Zero and huge numbers print as decimal in every format."""
    if not 0 < number < 10_000:
        return str(number)
    return FORMATS.get(number_format, str)(number)
