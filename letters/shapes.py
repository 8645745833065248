"""What a single line looks like: a label, a date, an enumerator, a signature."""

from __future__ import annotations

import re

from letters import vocabulary as words

ALL_LABELS = sorted(
    {
        *words.SIGNATORY_LABELS,
        *words.CONTACT_LABELS,
        *words.PHONE_LABELS,
        *words.CATEGORY_LABELS,
        *words.DISCLOSURE_LABELS,
        *words.COPIED_LABELS,
        *words.CO_HANDLING_LABELS,
        *words.LEAD_LABELS,
        *words.NUMBER_LABELS,
        *words.OTHER_LABELS,
    },
    key=len,
    reverse=True,
)
# A label may be padded with blanks inside (签 发 人：), so each is matched with optional blanks.
LABEL = re.compile("(?:" + "|".join(" *".join(label) for label in ALL_LABELS) + ") *：")
_LABEL_START = re.compile(r"^[（• ]*" + LABEL.pattern)

CHINESE_DATE = r"[〇零○Oo0一二三四五六七八九十]"
DATE = re.compile(
    rf"(?:19|20)\d\d *年 *\d{{1,2}} *月 *\d{{1,2}} *日?|"
    rf"(?:19|20)\d\d *[-—./] *\d{{1,2}} *[-—./] *\d{{1,2}}(?!\d)|"
    rf"[二一][〇零○Oo0九]{CHINESE_DATE}{{2}} *年 *{CHINESE_DATE}{{1,3}} *月 "
    rf"*{CHINESE_DATE}{{1,3}} *日"
)
# A date that lost its marks in copying (2023927、2024年618日); only believed on a line of its own.
DAMAGED_DATE = re.compile(r"(?:19|20)\d\d *[年.\-/]? *\d{1,4} *[月.\-/]? *\d{0,2} *日?")

# Levels of the outline (GB/T 9704: 一、 （一） 1. （1）).
LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3} ?[、.．]")),
    (2, re.compile(r"（[一二三四五六七八九十]{1,3}）[、.]?")),
    (3, re.compile(r"\d{1,2} ?(?:[.．、]|，(?=关于))(?!\d)")),
    (4, re.compile(r"（\d{1,2}）[、.]?|[①-⑳]|\d{1,2}）")),
)
INLINE_ITEM = re.compile(
    r"(?<![^。；：，！？、”）…])(?:[一二三四五六七八九十]{1,2}[是要](?![否不])|"
    r"第[一二三四五六七八九十]{1,2}[，、])"
)
_LONGEST_SIGNATURE = 80  # characters, with its padding and a date
_SIGNING = tuple(words.SIGNING_SUFFIXES)
_SIGNATURE = re.compile(rf"(?:[{words.HAN}A-Z（）()·—]{{3,32}})")
_SEAL = re.compile(r"（(?:盖章|公章|章|印章|代章)）")
_BARE_DATE = re.compile(r"(?:19|20)\d\d\d{2,4}$")
_NO_SIGNATURE = re.compile(
    r"^(?:关于|对|以上|感谢|特此|此致|下一步|下步|附|尊敬)|答复|建议$|提案$|情况|打算|措施|工作$|"
    r"代表$|委员$|"
    r"问题|加强|推进|完善|建设$|意见"
)
_CLOSING = re.compile(
    r"^(?:此致|敬礼|顺致|特此(?:答复|函复|复函|回复|函告|说明|报告)|专此(?:答复|函复|函达|回复)|"
    r"妥否|"
    r"此(?:答?复函?|函|件|文)已?经?.{0,30}(?:审签|签发|审定|审核)|"
    r"以上(?:答复|回复|意见|函复|复函|办理|为|情况)|（?此件|（?联系(?:人|电话|单位)|（?附件)"
)


def squeeze(text: str) -> str:
    """The text without white space, for tests that do not need places."""
    return "".join(text.split())


def level_of(folded: str) -> tuple[int, int] | None:
    """(level, length of the enumerator) of a line that opens with one."""
    for level, pattern in LEVELS:
        found = pattern.match(folded)
        if found:
            return level, found.end()
    return None


def is_label(folded: str) -> bool:
    """Whether a line opens with a known label and a colon."""
    return "：" in folded and bool(_LABEL_START.match(folded))


def is_date_line(folded: str) -> bool:
    """Whether a line holds a date and nothing else."""
    bare = folded.strip(" （）。")
    return bool(DATE.fullmatch(bare) or DAMAGED_DATE.fullmatch(bare)) and len(bare) >= 6


def is_signature(folded: str) -> bool:
    """Whether a line is the name of a body standing alone, perhaps with a seal or a date."""
    if len(folded) > _LONGEST_SIGNATURE or "。" in folded or "，" in folded:
        return False
    bare = _SEAL.sub("", squeeze(folded))
    bare = DATE.sub("", bare)
    bare = _BARE_DATE.sub("", bare)
    return (
        bool(_SIGNATURE.fullmatch(bare))
        and bare.endswith(_SIGNING)
        and not _NO_SIGNATURE.search(bare)
        and level_of(bare) is None
    )


def is_closing(folded: str) -> bool:
    """Whether a line begins the end of the letter (特此答复、此致、审签语)."""
    return bool(_CLOSING.match(squeeze(folded[:_LONGEST_SIGNATURE])))
