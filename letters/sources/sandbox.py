"""Parse in a process of its own, so that a hostile file hurts that process and nothing else.

The worker gets the bytes on stdin and answers with one JSON object on stdout. It has no
environment, no way to import from the current folder (`-I`), 512 MB, 10 s of CPU, and once its
libraries are loaded it may not open another file or socket (`worker.confine`). What it says is
not trusted: the answer is limited in size, a reason must be a known one, and sentences are made
here.

Limits: POSIX only (`resource`). No seccomp and no name spaces: those need rights that an
application server seldom has; deploy/ may add them around the whole service.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from letters.errors import REASONS
from letters.sources import limits
from letters.sources.formats import Format
from letters.sources.limits import Refused

ROOT = Path(__file__).resolve().parent.parent.parent

# The limits come before the first import of a parser: a library that is loaded is inside them too.
BOOTSTRAP = """
import resource, runpy, sys
root, module, memory, cpu, output = sys.argv[1:6]
resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
resource.setrlimit(resource.RLIMIT_CPU, (int(cpu), int(cpu)))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(output), int(output)))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.path.insert(0, root)
sys.argv = [module]
runpy.run_module(module, run_name="__main__")
"""

# JSON escapes and the envelope around the text
ENVELOPE_FACTOR = 2


def parse(data: bytes, file_format: Format) -> tuple[str, list[int]]:
    """The text of a docx, OFD, PDF or HTML file and its pages without text; raises `Refused`."""
    return answer_of(*run(data, f"letters.sources.{file_format.value}"))


def run(data: bytes, module: str) -> tuple[int, bytes]:
    """Run one worker module over the bytes: its exit code and what it wrote.

    Input and output are unnamed files, not pipes: no deadlock, and the kernel limits the output.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(data)
        source.seek(0)
        try:
            done = subprocess.run(
                command(module),
                stdin=source,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                timeout=limits.WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("too_complex") from error
        answer.seek(0)
        return done.returncode, answer.read()


def command(module: str) -> list[str]:
    """The command line. `-I`: no PYTHON* variables, no user packages, no current folder."""
    sizes = (limits.MEMORY_BYTES, limits.CPU_SECONDS, ENVELOPE_FACTOR * limits.MAX_TEXT_BYTES)
    start = [sys.executable, "-I", "-X", "utf8", "-c", BOOTSTRAP]
    return [*start, str(ROOT), module, *map(str, sizes)]


def answer_of(exit_code: int, written: bytes) -> tuple[str, list[int]]:
    """What the worker said; one that was killed by a limit says nothing and exits by a signal."""
    if exit_code < 0:
        raise Refused("too_complex")
    try:
        answer = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise Refused("failed") from error
    if not isinstance(answer, dict):
        raise Refused("failed")
    if "reason" in answer:
        reason = answer["reason"]
        raise Refused(reason if isinstance(reason, str) and reason in REASONS else "failed")
    text, pages = answer.get("text"), answer.get("picture_pages")
    if not isinstance(text, str) or not isinstance(pages, list):
        raise Refused("failed")
    return text, [page for page in pages if isinstance(page, int)]
