"""A title as pairs of neighbouring signs: no dictionary, so no word is missing from it."""

from __future__ import annotations

import re

# 关于…的建议 stands around every title and says nothing of the matter.
FRAME = re.compile(
    r"^\W*关于"
    r"|的?(?:若干|几点)?(?:建议|提案|议案)[案书]?(?=(?:\W*[(（][^()（）]*[)）])?\W*$)"
)
# White space and quotation marks interrupt nothing; every other mark ends a run of signs.
JOINED = re.compile(r"""[\s"'“”‘’「」『』]+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[\s"'“”‘’「」『』]+""")
RUN = re.compile(r"[^\W_]+(?: +[^\W_]+)*")
# A Latin word or a number is one unit, any other sign is one by itself.
UNIT = re.compile(r"[0-9a-z]+|[^\W_]")
LONGEST_UNIT = 20


def grams(title: str) -> list[str]:
    """The pairs of neighbouring units of a folded title, and its Latin words; each once."""
    found: dict[str, None] = {}
    for run in RUN.findall(JOINED.sub("", FRAME.sub("", title.strip()))):
        units = [unit[:LONGEST_UNIT] for unit in UNIT.findall(run)]
        for unit, following in zip(units, [*units[1:], ""], strict=True):
            if unit.isascii():
                found[unit] = None
            if following:
                between = " " if unit.isascii() and following.isascii() else ""
                found[f"{unit}{between}{following}"] = None
    return list(found)
