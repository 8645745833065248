"""How many text letters a second are imported, files to rows.

    .venv/bin/python benchmarks/import_letters.py [COUNT]

Writes COUNT (default 200) letters of about 500 characters into a temporary folder, and imports them
into a new database with --create-missing; then the same with --publish. Prints the rates.
"""

import sys
import time
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from new_site import FOLDER, make

from tests.letters.samples import REPLY

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 200


def write_letters(folder: Path, series: str) -> None:
    folder.mkdir()
    for number in range(1, COUNT + 1):
        text = REPLY.replace("云交建议〔2026〕18号", f"云交{series}〔2026〕{number}号")
        text = text.replace("第0456号", f"第{number:04}号")
        (folder / f"{number:04}.txt").write_text(text, "utf-8")


def rate(folder: Path, **options: bool) -> float:
    began = time.perf_counter()
    call_command("import_letters", str(folder), create_missing=True, stdout=StringIO(), **options)
    return COUNT / (time.perf_counter() - began)


def main() -> None:
    make()
    for series, options in (("建议", {}), ("函", {"publish": True})):
        folder = Path(FOLDER.name) / series
        write_letters(folder, series)
        name = "imported and published" if options else "imported"
        print(f"{name}: {rate(folder, **options):.0f} letters a second (goal: 50 imported)")


if __name__ == "__main__":
    main()
