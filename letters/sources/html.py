"""The text of a saved web page: what a visitor saw, block by block.

The charset comes from BOM, then the page's own word, then UTF-8, then GB18030. Scripts, styles,
form fields and hidden elements are left out. Menus and page chrome stay: the reader of letters
knows them. Limits: hidden by a style sheet is not seen as hidden; text that a script would have
put in is not there.
"""

import re

from lxml import etree
from lxml import html as lxml_html

from letters.sources import plain, worker
from letters.sources.limits import Refused
from letters.sources.worker import Parsed

META_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([a-z0-9_\-]+)""", re.IGNORECASE)
XML_ENCODING = re.compile(rb"""<\?xml[^>]+encoding\s*=\s*["']([a-z0-9_\-]+)""", re.IGNORECASE)
HEAD_BYTES = 4096
# GB2312 and GBK are subsets of GB18030, and pages that claim them often use more.
CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "utf8": "utf-8"}
KNOWN = frozenset({"utf-8", "gb18030", "big5", "utf-16", "utf-16le", "utf-16be"})

SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "head", "title", "select", "option", "textarea",
        "button", "iframe", "object", "svg", "audio", "video", "canvas", "datalist",
    }
)  # fmt: skip
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl",
        "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr",
        "ul",
    }
)  # fmt: skip
CELLS = frozenset({"td", "th"})
HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

WIDE = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…"
BREAK_BETWEEN_WIDE = re.compile(rf"(?<=[{WIDE}])[ \t\f]*\n[ \t\f\n]*(?=[{WIDE}])")
BLANKS = re.compile(r"[ \t\n\f\xa0]+")
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad]")
# Control characters do not stand in a page's text, so they can mark what its structure says.
LINE, CELL = "\x1e", "\x1f"


def read(data: bytes) -> Parsed:
    """The text of an HTML page."""
    text = decode(data)
    if not text.strip():
        raise Refused("no_text")
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml_html.document_fromstring(XML_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused("damaged") from error
    return Parsed(lined("".join(pieces_of(root))))


def decode(data: bytes) -> str:
    """The page as text. A page that lies about its charset is decoded by what its bytes are."""
    for bom, encoding in plain.BOMS:
        if data.startswith(bom):
            return _or_refused(data[len(bom) :], encoding)
    for encoding in [*declared(data), "utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or plain.looks_chinese(text):
            return text
    raise Refused("undecodable")


def _or_refused(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("undecodable") from error


def declared(data: bytes) -> list[str]:
    """The charset that the page names, where it is one that Chinese pages have."""
    for pattern in (XML_ENCODING, META_CHARSET):
        match = pattern.search(data[:HEAD_BYTES])
        if match:
            name = match[1].decode("ascii").lower()
            name = CHARSETS.get(name, name)
            return [name] if name in KNOWN else []
    return []


def pieces_of(root: lxml_html.HtmlElement) -> list[str]:
    """The text with marks for lines and cells. Walked without recursion: pages nest deeply."""
    pieces: list[str] = []
    hidden_within: lxml_html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_start = event == "start"
        if hidden_within is None and is_start and is_hidden(element):
            hidden_within = element
        if hidden_within is None:
            pieces.append(mark_of(element.tag, is_start))
            if is_start:
                pieces.append(marked_out(element.text))
        if not is_start:
            if hidden_within is element:
                hidden_within = None
            if hidden_within is None and element is not root:
                pieces.append(marked_out(element.tail))
    return pieces


def mark_of(tag: str, is_start: bool) -> str:
    """What an element's begin or end does to the lines."""
    if tag in BLOCKS:
        return LINE
    return CELL if tag in CELLS and not is_start else ""


def marked_out(text: str | None) -> str:
    """Text without the characters that serve as marks."""
    return (text or "").replace(LINE, "").replace(CELL, "")


def is_hidden(element: lxml_html.HtmlElement) -> bool:
    """Whether a visitor does not see the element."""
    if element.tag in SKIPPED or element.get("hidden") is not None:
        return True
    return bool(HIDING_STYLE.search(element.get("style", "")))


def lined(text: str) -> str:
    """Marks to lines and tabs; blanks as a browser folds them, but none within Chinese text."""
    lines: list[str] = []
    for block in text.split(LINE):
        cells = [folded(cell) for cell in block.split(CELL)]
        line = "\t".join(cells).strip()
        if line:
            lines.append(line)
    return "\n".join(lines)


def folded(text: str) -> str:
    """White space of the source: a line break between Chinese characters is no blank."""
    text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return BLANKS.sub(" ", BREAK_BETWEEN_WIDE.sub("", text)).strip(" \u3000")


if __name__ == "__main__":
    worker.serve(read)
