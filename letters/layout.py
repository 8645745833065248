"""A letter's text as blocks to set it by: title, salutation, headings, paragraphs, signature.

Page numbers, broken lines and the web page around the letter are gone; every character still knows
where it stood in the original, so that marks made in the text can be found in the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from letters import shapes
from letters.letter import Letter, Section, Span
from letters.lines import paragraphs
from letters.piece import Piece
from letters.reader import read
from letters.vocabulary import COPIED_LABELS
from letters.zones import Zones, divide

_TITLE = re.compile(r"答复|复函|回复|函复|意见|办理(?:情况|报告)")
_COPIED = re.compile(r"^[（ ]*(?:" + "|".join(COPIED_LABELS) + ") ?：")
_BEYOND = 1 << 62


@dataclass(frozen=True)
class Block:
    """One block: what it is, its characters, where each stood, how many are a run-in heading."""

    kind: str
    text: str
    offsets: tuple[int, ...]
    sub_end: int = 0

    @classmethod
    def plain(cls, text: str) -> Block:
        """A paragraph that stands in no letter: no mark will be found in it."""
        return cls("paragraph", text, tuple(-1 for _ in text))


def layout(text: str) -> list[Block]:
    """The blocks of a letter, in the order in which an official letter is set."""
    whole = paragraphs(text)
    zones, letter = divide(whole), read(text)
    blocks = list(_head(zones, letter, text))
    head_end = zones.head[-1].offsets[-1] if zones.head else -1
    after = next((p.offsets[0] for p in (*zones.opening, *zones.body, *zones.foot)), _BEYOND)
    foot_start = zones.foot[0].offsets[0] if zones.foot else _BEYOND
    sections = {section.start: section for section in letter.sections}
    for paragraph in whole:
        for piece in _split(paragraph, (head_end + 1, after, foot_start)):
            if piece.offsets[0] > head_end:
                blocks.append(_block(piece, after, foot_start, sections))
    return blocks


def _head(zones: Zones, letter: Letter, text: str) -> Iterator[Block]:
    """Issuer, number and class, title: each in its own line, wherever the letter printed them."""
    if letter.issuer and "issuer" in letter.spans:
        yield _from_span("issuer", letter.issuer, letter.spans["issuer"], text)
    for name in ("document_number", "reply_category"):
        if name in letter.spans:
            value = str(getattr(letter, name))
            shown = f"{value}类" if name == "reply_category" and len(value) == 1 else value
            yield _from_span("line", shown, letter.spans[name], text)
    titles = [
        line.squeezed
        for line in zones.head
        if not shapes.is_label(line.folded) and _TITLE.search(line.squeezed.folded)
    ]
    if titles:
        yield Block("title", titles[-1].text, titles[-1].offsets)


def _from_span(kind: str, shown: str, span: Span, text: str) -> Block:
    """A value read from the head; one that was mended has no character of its own in the text."""
    if text[span.start : span.end] == shown:
        return Block(kind, shown, tuple(range(span.start, span.end)))
    return Block(kind, shown, tuple(span.start for _ in shown))


def _split(paragraph: Piece, bounds: tuple[int, ...]) -> Iterator[Piece]:
    """The paragraph in parts, cut where one part of the letter ends and the next begins."""
    cuts = [
        position
        for position, offset in enumerate(paragraph.offsets)
        if position and any(paragraph.offsets[position - 1] < b <= offset for b in bounds)
    ]
    for start, end in zip([0, *cuts], [*cuts, len(paragraph)], strict=True):
        piece = paragraph.cut(start, end).squeezed
        if piece.text:
            yield piece


def _block(piece: Piece, after: int, foot_start: int, sections: dict[int, Section]) -> Block:
    first = piece.offsets[0]
    if first < after:
        return Block("salutation", piece.text, piece.offsets)
    if first >= foot_start:
        return Block(_foot_kind(piece.folded), piece.text, piece.offsets)
    section = sections.get(first)
    sub_end = sum(offset < section.end for offset in piece.offsets) if section else 0
    if section and section.level == 1 and sub_end >= len(piece):
        return Block("heading", piece.text, piece.offsets)
    return Block("paragraph", piece.text, piece.offsets, sub_end)


def _foot_kind(folded: str) -> str:
    if _COPIED.match(folded):
        return "copies"
    if shapes.is_date_line(folded) or shapes.is_signature(folded):
        return "sign"
    return "closing"
