"""The text of a PDF, by PDFium: characters with their places, then `paragraphs`.

Read: text that is drawn, also invisible text (the words of an OCR layer). Not read: pictures,
annotations, form values. A page that holds a picture and no text is told by its number.
"""

import ctypes
import statistics
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from letters.sources import paragraphs, worker
from letters.sources.limits import Refused
from letters.sources.paragraphs import Page, Piece
from letters.sources.worker import Parsed

# PDFium marks a hyphen at the end of a line with U+0002.
SIGNS = {"\x02": "-", "\xa0": " ", "\ufffe": "-"}
# Above this share of characters without a meaning, what was read is noise.
MAX_UNKNOWN = 0.3
PASSWORD_NEEDED = raw.FPDF_ERR_PASSWORD

# Word processors set a quarter of a character between Chinese and figures; PDFium takes it for a
# blank.
AUTOMATIC_GAP = 0.6


class Character(NamedTuple):
    """A character with its place; `is_made` where PDFium put it in between others."""

    text: str
    left: float
    right: float
    baseline: float
    is_made: bool


def read(data: bytes) -> Parsed:
    """The text of a PDF and the pages that are pictures."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == PASSWORD_NEEDED
        raise Refused("encrypted" if is_locked else "damaged") from error
    pages: list[Page] = []
    pictures: list[int] = []
    for index in range(len(document)):
        page, has_picture = _page(document, index)
        pages.append(page)
        if has_picture and not page.pieces:
            pictures.append(index + 1)
    if not any(page.pieces for page in pages):
        raise Refused("scanned" if pictures else "no_text")
    text = paragraphs.text_of(pages)
    if _unknown_share(text) > MAX_UNKNOWN:
        raise Refused("garbled")
    return Parsed(text, pictures)


def _page(document: pypdfium2.PdfDocument, index: int) -> tuple[Page, bool]:
    try:
        page = document[index]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise Refused("damaged") from error
    # the crop box need not begin at 0, 0
    left, bottom, right, top = page.get_bbox()
    pieces = [
        Piece(text, start - left, end - left, top - baseline, size)
        for text, start, end, baseline, size in _pieces(text_page)
    ]
    has_picture = next(_pictures(page), None) is not None
    return Page(right - left, top - bottom, pieces), has_picture


def _pictures(page: pypdfium2.PdfPage) -> Iterator[object]:
    yield from page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)


def _pieces(text_page: pypdfium2.PdfTextPage) -> Iterator[tuple[str, float, float, float, float]]:
    """Lines as PDFium cuts them: it puts a line end between what stands on different lines."""
    characters: list[Character] = []
    for character in _characters(text_page):
        if character.text in "\r\n":
            yield from _piece(characters)
            characters = []
        else:
            characters.append(character)
    yield from _piece(characters)


def _piece(characters: list[Character]) -> Iterator[tuple[str, float, float, float, float]]:
    """The piece that characters make. Blanks that PDFium puts in have no place of their own."""
    placed = [c for c in characters if not c.text.isspace() and c.right > c.left]
    if not placed:
        return
    wide = [c.right - c.left for c in placed if _is_wide(c)]
    size = (
        statistics.median(wide) if wide else 2 * statistics.mean(c.right - c.left for c in placed)
    )
    left, right = min(c.left for c in placed), max(c.right for c in placed)
    text = "".join(_without_automatic_gaps(characters, size)).strip()
    yield text, left, right, statistics.median(c.baseline for c in placed), size


def _without_automatic_gaps(characters: list[Character], size: float) -> Iterator[str]:
    """The text without blanks that nobody typed, between Chinese and figures or English."""
    for index, character in enumerate(characters):
        if character.is_made and 0 < index < len(characters) - 1:
            before, after = characters[index - 1], characters[index + 1]
            is_narrow = after.left - before.right < AUTOMATIC_GAP * size
            if is_narrow and (_is_wide(before) or _is_wide(after)):
                continue
        yield character.text


def _is_wide(character: Character) -> bool:
    return unicodedata.east_asian_width(character.text) in "WF"


def _characters(text_page: pypdfium2.PdfTextPage) -> Iterator[Character]:
    """Each character with left, right and baseline in points from the page's lower left."""
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xDC00:  # PDFium counts in UTF-16
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + (high - 0xD800) * 0x400 + (code - 0xDC00) if high else 0xFFFD
        high = 0
        raw.FPDFText_GetLooseCharBox(text_page, index, box)
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        text = SIGNS.get(chr(code), chr(code))
        is_made = raw.FPDFText_IsGenerated(text_page, index) == 1
        yield Character(text, box.left, box.right, y.value, is_made)


def _unknown_share(text: str) -> float:
    unknown = sum(1 for c in text if unicodedata.category(c) in ("Co", "Cc", "Cn") and c != "\n")
    unknown += text.count("\ufffd")
    return unknown / max(len(text), 1)


if __name__ == "__main__":
    worker.serve(read)
