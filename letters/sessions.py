"""Which assembly, term (届) and session (次会议) a title or an opening names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from letters.letter import Span
from letters.numerals import whole_number
from letters.piece import Piece
from letters.vocabulary import HAN

_ORDINAL = r"第? ?([一二三四五六七八九十百]{1,4}|\d{1,3})"
_TERM = re.compile(_ORDINAL + " ?届")
_SESSION = re.compile(rf"[{HAN}（）]{{0,16}}?{_ORDINAL} ?次(?=会|全|代表|委员|大会|$|[^{HAN}])")
_BODY = r"人民代表大会|人大|政协"
_BODY_AFTER = re.compile(rf"([{HAN}]{{0,12}}?)({_BODY})")
_COMMITTEE_AFTER = re.compile(rf"([{HAN}]{{0,12}}?)委员会")
_BODY_ALONE = re.compile(
    rf"([{HAN}]{{0,20}}?)({_BODY})(?=常委会|委员会|第?[（〔]?[A-Za-z\d]|会议|闭会|"
    rf"第?{_ORDINAL}次|委员[{HAN}]{{2,4}}[^{HAN}]|代表[{HAN}]{{2,4}}[^{HAN}])"
)
_LEAD = re.compile(r".*(?:关于对|关于|对|在|就|您们|你们|您|你|我|的|贵|参加|转来|办理|答复|协助)")
_PLACE = re.compile(r"(?:国|省|市|县|区|州|盟|旗|镇|乡|兵团|特区|新区|师|林区)$")
_REACH = 30  # characters before 第N届 that may hold the place


@dataclass(frozen=True)
class Meeting:
    """The assembly as printed, its term and session, each with its place; None if not printed."""

    assembly: str | None
    assembly_span: Span | None
    term: int | None = None
    term_span: Span | None = None
    session: int | None = None
    session_span: Span | None = None


def find(piece: Piece) -> Meeting | None:
    """The meeting a piece of text names first."""
    text = piece.folded
    for term in _TERM.finditer(text):
        name = _named_before(text, term) or _named_after(text, term)
        if name is None:
            continue
        session = _SESSION.match(text, term.end())
        return _meeting(piece, name, term, session)
    return _without_term(piece)


def _named_before(text: str, term: re.Match[str]) -> list[tuple[int, int]] | None:
    """政协九届…, 县政协八届…, 县人大十届…, 政协黑水县第八届委员会…, 政协第十届全国委员会…"""
    start, end = _place_before(text, term.start())
    before = text[start:end]
    body = re.search(rf"(?:{_BODY})$", before)
    if body:
        place = _clip(text, start, start + body.start())
        committee = _COMMITTEE_AFTER.match(text, term.end())
        if body[0] == "政协" and committee and committee[1]:
            return [(place[0], end), committee.span()]
        return [(place[0], end)]
    at = before.rfind("政协")
    if at >= 0 and _PLACE.search(before):
        return [(start + at, end)]
    return None


def _named_after(text: str, term: re.Match[str]) -> list[tuple[int, int]] | None:
    """省十三届人大…, 岩山县第十五届人民代表大会…, 十三届全国人大…"""
    body = _BODY_AFTER.match(text, term.end())
    if body is None:
        return None
    start, end = _place_before(text, term.start())
    place = _clip(text, start, end)
    return [place, body.span()]


def _place_before(text: str, end: int) -> tuple[int, int]:
    """The run of Chinese characters before end, without 关于对 and the like at its head."""
    start = end
    while start > 0 and end - start < _REACH and re.match(rf"[{HAN}]", text[start - 1]):
        start -= 1
    lead = _LEAD.match(text[start:end])
    return (start + lead.end() if lead else start), end


def _clip(text: str, start: int, end: int) -> tuple[int, int]:
    """The place between start and end if it reads as one, else nothing."""
    return (start, end) if _PLACE.search(text[start:end]) else (end, end)


def _meeting(
    piece: Piece,
    name: list[tuple[int, int]],
    term: re.Match[str],
    session: re.Match[str] | None,
) -> Meeting:
    parts = [part for part in name if part[1] > part[0]]
    return Meeting(
        assembly="".join(piece.text[start:end] for start, end in parts),
        assembly_span=Span(
            piece.span(*parts[0]).start, max(piece.span(*part).end for part in parts)
        ),
        term=whole_number(term[1]),
        term_span=piece.span(*term.span()),
        session=whole_number(session[1]) if session else None,
        session_span=piece.span(session.start(1), session.end(1) + 1) if session else None,
    )


def _without_term(piece: Piece) -> Meeting | None:
    """市政协第20230004号提案: an assembly named with its place only."""
    for found in _BODY_ALONE.finditer(piece.folded):
        start, end = _place_before(piece.folded, found.end(1))
        if _PLACE.search(piece.folded[start:end]):
            session = _SESSION.match(piece.folded, found.end())
            return Meeting(
                assembly=piece.text[start : found.end(2)],
                assembly_span=piece.span(start, found.end(2)),
                session=whole_number(session[1]) if session else None,
                session_span=piece.span(*session.span()) if session else None,
            )
    return None
