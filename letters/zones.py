"""The parts of a letter: what stands before the salutation, the opening, the body, the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from letters import addressees, shapes
from letters.addressees import Salutation
from letters.piece import Piece

# The sentence that ends the opening: 现答复如下：  现提出如下会办意见，供…参考：
_OPENING_END = re.compile(
    r"(?:答复|回复|函复|复函|汇报|说明|意见|情况|报告|反馈|汇总|函告|办理|回告|提出)"
    r"(?:(?!采取|措施|做好|重点|开展|推进)[^。：！]){0,12}(?:如下|以下)"
    r"(?:(?!采取|措施|做好|工作)[^。：！？；]){0,40}(?:[。：；！]|$)"
)
_RECEIVED = re.compile(
    r"(?:收悉|已?悉|收到|转我[局厅委办部]|已?转交?.{0,8}|已?交.{0,8}(?:办理|研究)|"
    r"答复如下)[^。！：]{0,60}(?:[。！：]|$)"
)
# An opening that neither says 收悉 nor 如下: 您提出的关于…的建议，我局高度重视…
_ASKED = re.compile(
    r"(?:您|你|贵)[^。：]{0,60}(?:提出|提交|反映)?[^。：]{0,120}?(?:建议|提案|议案|"
    r"意见)[^，。：]{0,16}[，。：]"
)
_OPENS = re.compile(r"(?:您|你|贵).{0,20}提出|收悉|答复如下|(?:建议|提案).{0,20}(?:收到|悉|转)")
_TITLE = re.compile(
    r"(?:建议|提案|议案|意见|号)(?:的|办理|》|”|）)*.{0,8}(?:答复|复函|函|意见|摘要|报告|回复|"
    r"情况)|的$"
)
_FOOT_LABEL_ONLY = re.compile(r"^[（ ]*(?:附件|附|联系单位|抄送|抄报|主送|印发)")
_FOOT_MARK = re.compile(r"^[（ ]*(?:此件|本件|联系人|联系电话|公开属性)|^[A-D甲乙丙丁]类$")
_SENTENCE_END = re.compile(r"[。！!]")
_COUNT = re.compile(r"\d[\d.,]{0,8}[万亿余]*$(?<!20\d\d)")
_OPENING_PARAGRAPHS = 4
_OPENING_LONGEST = 1200


@dataclass
class Zones:
    """A letter's paragraphs by the part they stand in; `opening` is one piece per paragraph."""

    head: list[Piece] = field(default_factory=list)
    salutation: Salutation | None = None
    opening: list[Piece] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    foot: list[Piece] = field(default_factory=list)
    has_opening: bool = False


def divide(paragraphs: list[Piece]) -> Zones:
    """Tell the parts of the letter apart."""
    zones = Zones()
    rest = _after_salutation(paragraphs, zones)
    if zones.salutation is None:
        rest = _after_head(paragraphs, zones)
    rest = _after_opening(rest, zones)
    _split_foot(rest, zones)
    return zones


def _after_salutation(paragraphs: list[Piece], zones: Zones) -> list[Piece]:
    for at, paragraph in enumerate(paragraphs):
        if shapes.is_label(paragraph.folded):
            continue
        following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        found = addressees.find(paragraph, following)
        if found is None:
            continue
        start, salutation = found
        zones.salutation = salutation
        zones.head = paragraphs[:at] + ([paragraph.cut(0, start)] if start else [])
        rest = paragraph.cut(salutation.end)
        return ([rest] if rest.text else []) + paragraphs[at + 1 :]
    return paragraphs


def _after_head(paragraphs: list[Piece], zones: Zones) -> list[Piece]:
    """Without a salutation the letter starts at its opening, or after the last title line."""
    for at, paragraph in enumerate(paragraphs):
        if not shapes.is_label(paragraph.folded) and (
            _OPENS.search(paragraph.folded) and re.search("[，。：]", paragraph.folded)
        ):
            zones.head = paragraphs[:at]
            return paragraphs[at:]
    titles = [
        at
        for at, paragraph in enumerate(paragraphs)
        if len(paragraph) < 120 and _TITLE.search(paragraph.squeezed.folded)
    ]
    start = titles[0] + 1 if titles else 0
    while start < len(paragraphs) and shapes.is_label(paragraphs[start].folded):
        start += 1
    zones.head = paragraphs[:start]
    return paragraphs[start:]


def _after_opening(rest: list[Piece], zones: Zones) -> list[Piece]:
    """Take the opening off: up to 现答复如下, or else the sentence that says 收悉."""
    for pattern in (_OPENING_END, _RECEIVED, _ASKED):
        seen = 0
        for at, paragraph in enumerate(rest[: 1 if pattern is _ASKED else _OPENING_PARAGRAPHS]):
            if shapes.level_of(paragraph.folded) or seen > _OPENING_LONGEST:
                break
            found = pattern.search(paragraph.folded, 0, _OPENING_LONGEST)
            if found:
                zones.opening = [*rest[:at], paragraph.cut(0, found.end())]
                zones.has_opening = True
                remainder = paragraph.cut(found.end())
                return ([remainder] if remainder.text else []) + rest[at + 1 :]
            seen += len(paragraph)
    return rest


def _split_foot(rest: list[Piece], zones: Zones) -> None:
    for at, paragraph in enumerate(rest):
        if _begins_foot(paragraph.folded) and not _body_goes_on(rest[at:]):
            zones.foot = rest[at:]
            break
        body, tail = _cut_tail(paragraph)
        if body.text:
            zones.body.append(body)
        if tail is not None:
            zones.foot = [tail, *rest[at + 1 :]]
            break


def _body_goes_on(rest: list[Piece]) -> bool:
    """Whether what looks like the end has whole paragraphs of text before any signature."""
    if re.match("[（ ]*附", rest[0].folded):
        return False
    for line in rest:
        folded = line.folded
        if shapes.is_date_line(folded) or shapes.is_signature(folded):
            return False
        if line is not rest[0] and shapes.is_label(folded):
            return False
        if len(line) >= 60 and folded.endswith("。") and not _begins_foot(folded):
            return True
    return False


def _begins_foot(folded: str) -> bool:
    return (
        shapes.is_label(folded)
        or shapes.is_date_line(folded)
        or shapes.is_signature(folded)
        or shapes.is_closing(folded)
        or bool(_FOOT_MARK.match(shapes.squeeze(folded)))
    )


def _cut_tail(paragraph: Piece) -> tuple[Piece, Piece | None]:
    """Part a paragraph from the signature, date or labels that follow its last sentence."""
    ends = [found.end() for found in _SENTENCE_END.finditer(paragraph.folded)]
    for end in ends[-4:]:
        tail = paragraph.cut(end)
        if tail.text and (_begins_foot(tail.folded) or shapes.DATE.match(tail.folded)):
            return paragraph.cut(0, end), tail
        words = tail.folded.split(" ")
        # 新增自动监测站 4 座 ends like a body before its number and signs nothing.
        signs = len(words) > 1 and not _COUNT.match(words[1])
        if len(tail) < 80 and signs and shapes.is_signature(words[0]):
            return paragraph.cut(0, end), tail
        if (
            0 < len(tail) < 60
            and shapes.DATE.search(tail.folded)
            and shapes.is_signature(tail.folded)
        ):
            return paragraph.cut(0, end), tail
    return paragraph, None
