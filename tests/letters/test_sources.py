"""What is read from each kind of file."""

import docx as python_docx
import pytest

from letters.sources import source_of_bytes, text_of
from tests.letters import documents
from tests.letters.documents import OUTLINE, level, numbered, paragraph, text_object

SENTENCE = "张三代表：您提出的《关于加快县域公交建设的建议》收悉，现答复如下。"


def text_in(data: bytes, name: str = "答复.docx") -> str:
    return source_of_bytes(data, name=name).text


# Text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_a_text_file_is_read_in_every_encoding_offices_use(tmp_path, encoding):
    path = tmp_path / "答复.txt"
    path.write_bytes((SENTENCE + "\r\n第二行").encode(encoding))
    assert text_of(path) == SENTENCE + "\n第二行"


def test_a_text_file_in_big_endian_utf_16_is_read():
    assert text_in(b"\xfe\xff" + SENTENCE.encode("utf-16-be")) == SENTENCE


def test_traditional_characters_in_gbk_are_read():
    text = "關於加快縣域公交建設的建議收悉，現答覆如下：我縣已開通線路十二條。"
    assert text_in(text.encode("gbk")) == text


def test_the_content_decides_the_format_before_the_name():
    assert text_in(SENTENCE.encode(), name="其实是文本.docx") == SENTENCE
    assert text_in(documents.docx(paragraph(SENTENCE)), name="其实是文档.txt") == SENTENCE


# Word


def test_a_word_file_made_by_python_docx_is_read(tmp_path):
    document = python_docx.Document()
    document.add_paragraph("某某县交通运输局")
    document.add_paragraph(SENTENCE)
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    document.save(tmp_path / "a.docx")
    assert text_of(tmp_path / "a.docx") == "某某县交通运输局\n" + SENTENCE


def test_automatic_numbers_of_four_levels_are_resolved():
    body = "".join(
        numbered(text, index)
        for text, index in [
            ("情况", 0), ("措施", 1), ("其一", 2), ("甲", 3), ("乙", 3), ("其二", 2),
            ("丙", 3), ("成效", 1), ("打算", 0), ("近期", 1),
        ]
    )  # fmt: skip
    assert text_in(documents.docx(body, numbering=OUTLINE)).split("\n") == [
        "一、情况", "（一）措施", "1.其一", "(1)甲", "(2)乙", "2.其二", "(1)丙", "（二）成效",
        "二、打算", "（一）近期",
    ]  # fmt: skip


def test_numbers_come_from_the_style_of_a_paragraph():
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Child"><w:basedOn w:val="Base"/></w:style>'
    )
    body = paragraph("甲", '<w:pStyle w:val="Child"/>') + paragraph(
        "乙", '<w:pStyle w:val="Base"/>'
    )
    data = documents.docx(body, numbering=OUTLINE, styles=styles)
    assert text_in(data) == "一、甲\n二、乙"


def test_number_zero_takes_a_number_away_and_a_new_start_begins_again():
    numbering = OUTLINE + (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = numbered("甲", 0) + numbered("无号", 0, 0) + numbered("乙", 0) + numbered("丙", 0, 2)
    assert text_in(documents.docx(body, numbering=numbering)) == "一、甲\n无号\n二、乙\n一、丙"


def test_eleven_and_twenty_are_written_as_people_write_them():
    body = "".join(numbered("项", 0) for _ in range(21))
    lines = text_in(documents.docx(body, numbering=OUTLINE)).split("\n")
    assert (lines[9], lines[10], lines[19], lines[20]) == (
        "十、项",
        "十一、项",
        "二十、项",
        "二十一、项",
    )


def test_bullets_are_no_numbers():
    numbering = (
        '<w:abstractNum w:abstractNumId="7">' + level(0, "bullet", "\uf06c") + "</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )
    assert text_in(documents.docx(numbered("甲", 0), numbering=numbering)) == "甲"


def test_tables_stand_in_their_place_with_tabs_between_cells():
    cell = "<w:tc>{}</w:tc>".format
    row = f"<w:tr>{cell(paragraph('签发人'))}{cell(paragraph('王五'))}</w:tr>"
    body = paragraph("前") + f"<w:tbl>{row}</w:tbl>" + paragraph("后")
    assert text_in(documents.docx(body)) == "前\n签发人\t王五\n后"


def test_a_letter_inside_a_table_cell_keeps_its_paragraphs():
    cell = "".join(paragraph(f"第{n}段") for n in "一二三四五")
    label = f"<w:tc>{paragraph('答复内容')}</w:tc>"
    body = f"<w:tbl><w:tr>{label}<w:tc>{cell}</w:tc></w:tr></w:tbl>"
    assert text_in(documents.docx(body)).split("\n")[:3] == ["答复内容", "第一段", "第二段"]


def test_a_text_box_is_read_once_though_word_writes_it_twice():
    box = f"<w:txbxContent>{paragraph('某某局文件')}</w:txbxContent>"
    body = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:drawing>'
        f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>正文</w:t></w:r></w:p>"
    )
    assert text_in(documents.docx(body)) == "某某局文件\n正文"


def test_insertions_are_read_and_deletions_are_not():
    body = (
        "<w:p><w:r><w:t>我局将</w:t></w:r>"
        "<w:del><w:r><w:delText>研究</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>建成</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:r><w:t>两处车站。</w:t></w:r></w:p>"
    )
    assert text_in(documents.docx(body)) == "我局将建成两处车站。"


def test_a_deleted_paragraph_mark_joins_two_paragraphs():
    body = paragraph("我局将", "<w:rPr><w:del/></w:rPr>") + paragraph("建成车站。")
    assert text_in(documents.docx(body)) == "我局将建成车站。"


def test_comments_hidden_text_and_field_codes_are_not_read():
    body = (
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>正文</w:t></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    assert text_in(documents.docx(body, word_comments__xml="<x>批注</x>")) == "正文"


# PDF

LINE = "我局会同县财政局新增公交车二十辆并于年内建成首末站两处方便"


def placed(*lines: tuple[float, str], top: float = 700) -> list[documents.Placed]:
    """Lines of 16 points, 28 apart, each moved right by some characters."""
    return [(74 + 16 * em, top - 28 * n, 16, text) for n, (em, text) in enumerate(lines)]


def test_wrapped_lines_of_a_pdf_become_paragraphs():
    full = LINE[:28]
    page = placed(
        (8, "某某局"), (2, full[:26]), (0, full), (0, "群众出行。"), (2, "下一步，我局将继续。")
    )
    text = text_in(documents.pdf([page]), "a.pdf")
    assert text.split("\n") == ["某某局", full[:26] + full + "群众出行。", "下一步，我局将继续。"]


def test_a_sentence_goes_on_over_a_page_break_without_the_page_number():
    full = LINE[:28]
    first = [*placed((2, full[:26]), (0, full)), (280, 40, 14, "— 1 —")]
    second = [*placed((0, "群众出行。"), (2, "特此答复。")), (280, 40, 14, "— 2 —")]
    text = text_in(documents.pdf([first, second]), "a.pdf")
    assert text.split("\n") == [full[:26] + full + "群众出行。", "特此答复。"]


def test_a_pdf_is_read_from_top_to_bottom_whatever_its_order():
    lines = placed((0, "第一行"), (0, "第二行"), (0, "第三行"))
    assert text_in(documents.pdf([lines[::-1]]), "a.pdf") == "第一行\n第二行\n第三行"


def test_a_date_set_to_the_right_does_not_run_into_what_follows():
    full = LINE[:28]
    page = placed(
        (2, full[:26]), (0, full), (0, "出行。"), (19, "2024年5月6日"), (0, "联系人：李四")
    )
    lines = text_in(documents.pdf([page]), "a.pdf").split("\n")
    assert lines[-2:] == ["2024年5月6日", "联系人：李四"]


def test_a_short_line_is_no_paragraph_begun_when_the_next_word_had_room():
    page = placed(
        (0, LINE[:24]), (0, "发布时间：昨天"), (2, LINE[:26]), (0, LINE[:28]), (0, "完。")
    )
    lines = text_in(documents.pdf([page]), "a.pdf").split("\n")
    assert lines[:2] == [LINE[:24], "发布时间：昨天"]


def test_a_long_centred_title_is_one_line():
    page = placed(
        (0, "关" + LINE[:26]), (11, "建议的答复函"), (2, LINE[:26]), (0, LINE[:28]), (0, "完。")
    )
    lines = text_in(documents.pdf([page]), "a.pdf").split("\n")
    assert lines[0].endswith("建议的答复函")


def test_a_picture_page_among_text_pages_is_told():
    source = source_of_bytes(
        documents.pdf([placed((0, SENTENCE[:10])), []], image=True), name="a.pdf"
    )
    assert source.notes == ["第 2 页只有图片，里面的文字没有读到：请对照原件补上。"]


# OFD


def test_an_ofd_is_read_by_place_and_lines_become_paragraphs():
    full = LINE[:28]
    page = (
        text_object(35, 60, "群众出行。") + text_object(35, 40, full)
        + text_object(45, 30, full[:26]) + text_object(45, 70, "特此答复。")
    )  # fmt: skip
    text = text_in(documents.ofd(page), "a.ofd")
    assert text.split("\n") == [full[:26] + full, "群众出行。", "特此答复。"]


def test_the_pages_of_an_ofd_come_in_the_order_of_its_list():
    pages = [text_object(45, 30, "第一页。"), text_object(45, 30, "第二页。")]
    assert text_in(documents.ofd(*pages), "a.ofd") == "第一页。\n第二页。"


def test_characters_placed_one_by_one_make_one_line():
    page = "".join(text_object(35 + 5 * n, 30, sign) for n, sign in enumerate("同意公开"))
    assert text_in(documents.ofd(page), "a.ofd") == "同意公开"


# Web pages


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("gb18030", "gb2312"), ("utf-8", "utf-8"), ("utf-8", "gbk"), ("gb18030", ""), ("utf-16", "")],
)
def test_a_web_page_is_read_in_its_charset_even_if_it_names_another(encoding, charset):
    meta = f'<meta charset="{charset}">' if charset else ""
    page = f"<!DOCTYPE html><html><head>{meta}</head><body><p>{SENTENCE}</p></body></html>"
    assert text_in(page.encode(encoding), "a.html") == SENTENCE


def test_scripts_styles_and_hidden_elements_of_a_page_are_left_out():
    page = (
        "<html><head><title>题</title><style>p{}</style></head><body><script>var a</script>"
        '<p style="display: none">隐<b>藏</b></p>尾<div hidden>藏</div><p>正文<!-- 注 -->在此</p>'
        "<noscript>无</noscript></body></html>"
    )
    assert text_in(page.encode(), "a.html") == "尾\n正文在此"


def test_blocks_become_lines_and_cells_tabs():
    page = (
        "<html><body><h1>标题</h1><div>甲<br>乙</div>"
        "<table><tr><td>签发人</td><td>王五</td></tr></table></body></html>"
    )
    assert text_in(page.encode(), "a.html") == "标题\n甲\n乙\n签发人\t王五"


def test_a_line_break_in_the_source_is_no_blank_between_chinese_characters():
    page = "<html><body><p>我局\r\n   将建成 A\n12 线</p></body></html>"
    assert text_in(page.encode(), "a.html") == "我局将建成 A 12 线"
