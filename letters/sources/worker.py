"""The inside of the sandbox: read stdin, parse, answer on stdout."""

import codecs
import contextlib
import json
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from letters.sources.limits import MAX_BYTES, MAX_TEXT_BYTES, Refused

# Codecs are modules on disk that Python loads at first use, which `confine` would forbid.
PRELOADED = (
    "gb18030", "gb2312", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1",
    "cp437",
)  # fmt: skip


@dataclass
class Parsed:
    """What a parser found: the text, and the numbers of pages that hold a picture and no text."""

    text: str
    picture_pages: list[int] = field(default_factory=list)


Parser = Callable[[bytes], Parsed]


def serve(parser: Parser) -> None:
    """Answer one request. Memory exhausted and nesting too deep are the file's doing: say so.

    That answer is made beforehand: while a MemoryError is handled there is no memory for one.
    """
    data = sys.stdin.buffer.read(4 * MAX_BYTES)
    confine()
    answer: dict[str, object] = {"reason": "too_complex"}
    with contextlib.suppress(MemoryError, RecursionError):
        answer = answered(parser, data)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def answered(parser: Parser, data: bytes) -> dict[str, object]:
    """What the parser found, or the reason for which it refused."""
    try:
        return said(parser(data))
    except Refused as refused:
        return {"reason": refused.reason}


def confine() -> None:
    """From here on no file, no socket and no process can be opened: the descriptors are used up."""
    for name in PRELOADED:
        codecs.lookup(name)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def said(parsed: Parsed) -> dict[str, object]:
    """The answer for a text: not empty, not endless."""
    if not parsed.text.strip():
        raise Refused("no_text")
    if len(parsed.text.encode("utf-8", "replace")) > MAX_TEXT_BYTES:
        raise Refused("too_much_text")
    return {"text": parsed.text, "picture_pages": parsed.picture_pages}
