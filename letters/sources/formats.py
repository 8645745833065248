"""Which format a file has: by its first bytes; by its name only where the bytes leave it open."""

import enum
import re

from letters.sources.limits import Refused


class Format(enum.Enum):
    """What can be read. The value names the worker module that reads it."""

    PLAIN = "plain"
    PACKAGE = "package"
    PDF = "pdf"
    HTML = "html"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# The names of streams inside an OLE file, as UTF-16. A docx with a password is an OLE file too.
OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "spreadsheet"),
    ("Book", "spreadsheet"),
    ("PowerPoint Document", "slides"),
)

REFUSED_STARTS = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"AT&TFORM", "image"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b\x08", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

HTML_START = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*"
    r"<(!doctype\s+html|html|head|body|meta|title|div|p|table|article|section|span|h[1-6]|center|font)\b",
    re.IGNORECASE | re.DOTALL,
)
HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")
HEAD_BYTES = 4096


def format_of(data: bytes, name: str) -> Format:
    """The format of a file's content; raises `Refused` for kinds that are known and not read."""
    _refuse_known(data)
    if data.startswith(ZIP_STARTS):
        return Format.PACKAGE
    if b"%PDF-" in data[:1024]:  # readers accept rubbish before the mark, so does PDFium
        return Format.PDF
    if _is_html(data, name):
        return Format.HTML
    return Format.PLAIN


def _refuse_known(data: bytes) -> None:
    if data.startswith(OLE):
        raise Refused(_ole_reason(data))
    for start, reason in REFUSED_STARTS:
        if data.startswith(start):
            raise Refused(reason)
    if _is_boxed_image(data):
        raise Refused("image")


def _ole_reason(data: bytes) -> str:
    for stream, reason in OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return reason
    return "binary"


def _is_boxed_image(data: bytes) -> bool:
    """Pictures whose mark does not stand first, and BMP, whose two letters alone are weak."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return True
    return data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00"


def _is_html(data: bytes, name: str) -> bool:
    head = _head(data)
    if re.match(r"(?is)\s*(from:.*saved by|mime-version:\s*1)", head):
        raise Refused("mhtml")
    if HTML_START.match(head):
        return True
    if re.match(r"\s*<\?xml", head):
        raise Refused("word_xml")
    return name.lower().endswith(HTML_NAMES) and "<" in head


def _head(data: bytes) -> str:
    """The beginning, good enough to see ASCII marks in any of the encodings."""
    head = data[:HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    return head.decode("utf-8-sig", errors="replace")
