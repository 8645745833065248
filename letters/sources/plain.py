"""Text files: which encoding, and is it text at all.

UTF-8 with or without BOM, UTF-16 with BOM, GB18030 (which holds GBK and GB2312). GB18030 gives a
character to nearly every byte pair, so "it decodes" proves little: the result must also look like
Chinese as it is written. Big5 and damaged UTF-8 fail there.
"""

import codecs
import re

from letters.sources.limits import Refused

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Control characters that text files do hold: tab, line feed, vertical tab (Word's line break), form
# feed, return, and the end mark of DOS editors.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
MAX_CONTROLS = 0.001

# Share of the characters beyond ASCII that are symbols or first-level characters of GB2312.
# Measured on sample letters: 0.97 and more, 0.60 in traditional script; misread Big5 or UTF-8 at
# most 0.44.
COMMON_SHARE = 0.52


def decode(data: bytes) -> str:
    """The text of a plain file, line ends as \\n; refuses what is no text."""
    text = tidy(_decoded(data))
    if _is_binary(text):
        raise Refused("binary")
    if not text.strip():
        raise Refused("no_text")
    return text


def tidy(text: str) -> str:
    """Line ends as \\n, no BOM, no DOS end mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return text.lstrip("\ufeff").rstrip("\x1a")


def _decoded(data: bytes) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding)
    if b"\x00" in data:
        raise Refused("binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strictly(data, "gb18030")
    if not looks_chinese(text):
        raise Refused("binary" if _is_binary(text) else "undecodable")
    return text


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(_no_text_reason(data)) from error


def _no_text_reason(data: bytes) -> str:
    """Bytes that decode as nothing: rubbish where control bytes abound, else another encoding."""
    return "binary" if _is_binary(data.decode("latin-1")) else "undecodable"


def _is_binary(text: str) -> bool:
    return len(CONTROLS.findall(text)) > MAX_CONTROLS * len(text)


def looks_chinese(text: str) -> bool:
    """Whether what was decoded as GB18030 is made of characters that people write."""
    beyond = [c for c in text if ord(c) > 127]
    common = sum(1 for c in beyond if _is_common(c))
    return common >= COMMON_SHARE * len(beyond)


def _is_common(character: str) -> bool:
    """GB2312 rows 1-9 (symbols) and 16-55 (first level, by pinyin)."""
    if character in "\u3000\xa0":
        return True
    try:
        row = character.encode("gb2312")[0] - 0xA0
    except UnicodeEncodeError:
        return False
    return 1 <= row <= 9 or 16 <= row <= 55
