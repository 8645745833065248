"""Chinese numerals, as sessions are counted."""

DIGITS = "零一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """`13` -> `十三`; from 1 to 99, beyond that the Arabic figures."""
    if not 0 < number < 100:
        return str(number)
    tens, units = divmod(number, 10)
    words = "十" if tens == 1 else f"{DIGITS[tens]}十" if tens else ""
    return words + (DIGITS[units] if units else "")
