"""From placed pieces of text (PDF, OFD) to paragraphs.

A page knows where text stands, not which lines belong together, and a sentence cut at a line's
end is no sentence for the reader. Pieces of one baseline become a line; lines become paragraphs
by how a Chinese letter is set: a line that reaches the right edge goes on in the next one, unless
that is indented, set in another size, or stands apart. So also over a page break, once page
numbers are gone.

Limits: one column, horizontal text. A page set in two columns keeps the order of the file.
"""

import re
import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

# Lengths in em (width of a Chinese character).
SAME_BASELINE = 0.45
INDENT = 0.8
# A full line has no room for what begins the next one, give or take the squeezing of marks.
ROOM = 0.6
NARROW = 0.55
# Lines whose ends differ by less than this end at one edge.
EDGE = 1.5
WORD_GAP = 0.25
CELL_GAP = 1.5
SAME_SIZE = 1.15
# A gap that is this much larger than the usual one between lines separates paragraphs.
WIDE_GAP = 1.45
# Beyond this a line is centred or set to the right: a title, a signature.
ASIDE = 3.0
CENTRED = 0.7
# A full line reaches into the last third of the paper; a page of short lines has no full line.
FULL_SHARE = 0.68

PAGE_NUMBER = re.compile(
    r"[\s\-—–－·.]*(第\s*)?\d{1,3}(\s*页)?(\s*[/／,，、]?\s*共?\s*\d{1,3}\s*页)?[\s\-—–－·.]*"
)
PAGE_EDGE = 0.12

ENUMERATOR = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]+[条章节]"
)

# What is not broken at a line's end: a number, a word, a character with its marks.
# A quotation mark holds on to both sides (Unicode line breaking, class QU).
UNIT = re.compile(
    r"[《（「『“‘〔【(\[]*(?:[!-~]+|.)[，。、；：？！》）」』”’〕】,.;:?!)\]%％]*(?:[“‘].)?",
    re.DOTALL,
)

# Fonts without a proper table give radicals (⼈ U+2F08) for characters (人).
RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}


@dataclass(frozen=True)
class Piece:
    """Text in its place: left, right and baseline from the top of the page; `size` is one em."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True)
class Page:
    """The pieces of a page in the order of the file."""

    width: float
    height: float
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Column:
    """Where the body text stands."""

    left: float
    right: float
    gap: float
    is_indented: bool


def text_of(pages: Sequence[Page]) -> str:
    """The paragraphs of a document, a line each."""
    bodies = [(page, without_number(lines_of(page), page.height)) for page in pages]
    column = column_of([(line, page.width) for page, lines in bodies for line in lines])
    paragraphs: list[str] = []
    last: tuple[Piece, Page] | None = None
    for page, lines in bodies:
        for line in lines:
            if last is not None and goes_on(last[0], line, page, column, page is last[1]):
                paragraphs[-1] = joined(paragraphs[-1], line.text)
            else:
                paragraphs.append(line.text)
            last = (line, page)
    return "\n".join(paragraphs).translate(RADICALS)


def lines_of(page: Page) -> list[Piece]:
    """Lines from top to bottom, pieces of one baseline put together from left to right."""
    pieces = [piece for piece in page.pieces if piece.text.strip()]
    if not _has_columns(pieces):
        pieces.sort(key=lambda piece: (piece.baseline, piece.left))
    rows: list[list[Piece]] = []
    for piece in pieces:
        if rows and _on_one_line(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_line(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _on_one_line(first: Piece, second: Piece) -> bool:
    return abs(first.baseline - second.baseline) < SAME_BASELINE * max(first.size, second.size)


def _has_columns(pieces: list[Piece]) -> bool:
    """Whether the file's order jumps up the page and goes on beside what it wrote: two columns."""
    if len(pieces) < 8:
        return False
    spread = max(p.baseline for p in pieces) - min(p.baseline for p in pieces)
    for index in range(1, len(pieces)):
        earlier, later = pieces[:index], pieces[index:]
        is_jump = earlier[-1].baseline - later[0].baseline > spread / 2
        if is_jump and max(p.right for p in earlier) < min(p.left for p in later):
            return len(earlier) > 3 and len(later) > 3
    return False


def _line(row: list[Piece]) -> Piece:
    """One line. The same text in nearly the same place is bold print done twice."""
    text, last = row[0].text, row[0]
    for piece in row[1:]:
        if piece.text == last.text and abs(piece.left - last.left) < 0.3 * piece.size:
            continue
        text += _space_between(last, piece) + piece.text
        last = piece
    right = max(piece.right for piece in row)
    return replace(row[0], text=text.strip(), right=right, size=max(p.size for p in row))


def _space_between(left: Piece, right: Piece) -> str:
    gap = (right.left - left.right) / max(left.size, 0.1)
    if gap > CELL_GAP:
        return "\t"
    is_word = left.text[-1:].isascii() and right.text[:1].isascii()
    return " " if is_word and gap > WORD_GAP else ""


def without_number(lines: list[Piece], height: float) -> list[Piece]:
    """The lines of a page without its number, which would stand in the middle of a sentence."""
    edges = (height * PAGE_EDGE, height * (1 - PAGE_EDGE))
    return [
        line
        for line in lines
        if edges[0] < line.baseline < edges[1] or not PAGE_NUMBER.fullmatch(line.text)
    ]


def column_of(lines: Sequence[tuple[Piece, float]]) -> Column:
    """Margins, line distance and whether paragraphs are indented, from lines of the body size."""
    if not lines:
        return Column(0, 0, 0, is_indented=False)
    size = statistics.median_low([line.size for line, _ in lines for _ in range(len(line.text))])
    body = [(line, width) for line, width in lines if is_same_size(line.size, size)]
    left = min(line.left for line, _ in body)
    width = max(width for _, width in body)
    full = [line.right for line, _ in body if line.right > FULL_SHARE * width]
    gaps = [
        after.baseline - before.baseline
        for (before, _), (after, _) in zip(body, body[1:], strict=False)
        if after.baseline > before.baseline
    ]
    right = edge_of(full, size) if full else width
    return Column(
        left=left,
        right=right,
        gap=statistics.median_low(gaps) if gaps else 2 * size,
        is_indented=any(
            1.5 <= (line.left - left) / size <= 2.6 and line.right > right - 3 * size
            for line, _ in body
        ),
    )


def edge_of(ends: Sequence[float], size: float) -> float:
    """The right edge: where the outermost ends that are no outlier lie.

    The middle of them, because a mark may hang over the edge by half a character.
    """
    ordered = sorted(ends, reverse=True)
    for end, following in zip(ordered, ordered[1:], strict=False):
        if end - following < EDGE * size:
            return statistics.median(other for other in ends if 0 <= end - other < EDGE * size)
    return ordered[0]


def is_full(line: Piece, after: Piece, edge: float) -> bool:
    """Whether the beginning of `after` had no room on the line."""
    unit = UNIT.match(after.text)
    needed = sum(
        1 if unicodedata.east_asian_width(c) in "WFA" else NARROW for c in (unit[0] if unit else "")
    )
    return line.right + (needed + ROOM) * line.size > edge


def is_same_size(first: float, second: float) -> bool:
    """Whether two pieces are set in one size, rounding of boxes allowed for."""
    return max(first, second) < SAME_SIZE * max(min(first, second), 0.1)


def goes_on(line: Piece, after: Piece, page: Page, column: Column, is_same_page: bool) -> bool:
    """Whether `after` continues the paragraph that `line` belongs to."""
    if line.right < FULL_SHARE * page.width or not is_full(line, after, column.right):
        return False
    if not is_same_size(line.size, after.size) or "\t" in line.text + after.text:
        return False
    if after.left > column.left + INDENT * after.size:
        return is_second_title_line(line, after, column)
    if line.left > column.left + ASIDE * line.size:
        return False
    if is_same_page and after.baseline - line.baseline > WIDE_GAP * column.gap:
        return False
    return column.is_indented or not ENUMERATOR.match(after.text)


def is_second_title_line(line: Piece, after: Piece, column: Column) -> bool:
    """Whether both lines are centred, the first one filling the column: a long title."""
    middle = (column.left + column.right) / 2
    is_centred = all(
        abs((piece.left + piece.right) / 2 - middle) < CENTRED * piece.size
        for piece in (line, after)
    )
    return is_centred and line.text[-1:] not in "。：:；;！!？?"


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph: Chinese runs on, English keeps its blank, a hyphen its word."""
    if before.endswith("-") and before[-2:-1].isascii() and before[-2:-1].isalpha():
        return before[:-1] + after
    is_word = before[-1:].isascii() and after[:1].isascii()
    is_number = before[-1:].isdigit() and after[:1].isdigit()
    return before + (" " if is_word and not is_number else "") + after
