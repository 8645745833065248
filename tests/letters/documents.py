"""Files of every kind, made by hand: small, readable, and hostile where a test needs it."""

import io
import struct
import zipfile
from collections.abc import Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'

Placed = tuple[float, float, float, str]


def zipped(parts: dict[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip package of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, *, numbering: str = "", styles: str = "", **extra: str | bytes) -> bytes:
    """A Word file with this body; further parts by name, dots written as __."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {W}>{numbering}</w:numbering>"
    if styles:
        parts["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>"
    parts.update({name.replace("__", "."): content for name, content in extra.items()})
    return zipped(parts)


def paragraph(text: str, properties: str = "") -> str:
    """A Word paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int, list_id: int = 1) -> str:
    """A Word paragraph with an automatic number."""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(text, place)


def level(index: int, number_format: str, text: str, extra: str = "") -> str:
    """One level of an automatic list."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="{text}"/>{extra}</w:lvl>'
    )


OUTLINE = (
    '<w:abstractNum w:abstractNumId="7">'
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimal", "(%4)")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
)


def pdf(pages: Sequence[Sequence[Placed]], *, image: bool = False, locked: bool = False) -> bytes:
    """A PDF on A4 with text at (x, y from the bottom, size), in a font every reader maps itself."""
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [4 0 R] >>",
        4: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        b"/FontDescriptor 5 0 R >>",
        5: b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880] "
        b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>",
        6: stream(b"\xff\x00\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 "
                  "/ColorSpace /DeviceRGB /BitsPerComponent 8"),
    }  # fmt: skip
    kids = []
    for index, lines in enumerate(pages):
        page, content = 10 + 2 * index, 11 + 2 * index
        kids.append(f"{page} 0 R")
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            "/Resources << /Font << /F1 3 0 R >> /XObject << /I1 6 0 R >> >> >>"
        ).encode()
        objects[content] = stream(drawn(lines, image=image and not lines))
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return assembled(objects, locked=locked)


def drawn(lines: Sequence[Placed], *, image: bool) -> bytes:
    """The drawing commands of a page."""
    commands = ["q 500 0 0 700 40 70 cm /I1 Do Q"] if image else []
    for x, y, size, text in lines:
        code = text.encode("utf-16-be").hex()
        commands.append(f"BT /F1 {size} Tf {x} {y} Td <{code}> Tj ET")
    return "\n".join(commands).encode()


def stream(content: bytes, entries: str = "") -> bytes:
    """A PDF stream object."""
    head = f"<< {entries} /Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream"


def assembled(objects: dict[int, bytes], *, locked: bool) -> bytes:
    """A whole PDF file. `locked`: with checks that no password fits."""
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for key in sorted(objects):
        places[key] = len(out)
        out += f"{key} 0 obj\n".encode() + objects[key] + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for key, place in places.items():
        out += f"{key} 1\n{place:010} 00000 n \n".encode()
    lock = ""
    if locked:
        check = "ab" * 32
        lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{check}> /U <{check}> /P -4 >> "
        lock += f"/ID [<{'cd' * 16}> <{'cd' * 16}>] "
    size = max(objects) + 1
    out += f"trailer\n<< /Size {size} /Root 1 0 R {lock}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def ofd(*pages: str) -> bytes:
    """An OFD with the given page contents."""
    references = "".join(
        f'<ofd:Page ID="{index}" BaseLoc="Pages/Page_{index}/Content.xml"/>'
        for index in range(len(pages))
    )
    parts: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {OFD_SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml"
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {OFD_SPACE}><ofd:Pages>{references}</ofd:Pages>"
        "</ofd:Document>",
    }
    for index, content in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{index}/Content.xml"] = (
            f"<ofd:Page {OFD_SPACE}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:Area><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zipped(parts)


def text_object(x: float, y: float, text: str, size: float = 5) -> str:
    """A line of an OFD page: x and y in mm from the top left."""
    return (
        f'<ofd:TextObject Boundary="{x} {y} {size * len(text)} {size}" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(text) - 1} {size}">{text}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def old_office(stream_name: str) -> bytes:
    """The beginning of an OLE file that has a stream of this name."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + stream_name.encode("utf-16-le") + bytes(512)


def locked_zip(name: str) -> bytes:
    """A zip whose one entry says that it is encrypted."""
    data = bytearray(zipped({name: "x" * 100}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        flags = struct.unpack_from("<H", data, place)[0]
        struct.pack_into("<H", data, place, flags | 1)
    return bytes(data)
