"""The departments a reply was made with (会办单位), as the opening or a label names them."""

from __future__ import annotations

import re

from letters import vocabulary as words
from letters.labels import labelled
from letters.letter import Span
from letters.organisations import name_at, names_from
from letters.piece import Piece
from letters.zones import Zones

_JOINED = re.compile(
    r"会同|会商|经商|商请|(?:经|并|通过|认真|多次|积极|已|我[局厅委部办])?与(?!您|你|代表|委员|贵)|"
    r"联合|协同|征求(?:了)?|综合(?:了)?|结合(?:了)?|汇总(?:了)?|协办单位|会办单位|转请|根据|"
    r"商(?=[^业务品场贸])"
)
# 由我厅主办，省财政厅、省教育厅协办: the list stands before the word.
_NAMED_BEFORE = re.compile(
    r"(?:^|[，。；由])([^，。；由]{3,120}?)(?:协办|会办|协同办理|配合办理|参与办理|参加办理)"
)
_GENERIC = re.compile(r"^(?:有关|相关|各|其他|上级|本|我|你|贵|职能|涉及)|^.{0,3}部门$")


def read(zones: Zones, titles: list[str]) -> list[tuple[str, Span]]:
    """The co-handling departments as printed, in order, each once; not those in a title."""
    found: list[tuple[str, Span]] = []
    for entry in labelled([*zones.head, *zones.foot]):
        if entry.label in words.CO_HANDLING_LABELS:
            found += _labelled_names(entry.value.squeezed)
    for paragraph in zones.opening:
        found += _in_opening(_without_titles(paragraph.squeezed, titles))
    first: dict[str, tuple[str, Span]] = {}
    for name in found:
        first.setdefault(name[0], name)
    return list(first.values())


def _without_titles(piece: Piece, titles: list[str]) -> Piece:
    """The opening with the titles of proposals cut out."""
    spans = [found.span() for found in re.finditer("《[^》]{0,200}》|“[^”]{0,200}”", piece.folded)]
    spans += [(at, at + len(title)) for title in titles if (at := piece.text.find(title)) >= 0]
    hidden = {at for start, end in spans for at in range(start, end)}
    keep = [at for at in range(len(piece)) if at not in hidden]
    return piece.keep(keep)


def _in_opening(piece: Piece) -> list[tuple[str, Span]]:
    found: list[tuple[str, Span]] = []
    end = 0
    for trigger in _JOINED.finditer(piece.folded):
        if trigger.start() < end:
            continue
        for start, stop in names_from(piece.folded, trigger.end()):
            if not _GENERIC.search(piece.folded[start:stop]):
                found.append((piece.text[start:stop], piece.span(start, stop)))
            end = stop
    for listed in _NAMED_BEFORE.finditer(piece.folded):
        for start, stop in names_from(piece.folded, listed.start(1)):
            found.append((piece.text[start:stop], piece.span(start, stop)))
    return found


def _labelled_names(value: Piece) -> list[tuple[str, Span]]:
    found: list[tuple[str, Span]] = []
    for part in re.finditer(r"[^、，；。 ]+", value.folded):
        if name_at(value.folded, part.start()) or len(part[0]) <= 20:
            found.append((value.text[part.start() : part.end()], value.span(*part.span())))
    return found
