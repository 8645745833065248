"""What differs between two texts, so that it can be read: a few words of what stayed around it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, OUT, IN, LEFT_OUT = "same", "out", "in", "left_out"
# Letters of what stayed that are shown on each side of a change.
AROUND = 30
# Above this a changed passage is shown as a whole: comparing letter by letter takes too long.
LONGEST = 1500


@dataclass(frozen=True)
class Piece:
    """A run of letters: the same in both, only in the old (`out`), only in the new (`in`)."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Old and new in one: line by line first, letter by letter where a line has changed."""
    before, after = _lines(old), _lines(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        out, put_in = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            pieces.append(Piece(SAME, out))
        else:
            pieces += _by_letters(out, put_in)
    return _shortened(_joined(pieces))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def _by_letters(out: str, put_in: str) -> list[Piece]:
    if not out or not put_in or max(len(out), len(put_in)) > LONGEST:
        return [Piece(OUT, out), Piece(IN, put_in)]
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, out, put_in, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, out[a:b]))
        else:
            pieces += [Piece(OUT, out[a:b]), Piece(IN, put_in[c:d])]
    return pieces


def _joined(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if piece.text and joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined


def _shortened(pieces: list[Piece]) -> list[Piece]:
    """Long passages that stayed the same, cut down to what stands beside a change."""
    short: list[Piece] = []
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        if piece.kind != SAME or len(piece.text) <= 3 * AROUND or last == 0:
            short.append(piece)
            continue
        if place > 0:
            short.append(Piece(SAME, piece.text[:AROUND]))
        short.append(Piece(LEFT_OUT, "…"))
        if place < last:
            short.append(Piece(SAME, piece.text[-AROUND:]))
    return short
