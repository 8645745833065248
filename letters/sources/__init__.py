"""From a file to its text: txt, docx, PDF, OFD, HTML.

`text_of(path)` is the door. The format is decided by content first and by name second; text files
are read here, all others in a process of their own with limits (`sandbox`). Whatever cannot be
read raises `letters.errors.UnreadableLetter`, whose words are one sentence for a clerk.
"""

import os
from dataclasses import dataclass, field

from letters.errors import UnreadableLetter
from letters.sources import files, limits, plain, sandbox
from letters.sources.formats import Format, format_of
from letters.sources.limits import MAX_BYTES, Refused

__all__ = ["MAX_BYTES", "Source", "source_of", "source_of_bytes", "text_of"]


@dataclass(frozen=True)
class Source:
    """The text of a file, and which of its pages are pictures whose words are not in the text."""

    text: str
    picture_pages: list[int] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """What a clerk must know about the reading, in Chinese sentences."""
        if not self.picture_pages:
            return []
        pages = "、".join(str(page) for page in self.picture_pages)
        return [f"第 {pages} 页只有图片，里面的文字没有读到：请对照原件补上。"]


def text_of(
    path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES, name: str | None = None
) -> str:
    """The text of a letter's file. `name`: what messages call it, where the path says nothing."""
    return source_of(path, max_bytes=max_bytes, name=name).text


def source_of(
    path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES, name: str | None = None
) -> Source:
    """As `text_of`, with what had to be left out (pages that are pictures)."""
    name = name or files.name_of(path)
    data = files.bytes_of(path, max_bytes=max_bytes, name=name)
    return source_of_bytes(data, name=name, max_bytes=max_bytes)


def source_of_bytes(data: bytes, *, name: str, max_bytes: int = MAX_BYTES) -> Source:
    """The same for bytes at hand: an upload, a pipe."""
    if not data:
        raise UnreadableLetter("empty", name)
    if len(data) > max_bytes:
        raise UnreadableLetter("too_large", name, limit=limits.in_words(max_bytes))
    try:
        return _read(data, name)
    except Refused as refused:
        raise UnreadableLetter(refused.reason, name) from refused


def _read(data: bytes, name: str) -> Source:
    file_format = format_of(data, name)
    if file_format is not Format.PLAIN:
        return Source(*sandbox.parse(data, file_format))
    text = plain.decode(data)
    if len(text.encode("utf-8", "replace")) > limits.MAX_TEXT_BYTES:
        raise Refused("too_much_text")
    return Source(text)
