"""`manage.py read_letter`: what a clerk sees in the terminal and a program on the pipe.

No test here may touch a database: pytest-django refuses it, as none asks for one.
"""

import io
import json
import sys

import pytest
from django.core.management import call_command

from letters import Commitment, Letter
from letters.sheet import labelled, sheet, width, wrapped
from tests.letters import documents

LETTER = """青岚县交通运输局

青交建〔2024〕12号

关于青岚县第十八届人大三次会议第37号建议的答复

何平代表：

您提出的《关于增开城乡公交线路的建议》（第37号）收悉，现答复如下：

一、已开展的工作

2023年，我局新购公交车20辆，开通城乡线路12条。

二、下一步工作

2025年底前，我局将会同县财政局建成首末站2处。

青岚县交通运输局

2024年6月9日
"""

KEYS = [
    "file", "letter_type", "kind", "issuer", "document_number", "reply_category", "assembly",
    "term", "session", "proposals", "addressees", "addressee_count", "lead_department",
    "co_handling_departments", "date", "disclosure", "signatory", "contact_person",
    "contact_phone", "copied_to", "sections", "measures", "commitments", "figures", "warnings",
]  # fmt: skip


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "答复.txt"
    path.write_text(LETTER, encoding="utf-8")
    return str(path)


def read_letter(*files: str, **options) -> tuple[str, str, int]:
    """What the command writes to both streams, and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("read_letter", *files, stdout=out, stderr=err, **options)
    except SystemExit as end:
        code = int(end.code or 0)
    return out.getvalue(), err.getvalue(), code


def piped(monkeypatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_json_is_one_object_a_line_with_fixed_keys_and_the_path_as_given(letter):
    out, err, code = read_letter(letter, letter, format="json")
    lines = out.splitlines()
    assert (len(lines), err, code) == (2, "", 0)
    read = json.loads(lines[0])
    assert list(read) == KEYS
    assert read["file"] == letter
    assert read["proposals"] == [{"number": "37", "title": "关于增开城乡公交线路的建议"}]
    assert read["commitments"][0]["due"] == "2025年底前"
    assert "何平" in lines[0]


def test_the_sheet_names_values_promises_and_figures_in_chinese(letter):
    out, _, code = read_letter(letter)
    assert code == 0
    assert "文号        青交建〔2024〕12号" in out
    assert "第1项承诺   2025年底前，我局将会同县财政局建成首末站2处。" in out
    assert "  期限      2025年底前" in out


def test_the_sheet_shows_who_keeps_a_promise_and_what_was_concluded():
    promise = Commitment("会同县财政局办理。", 0, 9, departments=("县财政局", "县交通局"))
    concluded = {"lead_department": "由发文单位推断"}
    lines = sheet(Letter(commitments=[promise], lead_department="某局", inferred=concluded))
    assert "  单位      县财政局、县交通局" in lines
    assert "主办单位    某局（推断：由发文单位推断）" in lines


def test_a_file_that_fails_is_one_sentence_and_the_others_are_still_read(letter, tmp_path):
    out, err, code = read_letter(str(tmp_path / "没有.txt"), letter, format="json")
    assert code == 1
    assert len(out.splitlines()) == 1
    assert err.count("\n") == 1 and "没有.txt" in err and err.strip().endswith("。")


def test_a_text_that_is_no_letter_is_an_error(tmp_path):
    path = tmp_path / "菜单.txt"
    path.write_text("今天的菜单：红烧肉、米饭。", encoding="utf-8")
    out, err, code = read_letter(str(path))
    assert (out, code) == ("", 1)
    assert "菜单.txt" in err and "不像建议或提案的答复" in err


def test_a_letter_without_a_number_is_printed_with_a_warning(tmp_path):
    path = tmp_path / "无号.txt"
    path.write_text(LETTER.replace("第37号", ""), encoding="utf-8")
    out, err, code = read_letter(str(path), format="json")
    assert (err, code) == ("", 0)
    assert "没有读到建议或提案的编号。" in json.loads(out)["warnings"]
    assert "请核对" in read_letter(str(path))[0]


def test_a_letter_on_stdin_is_read_whatever_its_format(monkeypatch):
    piped(monkeypatch, LETTER.encode("gb18030"))
    assert json.loads(read_letter("-", format="json")[0])["file"] == "-"
    body = "".join(documents.paragraph(line) for line in LETTER.splitlines())
    piped(monkeypatch, documents.docx(body))
    assert json.loads(read_letter("-", format="json")[0])["issuer"] == "青岚县交通运输局"


def test_an_empty_stdin_is_named_as_such(monkeypatch):
    piped(monkeypatch, b"")
    _, err, code = read_letter("-")
    assert code == 1 and "“标准输入”" in err


def test_a_picture_page_of_a_pdf_is_among_the_warnings(tmp_path):
    lines = [line for line in LETTER.splitlines() if line]
    page = [(74, 780 - 40 * n, 14, line) for n, line in enumerate(lines)]
    path = tmp_path / "a.pdf"
    path.write_bytes(documents.pdf([page, []], image=True))
    out, _, code = read_letter(str(path), format="json")
    assert code == 0
    assert json.loads(out)["warnings"][-1].startswith("第 2 页只有图片")


def test_no_line_is_wider_than_the_terminal_or_begins_with_a_closing_mark():
    text = "我局将会同县财政局，在2025年底前建成首末站2处，开通线路12条，方便群众出行。"
    for columns in range(10, 60):
        lines = wrapped(text, columns)
        assert "".join(lines) == text
        assert all(width(line) <= columns for line in lines)
        assert not any(line[0] in "，。" for line in lines)


def test_labels_stand_in_one_column_whatever_their_length():
    starts = {width(labelled(label, "|", None)) for label in ("文号", "  期限", "第10项承诺")}
    assert starts == {13}
