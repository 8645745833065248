"""The text of an OFD file (GB/T 33190-2016): OFD.xml -> Document.xml -> pages -> TextCode.

A TextObject has a box on the page (mm, from the top left), a TextCode in it a start point and the
distances of its characters; from these `paragraphs` makes lines. Not read: page templates
(letterhead lines and stamps of a system), pictures, annotations, signatures.
"""

import posixpath
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from letters.sources import paragraphs
from letters.sources.limits import Refused
from letters.sources.markup import attribute, child, children, descendants
from letters.sources.paragraphs import Page, Piece
from letters.sources.worker import Parsed

XmlPart = Callable[[str], Element | None]

A4 = (210.0, 297.0)
DEFAULT_SIZE = 4.0
# A TextCode cannot hold more distances than this; "g 999999999 1" would only fill the memory.
MAX_REPEAT = 100_000


def read(xml: XmlPart) -> Parsed:
    """The text of an OFD; `xml` gives its parts by name."""
    pages: list[Page] = []
    pictures: list[int] = []
    for page in _pages(xml):
        box = child(page, "Area", "PhysicalBox")
        width, height = _box(box.text if box is not None else None)[2:] or A4
        pieces = [piece for code in descendants(page, "TextObject") for piece in _pieces(code)]
        pages.append(Page(width or A4[0], height or A4[1], pieces))
        if not pieces and next(descendants(page, "ImageObject"), None) is not None:
            pictures.append(len(pages))
    if not any(page.pieces for page in pages):
        raise Refused("scanned" if pictures else "no_text")
    return Parsed(paragraphs.text_of(pages), pictures)


def _pages(xml: XmlPart) -> Iterator[Element]:
    """The pages of all documents of the file, in the order of their lists."""
    entry = xml("OFD.xml")
    roots = [root.text for root in descendants(entry, "DocRoot") if root.text]
    if not roots:
        raise Refused("damaged")
    for root in roots:
        document_name = root.strip().lstrip("/")
        document = xml(document_name)
        if document is None:
            raise Refused("damaged")
        for reference in children(child(document, "Pages"), "Page"):
            page = xml(_resolved(document_name, attribute(reference, "BaseLoc") or ""))
            if page is None:
                raise Refused("damaged")
            yield page


def _resolved(base: str, location: str) -> str:
    """A location is relative to the file that names it, or from the root with a slash."""
    if location.startswith("/"):
        return location.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), location))


def _pieces(text_object: Element) -> Iterator[Piece]:
    if (attribute(text_object, "Visible") or "true").lower() == "false":
        return
    left, top, width, _ = _box(attribute(text_object, "Boundary"))
    a, _, _, d, e, f = _numbers(attribute(text_object, "CTM"), (1, 0, 0, 1, 0, 0))
    size = abs(_number(attribute(text_object, "Size"), DEFAULT_SIZE) * a) or DEFAULT_SIZE
    for code in children(text_object, "TextCode"):
        text = (code.text or "").strip("\r\n")
        if not text.strip():
            continue
        x = _number(attribute(code, "X"), 0.0) * a + e
        y = _number(attribute(code, "Y"), 0.0) * d + f
        deltas = _deltas(attribute(code, "DeltaX"))[: len(text) - 1]
        if deltas or len(text) == 1:
            right = left + x + sum(deltas) * a + size
        else:
            right = left + max(width, x + size)
        yield Piece(text, left + x, right, top + y, size)


def _deltas(text: str | None) -> list[float]:
    """Distances between characters; "g 3 4.2" stands for 4.2 three times."""
    deltas: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word.lower() != "g":
            deltas.append(_number(word, 0.0))
            continue
        repeat = int(_number(next(words, None), 0.0))
        deltas.extend([_number(next(words, None), 0.0)] * min(max(repeat, 0), MAX_REPEAT))
    return deltas


def _box(text: str | None) -> tuple[float, ...]:
    return _numbers(text, (0, 0, 0, 0))


def _numbers(text: str | None, default: tuple[float, ...]) -> tuple[float, ...]:
    """Numbers set apart by blanks; the default where there are not as many as it has."""
    words = (text or "").split()
    if len(words) != len(default):
        return default
    return tuple(_number(word, fallback) for word, fallback in zip(words, default, strict=True))


def _number(text: str | None, default: float) -> float:
    """A number within what paper can have; rubbish, infinity and NaN count as the default."""
    try:
        number = float(text) if text else default
    except ValueError:
        return default
    return number if abs(number) < 1e6 else default
