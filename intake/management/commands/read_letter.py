"""`manage.py read_letter`: show what is read from letters, and store nothing. Needs no database."""

import io
import json
import os
import shutil
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from letters import Letter, read
from letters.errors import UnreadableLetter
from letters.sheet import sheet
from letters.sources import Source, source_of, source_of_bytes

STDIN = "-"
STDIN_NAME = "标准输入"


class Command(BaseCommand):
    help = "Read reply letters (txt, docx, pdf, ofd, html) and print what they say."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a letter; - reads stdin")
        parser.add_argument(
            "--format",
            choices=["text", "json"],
            default="text",
            help="a sheet for people (text), or one JSON object a line (json)",
        )

    def handle(self, *args, **options) -> None:
        is_json = options["format"] == "json"
        prepare_output(is_json=is_json)
        try:
            has_failed = self._read_all(options["files"], is_json=is_json)
            self.stdout.flush()
        except BrokenPipeError:  # `| head` has seen enough; Python must not flush into it at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if has_failed:
            sys.exit(1)

    def _read_all(self, files: list[str], *, is_json: bool) -> bool:
        """Print each letter; whether one could not be read. The rest is read all the same."""
        has_failed = False
        for place, file in enumerate(files):
            try:
                letter = letter_of(file)
            except UnreadableLetter as unreadable:
                has_failed = True
                self.stderr.write(str(unreadable))
                continue
            self.stdout.write(as_json(file, letter) if is_json else as_text(file, letter, place))
        return has_failed


def letter_of(file: str) -> Letter:
    """The letter in a file; a text that is no letter is as unreadable as a picture."""
    source = source_named(file)
    letter = read(source.text)
    if not letter.is_letter:
        raise UnreadableLetter("not_a_letter", STDIN_NAME if file == STDIN else file)
    letter.warnings += source.notes
    return letter


def source_named(file: str) -> Source:
    """The text of a file, or of what is piped in; never more than a letter may have."""
    if file == STDIN:
        data = sys.stdin.buffer.read(settings.LETTER_MAX_BYTES + 1)
        return source_of_bytes(data, name=STDIN_NAME, max_bytes=settings.LETTER_MAX_BYTES)
    return source_of(file, name=file, max_bytes=settings.LETTER_MAX_BYTES)


def as_json(file: str, letter: Letter) -> str:
    """One line; the keys and their order are fixed."""
    return json.dumps({"file": file, **letter.as_dict()}, ensure_ascii=False)


def as_text(file: str, letter: Letter, place: int) -> str:
    """A sheet with the file's name above, wrapped only where a person looks at it."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    head = f"== {file} =="
    return ("\n" if place else "") + head + "\n" + sheet(letter, columns=columns)


def prepare_output(*, is_json: bool) -> None:
    """JSON is UTF-8 wherever it is written; a sign the terminal lacks must not end the run.

    `backslashreplace` writes half a surrogate pair (a file name of broken bytes) as the escape that
    JSON has for it.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = "utf-8" if is_json else sys.stdout.encoding
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
