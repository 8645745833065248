"""Every file that cannot be read gets one sentence that names it and says what to do."""

import io
import os
import re
import zipfile

import docx as python_docx
import pytest

from letters.errors import REASONS, UnreadableLetter
from letters.sources import limits, source_of_bytes, text_of
from letters.sources.limits import Refused, check_zip
from tests.letters import documents
from tests.letters.documents import paragraph

ENTITY = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def refusal(data: bytes, name: str) -> UnreadableLetter:
    """How these bytes are refused; checks what all refusals have in common."""
    with pytest.raises(UnreadableLetter) as caught:
        source_of_bytes(data, name=name)
    check_sentence(str(caught.value), name)
    return caught.value


def refusal_of_path(path, **options) -> UnreadableLetter:
    with pytest.raises(UnreadableLetter) as caught:
        text_of(path, **options)
    check_sentence(str(caught.value), path.name)
    return caught.value


def check_sentence(sentence: str, name: str) -> None:
    """One Chinese sentence that names the file and says what to do."""
    assert f"“{name}”" in sentence
    assert sentence.endswith("。") and sentence.count("。") == 1
    assert re.search("：请|：.*请", sentence)
    assert "\n" not in sentence


@pytest.mark.parametrize("reason", REASONS)
def test_every_sentence_names_the_file_and_says_what_to_do(reason):
    sentence = str(UnreadableLetter(reason, "某信.docx", limit="20 MB"))
    check_sentence(sentence, "某信.docx")
    # The quotation marks of all other pages.
    assert not set("「」") & set(sentence)


def test_a_file_name_cannot_forge_a_message():
    sentence = str(UnreadableLetter("empty", "a\n成功\u202e\udcff" + "长" * 300))
    assert "\n" not in sentence and "\u202e" not in sentence and len(sentence) < 150
    sentence.encode("utf-8")


# The path


def test_a_file_that_does_not_exist(tmp_path):
    assert refusal_of_path(tmp_path / "没有.txt").reason == "missing"
    with pytest.raises(UnreadableLetter, match="找不到"):
        text_of(tmp_path / ("长" * 200))


def test_a_folder(tmp_path):
    folder = tmp_path / "文件夹"
    folder.mkdir()
    assert refusal_of_path(folder).reason == "folder"


def test_an_empty_file(tmp_path):
    (tmp_path / "空.docx").touch()
    assert refusal_of_path(tmp_path / "空.docx").reason == "empty"


def test_a_link_even_to_a_good_file(tmp_path):
    (tmp_path / "好.txt").write_text("张三代表：", encoding="utf-8")
    (tmp_path / "链接.txt").symlink_to(tmp_path / "好.txt")
    assert refusal_of_path(tmp_path / "链接.txt").reason == "not_regular"


def test_a_pipe_without_a_writer_does_not_hold_the_process(tmp_path):
    os.mkfifo(tmp_path / "管道.txt")
    assert refusal_of_path(tmp_path / "管道.txt").reason == "not_regular"


def test_a_device():
    with pytest.raises(UnreadableLetter) as caught:
        text_of("/dev/zero")
    assert caught.value.reason == "not_regular"


def test_a_file_over_the_size_limit_names_the_limit(tmp_path):
    path = tmp_path / "大.txt"
    path.write_bytes("张三代表：".encode() * 400)
    assert "5.86 KB" in str(refusal_of_path(path, max_bytes=5_999))
    assert text_of(path, max_bytes=6_000)


def test_a_file_of_twenty_megabytes_and_one_byte(tmp_path):
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    assert "20 MB" in str(refusal_of_path(path))


# Text


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 40, b"\x7fELF\x02\x01\x01" + bytes(500), b"\x01\x02\x03" * 99]
)
def test_binary_rubbish(data):
    assert refusal(data, "垃圾.txt").reason == "binary"


def test_text_in_an_encoding_nobody_here_uses():
    text = "關於加快縣域公交建設的建議收悉，現答覆如下。我縣已開通線路。" * 3
    assert refusal(text.encode("big5"), "繁体.txt").reason == "undecodable"


def test_utf_8_that_was_cut_in_the_middle_of_a_character():
    data = "您提出的关于加快县域公交建设的建议收悉，现答复如下。".encode() * 3
    assert refusal(data[:-1], "半截.txt").reason == "undecodable"


def test_a_file_of_blanks():
    assert refusal(b" \r\n\t \n", "空白.txt").reason == "no_text"


# Other kinds of files


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (documents.old_office("WordDocument"), "旧.doc", "doc"),
        (documents.old_office("Workbook"), "表.xls", "spreadsheet"),
        (documents.old_office("PowerPoint Document"), "片.ppt", "slides"),
        (documents.old_office("EncryptedPackage"), "密.docx", "encrypted"),
        (b"{\\rtf1\\ansi hello}", "a.rtf", "rtf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "图.png", "image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "图.pdf", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "图.webp", "image"),
        (b"Rar!\x1a\x07\x01\x00", "包.rar", "archive"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", "页.mhtml", "mhtml"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "文.doc", "word_xml"),
        (documents.zipped({"xl/workbook.xml": "<x/>"}), "表.docx", "spreadsheet"),
        (documents.zipped({"ppt/presentation.xml": "<x/>"}), "片.docx", "slides"),
        (documents.zipped({"mimetype": "x", "content.xml": "<x/>"}), "文.odt", "odt"),
        (documents.zipped({"答复.docx": "x"}), "包.zip", "archive"),
    ],
)
def test_files_of_another_kind_are_named_for_what_they_are(data, name, reason):
    assert refusal(data, name).reason == reason


# Damaged and locked


def test_a_docx_that_was_cut_off():
    data = documents.docx(paragraph("张三代表：" * 99))
    assert refusal(data[: len(data) // 2], "断.docx").reason == "damaged"


@pytest.mark.parametrize(
    "content", ["<w:document>", "", "<x/>", '<?xml version="1.0" encoding="x"?><a/>']
)
def test_a_docx_with_a_broken_document(content):
    data = documents.zipped({"word/document.xml": content, "[Content_Types].xml": "<Types/>"})
    assert refusal(data, "坏.docx").reason == "damaged"


def test_a_docx_whose_checksum_is_wrong():
    data = bytearray(documents.zipped({"word/document.xml": "<a/>"}, compression=0))
    data[data.index(b"<a/>") + 1] = ord("b")
    assert refusal(bytes(data), "坏.docx").reason == "damaged"


def test_an_ofd_without_its_pages():
    data = documents.zipped({"OFD.xml": "<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"})
    assert refusal(data, "坏.ofd").reason == "damaged"


def test_a_pdf_that_was_cut_off():
    assert refusal(b"%PDF-1.7\n1 0 obj\n<< /Type /Cat", "断.pdf").reason == "damaged"


def test_a_pdf_with_a_password():
    locked = documents.pdf([[(74, 700, 16, "张三代表")]], locked=True)
    assert refusal(locked, "密.pdf").reason == "encrypted"


def test_a_zip_with_a_password():
    assert refusal(documents.locked_zip("word/document.xml"), "密.docx").reason == "encrypted"


# Nothing to read


def test_a_scanned_pdf_is_sent_to_text_recognition():
    error = refusal(documents.pdf([[], []], image=True), "扫描件.pdf")
    assert str(error) == (
        "“扫描件.pdf”里没有文字，只有图片：请先做文字识别（OCR），或把文字粘贴进来。"
    )


def test_an_empty_pdf_page_is_not_called_a_scan():
    assert refusal(documents.pdf([[]]), "白.pdf").reason == "no_text"


def test_a_docx_of_pictures_only():
    data = documents.docx(paragraph(""), **{"word/media/image1__png": b"x"})
    assert refusal(data, "图.docx").reason == "scanned"


def test_an_empty_docx(tmp_path):
    python_docx.Document().save(tmp_path / "白.docx")
    assert refusal_of_path(tmp_path / "白.docx").reason == "no_text"


def test_a_page_of_scripts_only():
    assert refusal(b"<html><body><script>1</script></body></html>", "a.html").reason == "no_text"


# Bombs and entities


@pytest.mark.parametrize("part", ["word/document.xml", "word/media/image1.bmp", "OFD.xml"])
def test_a_zip_that_unpacks_to_far_more_than_it_weighs(part):
    data = documents.zipped({part: bytes(8 * limits.MEGABYTE)})
    assert len(data) < 20_000
    assert refusal(data, "炸弹.docx").reason == "bomb"


def entry(size: int, packed: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("word/media/a.bin")
    info.file_size, info.compress_size = size, packed
    return info


@pytest.mark.parametrize(
    "entries",
    [
        [entry(1, 1)] * (limits.ZIP_ENTRIES + 1),
        [entry(30 * limits.MEGABYTE, 20 * limits.MEGABYTE)] * 4,
        [entry(2 * limits.MEGABYTE, 1000)],
    ],
    ids=["entries", "total", "ratio"],
)
def test_each_limit_of_a_zip_holds_alone(entries):
    with pytest.raises(Refused, match="bomb"):
        check_zip(entries)


def test_an_honest_package_passes_the_limits():
    check_zip([entry(5 * limits.MEGABYTE, limits.MEGABYTE)] * 10)


def test_an_archive_inside_a_docx_is_never_opened():
    bomb = documents.zipped({"x": bytes(8 * limits.MEGABYTE)})
    data = documents.docx(paragraph("张三代表："), **{"word/embeddings/a__zip": bomb})
    assert source_of_bytes(data, name="a.docx").text == "张三代表："


def test_an_entry_that_lies_about_its_size():
    data = bytearray(documents.docx(paragraph("张三代表：" * 9999)))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = package.getinfo("word/document.xml").file_size
    data = data.replace(size.to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert refusal(bytes(data), "谎.docx").reason == "damaged"


def test_too_many_elements_end_the_worker_not_the_server():
    body = '<a b=""/>' * 2_000_000
    data = documents.zipped({"word/document.xml": f"<d><body>{body}</body></d>"}, compression=0)
    assert refusal(data, "多.docx").reason == "too_complex"


def test_nesting_without_end():
    body = "<w:ins>" * 50_000 + "</w:ins>" * 50_000
    assert refusal(documents.docx(body), "深.docx").reason in ("too_complex", "damaged")


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": ENTITY + "<d>&x;</d>"},
        {"word/document.xml": "<!DOCTYPE d><d/>"},
        {"OFD.xml": ENTITY + "<OFD>&x;</OFD>"},
        {"word/document.xml": "<d><body/></d>", "word/styles.xml": ENTITY + "<s>&x;</s>"},
        {"word/document.xml": (ENTITY + "<d>&x;</d>").encode("utf-16")},
    ],
)
def test_xml_with_a_doctype_is_refused_in_every_part_that_is_read(parts):
    assert refusal(documents.zipped(parts), "外部.docx").reason == "doctype"


def test_a_web_page_cannot_fetch_a_file():
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>文&x;字</p></html>'
    assert "root:" not in source_of_bytes(page.encode(), name="a.html").text


def test_more_text_than_a_letter_can_have():
    plain = "张三代表：您好。\n" * 250_000
    assert refusal(plain.encode(), "长.txt").reason == "too_much_text"
    page = f"<html><body>{plain}</body></html>"
    assert refusal(page.encode(), "长.html").reason == "too_much_text"
