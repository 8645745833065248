"""How much a file may ask of the machine before it is refused.

A letter is a few pages. The figures leave a wide margin above the largest real ones (a long
provincial reply with a letterhead picture: 2 MB packed, 300 KB of XML) and stay far below what
hurts a server.
"""

import zipfile
from collections.abc import Sequence

MEGABYTE = 1024 * 1024

MAX_BYTES = 20 * MEGABYTE
MAX_TEXT_BYTES = 5 * MEGABYTE

# the worker process
MEMORY_BYTES = 512 * MEGABYTE
CPU_SECONDS = 10
WALL_SECONDS = 20

# zip packages (docx, OFD)
ZIP_ENTRIES = 2_000
ZIP_TOTAL_BYTES = 100 * MEGABYTE
ZIP_RATIO = 100
# Below this size a high ratio harms nobody: empty tables and themes pack very well.
ZIP_RATIO_FROM_BYTES = MEGABYTE
# An XML tree takes about ten times its text, so this is what fits into MEMORY_BYTES.
XML_PART_BYTES = 32 * MEGABYTE


class Refused(Exception):
    """A parser's word for "not this file". `reason` is a key of `letters.errors.REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def check_zip(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a package by its table of contents, before one byte is unpacked.

    An entry that lies about its size is caught later: `zipfile` reads no further than the declared
    size and then compares the checksum.
    """
    if len(entries) > ZIP_ENTRIES:
        raise Refused("bomb")
    if sum(entry.file_size for entry in entries) > ZIP_TOTAL_BYTES:
        raise Refused("bomb")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Refused("encrypted")
        if is_overpacked(entry):
            raise Refused("bomb")


def is_overpacked(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry unpacks to far more than honest XML does (deflate can do 1,032 : 1)."""
    if entry.file_size < ZIP_RATIO_FROM_BYTES:
        return False
    return entry.file_size > ZIP_RATIO * max(entry.compress_size, 1)


def in_words(size: int) -> str:
    """A size limit as a clerk reads it: "20 MB", "512 KB"."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.3g} MB"
    return f"{max(size / 1024, 0.001):.3g} KB"
