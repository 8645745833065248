"""Take the bytes of a file, and nothing but a file."""

import errno
import os
import stat
from pathlib import Path

from letters.errors import UnreadableLetter
from letters.sources import limits

# What `os.open` answers, in the words of `letters.errors`. ELOOP is how O_NOFOLLOW refuses a link,
# ENXIO a socket or a device that is not there.
OPEN_ERRORS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ENAMETOOLONG: "missing",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.ELOOP: "not_regular",
    errno.ENXIO: "not_regular",
}


def bytes_of(path: str | os.PathLike[str], *, max_bytes: int, name: str) -> bytes:
    """The content of a regular file of at most `max_bytes`.

    Opened once and judged by the open descriptor, so that the file that was checked is the one
    that is read. A link is refused: it may point outside the folder that a person may use.
    O_NONBLOCK keeps a pipe without a writer from holding the process.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableLetter(OPEN_ERRORS.get(error.errno or 0, "unopenable"), name) from error
    except ValueError as error:  # a NUL in the name
        raise UnreadableLetter("missing", name) from error
    try:
        return _read(descriptor, max_bytes=max_bytes, name=name)
    except OSError as error:
        raise UnreadableLetter("unopenable", name) from error
    finally:
        os.close(descriptor)


def _read(descriptor: int, *, max_bytes: int, name: str) -> bytes:
    state = os.fstat(descriptor)
    if stat.S_ISDIR(state.st_mode):
        raise UnreadableLetter("folder", name)
    if not stat.S_ISREG(state.st_mode):
        raise UnreadableLetter("not_regular", name)
    if state.st_size > max_bytes:
        raise UnreadableLetter("too_large", name, limit=limits.in_words(max_bytes))
    # one byte more than allowed: a file may grow between the two looks
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read(max_bytes + 1)


def name_of(path: str | os.PathLike[str]) -> str:
    """What a person calls the file: its last part, or the whole where there is none."""
    return Path(path).name or str(path)
