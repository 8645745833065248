"""Numbers and titles of the suggestions and proposals a letter answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from letters.letter import Span
from letters.piece import Piece
from letters.vocabulary import HAN

_KIND = "建议|提案|议案|意见|批评"
_ONE = r"[A-Za-z]{0,4}-?\d[\dA-Za-z\-—]{0,20}"
_MANY = rf"{_ONE}(?:号?[、，和及与]\s*第?{_ONE})*"
_NUMBERS = re.compile(
    rf"第 ?({_MANY})号|（(?:(?:{_KIND}|编号|案号|建议编号|提案编号|提案号|建议号)?(?:第|"
    rf"：)?)*({_MANY})号?(?:{_KIND})?）|"
    rf"(?:编号|案号|提案号|建议号)(?:为|：)?第?({_MANY})号?|(?<![\d〕])({_ONE})号(?:{_KIND}|[“《])|"
    rf"第([一二三四五六七八九十百零〇]{{1,6}})号(?=代表|委员|{_KIND}|[“《（）])"
)
_ONE_NUMBER = re.compile(_ONE)
_YEAR_ONLY = re.compile(r"(?:19|20)\d\d(?:[—-](?:19|20)\d\d)?")
_QUOTE_PAIRS = {"《": "》", "“": "”", '"': '"'}
_ASKED = re.compile(r"(?:关于|建议$|提案$|议案$|意见$|报告$)")
_AFTER_TITLE = re.compile(
    rf"^(?:（|的?(?:{_KIND}|办理|来信|问题)|收悉|已?收|悉|已|，|第|、|和|及|。|现|$)"
)
_NO_TITLE = re.compile(
    r"(?:函|通知|条例|办法|规定|法|规划|纲要|批复|公告|细则|方案)$|协助办理|交办|转办"
)
_BARE = re.compile(rf"(关于[^，。；：“”]{{2,120}}?(?:的|》|”)(?:重点)?(?:{_KIND}))")
_BARE_LONG = re.compile(
    rf"(?:提出|反映|提交)的?(关于[^。；：“”《》]{{4,120}}?的(?:{_KIND}))(?=的(?:{_KIND})|"
    rf"，?已?收|，?已|，?现|悉|（|办理|交|转)"
)
_BARE_LOOSE = re.compile(
    rf"(?:提出|反映|提交)的?(?:第[\dA-Za-z]+号)?(?!关于)([^，。；：“”《》（）]{{4,60}}?的(?:"
    rf"{_KIND}))"
)
_LOST_CLOSE = re.compile(rf"[《“](关于[^，。；《》]{{2,100}}?的(?:{_KIND}))")
_LOST_OPEN = re.compile(
    rf"(关于[^，。；《》“]{{2,100}}?的(?:{_KIND}))[》”]|"
    rf"(关于[^，。；《》“]{{2,100}}?)[》”]的?(?:{_KIND})"
)


@dataclass(frozen=True)
class Found:
    """A number or a title as printed, where it stands in its piece and in the original."""

    text: str
    at: int
    span: Span


def numbers(piece: Piece) -> list[Found]:
    """The proposal numbers in a piece of text, each once."""
    found: list[Found] = []
    for match in _NUMBERS.finditer(piece.folded):
        group = next(index for index in range(1, 6) if match[index])
        start, end = match.span(group)
        if group == 5:
            found.append(_found(piece, start, end))
            continue
        for one in _ONE_NUMBER.finditer(piece.folded, start, end):
            if group in (2, 4) and _YEAR_ONLY.fullmatch(one[0]):
                continue
            found.append(_found(piece, *one.span()))
    return _unique(found)


def titles(piece: Piece) -> list[Found]:
    """The titles in an opening: quoted, or bare as 关于…的建议."""
    quoted = _quoted(piece)
    if quoted:
        return quoted
    for pattern in (_LOST_CLOSE, _LOST_OPEN, _BARE, _BARE_LONG, _BARE_LOOSE):
        match = pattern.search(piece.folded)
        if match:
            return [_found(piece, *match.span(match.lastindex or 1))]
    return []


def quoted_titles(piece: Piece) -> list[Found]:
    """Only the titles that stand in marks."""
    return _quoted(piece)


def _quoted(piece: Piece) -> list[Found]:
    folded = piece.folded
    found: list[Found] = []
    at = 0
    while at < len(folded):
        close = _QUOTE_PAIRS.get(folded[at])
        end = _closing(folded, at, close) if close else None
        if end is None:
            at += 1
            continue
        inside = folded[at + 1 : end]
        if _is_title(inside, folded[end + 1 : end + 12], folded[max(0, at - 6) : at]):
            found.append(_inner(piece, at + 1, end))
        at = end + 1
    return _unique(found)


def _is_title(inside: str, after: str, before: str) -> bool:
    if len(inside) < 4 or _NO_TITLE.search(inside):
        return False
    if _ASKED.search(inside):
        return bool(_AFTER_TITLE.match(after)) or inside.startswith("关于")
    return len(inside) >= 6 and (
        bool(re.match(rf"^(?:的|等)?(?:{_KIND})|^（(?:第|{_KIND})|^收悉|^已收", after))
        or before.endswith("号")
    )


def _inner(piece: Piece, start: int, end: int) -> Found:
    """The quoted title; of 《关于〈…〉的建议》 the whole, of “《…》” the inside."""
    folded = piece.folded
    while end - start > 2 and _QUOTE_PAIRS.get(folded[start]) == folded[end - 1]:
        start, end = start + 1, end - 1
    return _found(piece, start, end)


def _closing(folded: str, start: int, close: str) -> int | None:
    """Where the quotation that opens at start ends; nested marks of the same kind are skipped."""
    opening = folded[start]
    depth = 0
    for at in range(start, min(len(folded), start + 160)):
        char = folded[at]
        if char == opening and (opening != close or at == start):
            depth += 1
        elif char == close:
            depth -= 1
            if depth == 0:
                return at
    return None


def _unique(found: list[Found]) -> list[Found]:
    first: dict[str, Found] = {}
    for item in found:
        first.setdefault(item.text, item)
    return list(first.values())


def _found(piece: Piece, start: int, end: int) -> Found:
    return Found(piece.text[start:end], start, piece.span(start, end))


def pair(named: list[Found], counted: list[Found]) -> list[tuple[Found | None, Found | None]]:
    """(number, title) for each proposal, by order in the letter."""
    if not named:
        return [(number, None) for number in counted]
    if not counted:
        return [(None, title) for title in named]
    rows: list[tuple[Found | None, Found | None]] = []
    for index in range(max(len(named), len(counted))):
        rows.append(
            (
                counted[index] if index < len(counted) else None,
                named[index] if index < len(named) else None,
            )
        )
    return rows


def says_proposal(text: str) -> bool:
    """Whether a text speaks of a CPPCC proposal (提案) rather than of a suggestion (建议)."""
    return bool(re.search(rf"政协|提案|委员(?![会])[{HAN}]?", text))
