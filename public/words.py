"""Words that several pages use: roles, rounds, enumerations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ROLE_WORDS: dict[str, str | Promise] = {
    "lead": gettext_lazy("Lead department"),
    "sole": gettext_lazy("Sole handling"),
    "separate": gettext_lazy("Separate handling"),
    "co_handling": gettext_lazy("Co-handling department"),
}
STRENGTH_WORDS: dict[str, str | Promise] = {
    "firm": gettext_lazy("Firm: with a date or a number"),
    "stated": gettext_lazy("Stated"),
    "soft": gettext_lazy("Soft: only more of the same"),
    "study": gettext_lazy("To be studied"),
    "conditional": gettext_lazy("Conditional"),
}
ROUNDS = (
    gettext_lazy("First round"),
    gettext_lazy("Second round"),
    gettext_lazy("Third round"),
    gettext_lazy("Fourth round"),
)


# What counts a sentence in its letter: （二）, 3., ②, 二是. A number that says how many stays.
ENUMERATOR = re.compile(
    r"\s*(?:[（(](?:[一二三四五六七八九十]+|\d{1,2})[）)]|[一二三四五六七八九十]+(?:是|、)"
    r"|\d{1,2}(?:、|[.．](?=\D|20\d\d年))|[①-⑳])[，、\s]*"
)


def unnumbered(text: str) -> str:
    """The sentence as a row of a list has it: without its number in the letter."""
    number = ENUMERATOR.match(text)
    return text[number.end() :] or text if number else text


def round_words(number: int) -> str:
    if 1 <= number <= len(ROUNDS):
        return str(ROUNDS[number - 1])
    return _("Round %(number)s") % {"number": number}


def joined(names: Iterable[str]) -> str:
    """Names in a row, with the mark that the language puts between them."""
    row = ""
    for name in names:
        row = _("%(names)s, %(name)s") % {"names": row, "name": name} if row else name
    return row
