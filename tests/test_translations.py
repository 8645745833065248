"""Everything that people read is there in Chinese."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
NO_MESSAGES = ("tests", "benchmarks", "docs", "deploy", "var", "locale", "static", "node_modules")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")

Key = tuple[str | None, str]


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> set[Key]:
    """Every string that code and templates mark, by the very tool that `make messages` runs."""
    if shutil.which("xgettext") is None:
        pytest.fail("xgettext is missing, so no string can be checked: install gettext.")
    copy = tmp_path_factory.mktemp("messages") / "luoshi"
    shutil.copytree(ROOT, copy, ignore=_not_ours)
    (copy / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-location"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    fresh = polib.pofile(str(copy / CATALOGUE.relative_to(ROOT)))
    return {(entry.msgctxt, entry.msgid) for entry in fresh}


def _said(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    """What Chinese says for it, or each thing that it says where the number matters."""
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return said if all(said) else []


def _not_ours(folder: str, names: list[str]) -> set[str]:
    """What holds no message of ours: hidden folders, tests, data."""
    hidden = {name for name in names if name.startswith(".") or name == "__pycache__"}
    return hidden | (set(NO_MESSAGES).intersection(names) if Path(folder) == ROOT else set())


def test_every_string_is_translated(catalogue: polib.POFile, marked: set[Key]) -> None:
    translated = {(entry.msgctxt, entry.msgid) for entry in catalogue if _said(entry)}
    assert sorted(marked - translated, key=str) == []


def test_no_translation_is_left_over(catalogue: polib.POFile, marked: set[Key]) -> None:
    assert catalogue.obsolete_entries() == []
    assert [entry.msgid for entry in catalogue if (entry.msgctxt, entry.msgid) not in marked] == []


def test_no_translation_is_a_guess(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_translations_keep_their_placeholders(catalogue: polib.POFile) -> None:
    def differs(entry: polib.POEntry) -> bool:
        asked, *given = (
            sorted(PLACEHOLDER.findall(said))
            for said in (entry.msgid_plural or entry.msgid, *_said(entry))
        )
        return given != [asked]

    assert [entry.msgid for entry in catalogue if differs(entry)] == []


def test_sentences_end_as_chinese_sentences_do(catalogue: polib.POFile) -> None:
    """Full-width marks between Chinese characters."""
    half_width = re.compile(r"[\u4e00-\u9fff][,.;:?!]|[,;:?!][\u4e00-\u9fff]")
    said = [words for entry in catalogue for words in _said(entry)]
    assert [words for words in said if half_width.search(words)] == []


def test_the_compiled_catalogue_is_up_to_date(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {(entry.msgctxt, entry.msgid): _said(entry) for entry in compiled} == {
        (entry.msgctxt, entry.msgid): _said(entry) for entry in catalogue
    }


def test_the_catalogue_tells_nothing_of_the_machine_it_was_made_on() -> None:
    text = CATALOGUE.read_text()
    assert "#: " not in text
    assert "POT-Creation-Date" not in text
