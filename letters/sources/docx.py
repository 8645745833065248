"""The text of a Word file as a reader of the printed page sees it.

Read: paragraphs with their automatic numbers, tables in their place, text boxes, inserted
changes. Not read: deleted changes, comments, hidden text, headers and footers (page chrome),
footnotes, field instructions. python-docx is not used: it drops numbers, text boxes and
insertions.
"""

import posixpath
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from letters.sources.limits import Refused
from letters.sources.markup import (
    attribute,
    child,
    children,
    descendants,
    is_on,
    local,
)
from letters.sources.numbering import Numbering
from letters.sources.worker import Parsed

XmlPart = Callable[[str], Element | None]

SKIPPED = frozenset(
    {
        "del", "moveFrom", "delText", "delInstrText", "instrText", "pPr", "rPr", "tblPr", "tblGrid",
        "tcPr", "trPr", "sectPr", "sdtPr", "sdtEndPr", "rt", "rubyPr", "footnoteReference",
        "endnoteReference", "commentReference", "annotationRef",
    }
)  # fmt: skip
SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
DRAWINGS = frozenset({"drawing", "pict", "object"})

# Check marks of the Wingdings fonts, in which forms tick 公开 or 不公开.
SYMBOLS = {
    ("Wingdings", 0xFE): "☑", ("Wingdings", 0xFD): "☒", ("Wingdings", 0xFC): "✓",
    ("Wingdings", 0xA8): "□", ("Wingdings", 0x6F): "□", ("Wingdings 2", 0x52): "☑",
    ("Wingdings 2", 0x50): "✓", ("Wingdings 2", 0xA3): "□",
}  # fmt: skip

# A cell of more paragraphs than this holds the letter itself, not a value of a form.
CELL_PARAGRAPHS = 3


def read(xml: XmlPart, *, has_pictures: bool) -> Parsed:
    """The text of a docx; `xml` gives its parts by name."""
    main = main_part(xml)
    folder = posixpath.dirname(main)
    document = xml(main)
    if document is None:
        raise Refused("damaged")
    body = child(document, "body")
    if body is None:
        raise Refused("damaged")
    numbers = Numbering(xml(f"{folder}/numbering.xml"), xml(f"{folder}/styles.xml"))
    text = "\n".join(Story(numbers).lines_of(body))
    if has_pictures and not text.strip():
        raise Refused("scanned")
    return Parsed(text)


def main_part(xml: XmlPart) -> str:
    """Where the document stands; nearly always word/document.xml, but the relations decide."""
    for relation in children(xml("_rels/.rels"), "Relationship"):
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return (attribute(relation, "Target") or "").lstrip("/") or "word/document.xml"
    return "word/document.xml"


class Story:
    """Walks a body in reading order and collects lines."""

    def __init__(self, numbers: Numbering) -> None:
        self._numbers = numbers
        self._lines: list[str] = []
        # the text of a paragraph whose end mark was deleted: it goes on in the next one
        self._open = ""

    def lines_of(self, container: Element) -> list[str]:
        """The lines of a body, a cell or a text box, apart from what was collected so far."""
        outer, outer_open = self._lines, self._open
        self._lines, self._open = [], ""
        self._blocks(container)
        if self._open:
            self._lines.append(self._open)
        found = self._lines
        self._lines, self._open = outer, outer_open
        return found

    def _blocks(self, container: Element) -> None:
        for element in container:
            name = local(element)
            if name in SKIPPED:
                continue
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "AlternateContent":
                self._blocks(alternative(element))
            else:  # content controls, insertions, custom XML
                self._blocks(element)

    def _paragraph(self, paragraph: Element) -> None:
        """One paragraph, after the text boxes anchored in it (a letterhead is one, in line one)."""
        boxes: list[str] = []
        text = "".join(self._pieces(paragraph, boxes))
        label = self._numbers.label(paragraph)
        self._lines.extend(boxes)
        line = self._open + (label + text if text.strip() else text)
        if child(paragraph, "pPr", "rPr", "del") is not None:
            self._open = line
            return
        self._open = ""
        self._lines.extend(line.rstrip() for line in line.split("\n"))

    def _pieces(self, element: Element, boxes: list[str]) -> Iterator[str]:
        for found in element:
            name = local(found)
            if name in SKIPPED:
                continue
            if name == "t":
                yield found.text or ""
            elif name in SIGNS:
                yield SIGNS[name]
            elif name == "sym":
                yield symbol(found)
            elif name in DRAWINGS:
                boxes.extend(self._box_lines(found))
            elif name == "AlternateContent":
                yield from self._pieces(alternative(found), boxes)
            elif name != "r" or not is_on(child(found, "rPr", "vanish")):
                yield from self._pieces(found, boxes)

    def _box_lines(self, drawing: Element) -> Iterator[str]:
        """The text of the boxes in a drawing. A box within a box comes with the outer one."""
        inner: set[Element] = set()
        for box in descendants(drawing, "txbxContent"):
            if box in inner:
                continue
            inner.update(descendants(box, "txbxContent"))
            yield from (line for line in self.lines_of(box) if line.strip())

    def _table(self, table: Element) -> None:
        for row in rows_of(table):
            if child(row, "trPr", "del") is None:
                self._lines.extend(row_lines([self.lines_of(cell) for cell in cells_of(row)]))


def rows_of(table: Element) -> Iterator[Element]:
    """Rows, also those within content controls and insertions; not those of a table in a cell."""
    for element in table:
        name = local(element)
        if name == "tr":
            yield element
        elif name not in SKIPPED:
            yield from rows_of(element)


def cells_of(row: Element) -> Iterator[Element]:
    """Cells, also those within content controls."""
    for element in row:
        name = local(element)
        if name == "tc":
            yield element
        elif name not in SKIPPED:
            yield from cells_of(element)


def row_lines(cells: list[list[str]]) -> list[str]:
    """A row as one line with tabs; a cell that holds a letter keeps its paragraphs as lines."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    texts = [cell for cell in filled if cell]
    if len(texts) == 1:
        return texts[0]
    if any(len(cell) > CELL_PARAGRAPHS for cell in texts):
        return [line for cell in texts for line in cell]
    return ["\t".join(" ".join(cell) for cell in filled)] if texts else []


def alternative(element: Element) -> Element:
    """`mc:AlternateContent` says the same thing twice: take the first way."""
    choice = child(element, "Choice")
    if choice is None:
        choice = child(element, "Fallback")
    return element.makeelement("none", {}) if choice is None else choice


def symbol(element: Element) -> str:
    """A sign of a symbol font; those without a meaning in text are left out."""
    try:
        code = int(attribute(element, "char") or "", 16) & 0xFF
    except ValueError:
        return ""
    return SYMBOLS.get((attribute(element, "font") or "", code), "")
