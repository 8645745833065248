"""The body's outline (一、 （一） 1. 一是) and its leaves: the finest items, or sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from letters.blocks import Block, block_of
from letters.letter import Section
from letters.piece import Piece, join
from letters.shapes import INLINE_ITEM, level_of


@dataclass(frozen=True)
class Leaf:
    """The smallest stretch that is one measure or one commitment."""

    piece: Piece
    heading: str | None
    block: Block
    enumerated: bool = False
    forward: bool = False  # it follows 下一步 in its paragraph or under its lead-in


@dataclass
class Outline:
    """Headings and leaves, in the order of the text."""

    sections: list[Section] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)


FORWARD = re.compile(
    r"^(?:（[^）]{0,20}）)?(?:为此|因此|同时|此外|对此|另外)?[，]?(?:结合[^，。]{0,30}，|"
    r"针对[^，。]{0,40}，|按照[^，。]{0,40}，)?"
    r"(?:我们|我[局厅委部办市县区省院镇乡]|我(?:单位|公司|中心|街道)|本[局厅委])?在?"
    r"(?:下一?步|下一?阶段|接下来|今后|后续|未来|下半年|明年)(?:的|工作|重点|中|时间|几年|一段时期|里|"
    r"内|，|：|我|将|要)"
)
LEAD_IN = re.compile(r"(?:：|(?:以下|如下|下列|几个?方面|几项|几点)[^，。：]{0,14}[：。，]?)$")
_SENTENCE = re.compile(r"[^。！？!?]*(?:[。！？!?]+[”’）》]*|$)")
_HEADING_LONGEST = 45
_RUN_IN_LONGEST = 42
_ACTING = re.compile(
    r"我[局厅委部办市县区省镇院们]|本[局厅委]|已|将|了(?!解)|\d+(?:\.\d+)?(?:万|亿|个|家|人|公里|"
    r"米|元|%)|目前|今年|需要|您|你"
)
_RUN_IN_COLON = re.compile(
    r"^(?:关于[^，。：；]{2,40}|[^，。：；]{2,24}(?:方面|问题|情况|建议|措施|工作))(?:的(?:建议|"
    r"问题|答复|情况))?："
)
_CLOSES = re.compile(r"(?:再次|衷心|非常|最后，?)?感谢|以上|特此|专此|此致|此复")
_BARE_HEADING = re.compile(r"情况|打算|措施|工作|计划|现状|问题|安排|进展|建议|做法|成效|说明|意见")
# ——强化系统保护。完成… and 关于“推广保险”。这项工作…: a heading without a number.
_UNNUMBERED_HEADING = re.compile(
    r"(?:(?:——|—|-{1,2}|[●■◆▲★])[^，。：；]{2,24}|关于“[^”]{2,40}”(?:的?(?:建议|问题))?)。(?=.)"
)
_NUMBERED_INLINE = re.compile(
    r"(?:(?<=[。；：，！])|^)(?:(\d{1,2})[.、](?!\d)|（(\d{1,2})）|([①-⑳]))"
)


@dataclass
class _Heading:
    level: int
    text: str
    block: Block


class _Walk:
    """One walk down the body, keeping the headings above the current paragraph."""

    def __init__(self, body: list[Piece]) -> None:
        self.paragraphs = [piece.squeezed for piece in body]
        self.outline = Outline()
        self.above: list[_Heading] = []
        self.item_level: int | None = None  # level of the line before, where that was an item
        self.forward_from: int | None = None  # level of the section with an open 下一步 lead-in

    def run(self) -> Outline:
        for at, paragraph in enumerate(self.paragraphs):
            if not paragraph.text:
                continue
            following = self.paragraphs[at + 1] if at + 1 < len(self.paragraphs) else None
            marked = level_of(paragraph.folded)
            if marked is None:
                self.item_level = None
                self._unmarked(paragraph, following)
            else:
                self._marked(paragraph, following, marked)
        return self.outline

    def _unmarked(self, paragraph: Piece, following: Piece | None) -> None:
        folded = paragraph.folded
        bare = (
            following is not None and len(folded) <= 25 and not re.search("[，。；：！？]", folded)
        )
        if bare and _BARE_HEADING.search(folded) and not _ACTING.search(folded):
            self._enter(1, paragraph)
            return
        opened = _UNNUMBERED_HEADING.match(folded)
        if opened and not _ACTING.search(re.sub("“[^”]{0,60}”", "", opened[0])):
            self._enter(3, paragraph.cut(0, opened.end()))
            paragraph = paragraph.cut(opened.end())
        self._text(paragraph)

    def _marked(self, paragraph: Piece, following: Piece | None, marked: tuple[int, int]) -> None:
        level, length = marked
        folded = paragraph.folded
        if self._is_heading_line(folded, following, level):
            self.item_level = None
            self._enter(level, paragraph)
            return
        self.item_level = level if "。" not in folded else None
        if level >= 3:
            self._close(level)
            self._item(paragraph, length)
            return
        end = _run_in_heading(folded, length)
        if end:
            self._enter(level, paragraph.cut(0, end))
            self._text(paragraph.cut(end))
            return
        self._close(level)
        self._text(paragraph)

    def _is_heading_line(self, folded: str, following: Piece | None, level: int) -> bool:
        """A short marked line without a full stop, with something beneath it."""
        if len(folded) > _HEADING_LONGEST or re.search("[。；！？]", folded):
            return False
        if self.item_level == level or following is None or _CLOSES.match(following.folded):
            return (
                level == 1
                and self.item_level is None
                and self.forward_from is None
                and not _ACTING.search(folded)
            )
        beneath = level_of(following.folded)
        if beneath and beneath[0] == level and (level >= 2 or self.forward_from is not None):
            return False
        return level < 3 or not _ACTING.search(folded)

    def _enter(self, level: int, heading: Piece) -> None:
        self._close(level)
        text = heading.text.rstrip("。：:. ")
        inherited = self.above[-1].block if self.above else Block.PLAIN
        self.above.append(_Heading(level, text, block_of(heading.folded, inherited)))
        span = heading.span()
        self.outline.sections.append(Section(text, level, span.start, span.end))

    def _close(self, level: int) -> None:
        while self.above and self.above[-1].level >= level:
            self.above.pop()
        if self.forward_from is not None and self.forward_from >= level:
            self.forward_from = None

    def _item(self, paragraph: Piece, length: int) -> None:
        """A numbered paragraph: one leaf, or the finer items inside it."""
        lead, items = _inline_items(paragraph, length)
        if not items:
            self._add(paragraph, enumerated=True, forward=self._forward())
            return
        if len(lead) > _RUN_IN_LONGEST:
            self._sentences(lead)
        for item in items:
            self._add(item, enumerated=True, forward=self._forward())

    def _text(self, paragraph: Piece) -> None:
        lead, items = _inline_items(paragraph, 0)
        if items:
            lead, items = _rejoin(lead, items)
        forward = self._sentences(lead)
        if not items:
            return
        forward = forward or bool(FORWARD.match(items[0].folded))
        last, rest = _break_off(items[-1])
        for item in [*items[:-1], last]:
            self._add(item, enumerated=True, forward=forward or self._forward())
        if rest.text:
            self._sentences(rest)

    def _sentences(self, text: Piece) -> bool:
        """Add each sentence; whether the last one left a 下一步 open."""
        forward = False
        for start, end in _sentence_spans(text.folded):
            sentence = text.cut(start, end)
            forward = forward or bool(FORWARD.match(sentence.folded))
            self._add(sentence, enumerated=False, forward=forward or self._forward())
            if forward and end == len(text) and LEAD_IN.search(sentence.folded):
                self.forward_from = self.above[-1].level if self.above else 0
        return forward

    def _forward(self) -> bool:
        return self.forward_from is not None

    def _add(self, piece: Piece, *, enumerated: bool, forward: bool) -> None:
        above = self.above[-1] if self.above else None
        block = above.block if above else Block.PLAIN
        if piece.text:
            heading = above.text if above else None
            self.outline.leaves.append(Leaf(piece, heading, block, enumerated, forward))


def outline(body: list[Piece]) -> Outline:
    """Headings and leaves of the body's paragraphs."""
    return _Walk(body).run()


def _run_in_heading(folded: str, length: int) -> int:
    """Where the heading ends that a marked paragraph opens with; 0 where there is none."""
    colon = _RUN_IN_COLON.match(folded[length:])
    if colon and len(folded) > length + colon.end():
        return length + colon.end()
    stop = folded.find("。", length)
    if stop < 0 or stop + 1 >= len(folded) or stop - length > _RUN_IN_LONGEST:
        return 0
    heading = folded[length:stop]
    return 0 if _ACTING.search(re.sub("“[^”]{0,60}”|关于.*", "", heading)) else stop + 1


def _sentence_spans(folded: str) -> list[tuple[int, int]]:
    """Sentences to 。！？; a full stop inside quotation marks or brackets ends none."""
    spans: list[tuple[int, int]] = []
    start = 0
    depth = 0
    for at, char in enumerate(folded):
        if char in "（“《〔":
            depth += 1
        elif char in "）”》〕":
            depth = max(0, depth - 1)
        elif char in "。！？" and (depth == 0 or at - start > 600):
            spans.append((start, at + 1))
            start, depth = at + 1, 0
    if start < len(folded):
        spans.append((start, len(folded)))
    return spans


def _inline_items(paragraph: Piece, skip: int) -> tuple[Piece, list[Piece]]:
    """(what stands before the first item, the items 一是… 二是… or ①… ②…)."""
    folded = paragraph.folded
    starts = [found.start() for found in INLINE_ITEM.finditer(folded, skip)]
    if len(starts) < 2 and starts != [skip]:
        starts = _numbered_starts(folded, skip)
    if not starts:
        return paragraph, []
    ends = [*starts[1:], len(folded)]
    items = [paragraph.cut(start, end) for start, end in zip(starts, ends, strict=True)]
    return paragraph.cut(0, starts[0]), items


def _rejoin(lead: Piece, items: list[Piece]) -> tuple[Piece, list[Piece]]:
    """A bare 下一步， before 一是… belongs to the first item; it is no sentence of its own."""
    start = max(lead.folded.rfind(mark) for mark in "。！？；") + 1
    fragment = lead.cut(start)
    if fragment.folded.endswith("，") and FORWARD.match(fragment.folded) and len(fragment) <= 16:
        return lead.cut(0, start), [join([fragment, items[0]]), *items[1:]]
    return lead, items


def _numbered_starts(folded: str, skip: int) -> list[int]:
    """Starts of 1. 2. 3. inside a paragraph, counted up from one."""
    starts: list[int] = []
    for found in _NUMBERED_INLINE.finditer(folded, skip):
        number = int(found[1] or found[2] or ord(found[3]) - ord("①") + 1)
        if number == len(starts) + 1:
            starts.append(found.start())
    return starts if len(starts) > 1 else []


def _break_off(item: Piece) -> tuple[Piece, Piece]:
    """Part the last inline item from a sentence on 下一步 that follows it."""
    for start, _end in _sentence_spans(item.folded)[1:]:
        if FORWARD.match(item.folded[start:]):
            return item.cut(0, start), item.cut(start)
    return item, item.cut(len(item))
