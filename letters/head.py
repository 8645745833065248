"""Document number (文号), category (答复类别) and disclosure (公开属性)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from letters import vocabulary as words
from letters.labels import labelled
from letters.letter import Span
from letters.piece import Piece
from letters.vocabulary import HAN

Value = tuple[str, Span]

_AGENCY = rf"[{HAN}A-Za-z（）()、]{{1,24}}?"
_DOCUMENT_NUMBER = re.compile(
    rf"({_AGENCY}) ?[〔（] ?((?:19|20)\d\d) ?[〕）]? ?(?:第|字第)? ?(\d{{1,5}}) ?(号?)|"
    rf"({_AGENCY}) ?((?:19|20)\d\d) ?[〕）] ?第? ?(\d{{1,5}}) ?(号?)|"
    rf"({_AGENCY}[字函发办复提建案议]) ?((?:19|20)\d\d) ?第? ?(\d{{1,4}}) ?(号)"
)
_NO_AGENCY = re.compile(r"关于|会议|答复|人大|政协|代表|委员|附件|来源|日期|根据|按照|印发")
_LETTER = r"[A-EＡ-Ｅ甲乙丙丁戊]"
_BARE_CATEGORY = re.compile(
    rf"^[（〔]? ?({_LETTER}) ?[）〕]? ?类?[）〕]?$|[ （〔号]({_LETTER})[）〕]? ?类[）〕]?$|"
    rf"[（〔]({_LETTER})[）〕]$"
)
_LABELLED_CATEGORY = re.compile(rf"^[（〔“]? ?({_LETTER})(?![A-Za-z])")
_ORDER_CATEGORY = re.compile(r"^([一二三四1-4]) ?类")
_CATEGORY_WORD = re.compile("|".join(words.CATEGORY_WORDS))
_THIS_DOCUMENT = re.compile(
    r"(?:此件|本件|此文|该件|此复|答复)[^，。]{0,4}?((?:主动|依申请|不予?|全文|同意|可以?|"
    r"不宜)?公开(?:发布)?)"
)
_BARE_DISCLOSURE = re.compile(r"[（〔]?(主动公开|依申请公开|不予公开|不公开|同意公开|公开)[）〕]?")
# A row of a page's table keeps no colon: 公开属性 主动公开.
_DISCLOSURE_CELL = re.compile(
    r"公开(?:属性|方式|类别|类型) (主动公开|依申请公开|不予公开|不公开|同意公开)(?= |$)"
)


def document_number(paragraphs: Iterable[Piece]) -> tuple[str, Span, bool] | None:
    """The number, its place and whether lost marks were mended (〔202431 -> 〔2024〕31号)."""
    for paragraph in paragraphs:
        piece = paragraph.squeezed
        if len(piece) > 80 and "号" not in piece.folded[:60]:
            continue
        for found in _DOCUMENT_NUMBER.finditer(piece.folded[:200]):
            number = _document_number(piece, found)
            if number:
                return number
    return None


def _document_number(piece: Piece, found: re.Match[str]) -> tuple[str, Span, bool] | None:
    first = next(index for index in (1, 5, 9) if found[index] is not None)
    start = found.start(first)
    label = re.match(r"(?:发文字号|文号|文件编号|字号)：?", found[first])
    if label:
        start += label.end()
    agency = piece.text[start : found.end(first)]
    if not agency or _NO_AGENCY.search(piece.folded[start : found.end(first)]):
        return None
    year, serial = found[first + 1], found[first + 2]
    whole = found[first + 3] and (first == 1 or first == 5) and _has_both_brackets(found[0])
    span = piece.span(start, found.end())
    if whole:
        return piece.text[start : found.end()], span, False
    return f"{agency}〔{year}〕{serial}号", span, True


def _has_both_brackets(text: str) -> bool:
    return bool(re.search(r"[〔（]", text)) and bool(re.search(r"\d ?[〕）]", text))


def category(paragraphs: Iterable[Piece]) -> Value | None:
    """The reply's class as printed, without 类."""
    lines = list(paragraphs)
    for entry in labelled(lines):
        if entry.label in words.CATEGORY_LABELS:
            value = _category_value(entry.value.squeezed)
            if value:
                return value
    for line in lines:
        squeezed = line.squeezed
        if len(squeezed) > 50 or "：" in squeezed.folded:
            continue
        for piece in (squeezed, line):
            found = _BARE_CATEGORY.search(piece.folded)
            if found:
                start, end = found.span(found.lastindex or 1)
                return piece.text[start:end], piece.span(start, end)
    return None


def _category_value(value: Piece) -> Value | None:
    for pattern in (_LABELLED_CATEGORY, _ORDER_CATEGORY):
        found = pattern.match(value.folded)
        if found:
            return value.text[found.start(1) : found.end(1)], value.span(*found.span(1))
    found = _CATEGORY_WORD.match(value.folded)
    return (value.text[: found.end()], value.span(0, found.end())) if found else None


def disclosure(paragraphs: Iterable[Piece]) -> Value | None:
    """proactive, on_request or withheld, from a label, a bare line or （此件主动公开）."""
    lines = [line for line in paragraphs]
    for line in lines:
        piece = line.squeezed
        if len(piece) > 60:
            continue
        found = _THIS_DOCUMENT.search(piece.folded) or _BARE_DISCLOSURE.fullmatch(piece.folded)
        if found:
            mode = _mode(found[1])
            if mode:
                return mode, piece.span(*found.span(1))
    for line in lines:
        found = _DISCLOSURE_CELL.search(line.folded)
        mode = _mode(found[1]) if found else None
        if found and mode:
            return mode, line.span(*found.span(1))
    for entry in labelled(lines, next_line=True):
        if entry.label in words.DISCLOSURE_LABELS:
            value = entry.value.squeezed
            mode = _mode(value.folded)
            if mode:
                return mode, value.span()
    return None


def _mode(text: str) -> str | None:
    text = text.lstrip("（〔√☑■")
    for mode, openings in words.DISCLOSURE_WORDS.items():
        if text.startswith(tuple(openings)):
            return mode
    return None
