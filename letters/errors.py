"""What is said when a file cannot be read as a letter.

Every sentence is for a clerk: it names the file, says what is wrong and what to do next. Parsers
know reasons only (`REASONS` below); the sentence is put together here, so that nothing that
stands inside a hostile file can become part of a message.
"""

import unicodedata

NAME_LIMIT = 80

REASONS = {
    # the file itself
    "missing": "找不到“{name}”：请检查文件名和路径是否写对。",
    "folder": "“{name}”是文件夹，不是文件：请选择文件夹里的信件。",
    "not_regular": "“{name}”不是普通文件（可能是链接、管道或设备）：请选择信件文件本身。",
    "forbidden": "没有权限打开“{name}”：请先取得读取权限，或把文件复制到自己的文件夹再试。",
    "unopenable": "“{name}”打不开：请检查磁盘或网络盘是否正常，再试一次。",
    "empty": "“{name}”是空文件，里面什么也没有：请重新下载或重新保存后再试。",
    "too_large": "“{name}”超过 {limit}：请去掉附件和图片，只留答复正文，或把文字粘贴进来。",
    # another kind of file
    "doc": "“{name}”是旧版 Word 文件（.doc）：请用 Word 或 WPS 打开，另存为 .docx 后再试。",
    "rtf": "“{name}”是 RTF 文件：请用 Word 或 WPS 打开，另存为 .docx 后再试。",
    "word_xml": "“{name}”是 XML 格式的文档：请用 Word 或 WPS 打开，另存为 .docx 后再试。",
    "odt": "“{name}”是 ODF 文档：请用 WPS 或 LibreOffice 打开，另存为 .docx 后再试。",
    "spreadsheet": "“{name}”是电子表格，不是信件：请选择答复的 Word、PDF 或 OFD 文件。",
    "slides": "“{name}”是演示文稿，不是信件：请选择答复的 Word、PDF 或 OFD 文件。",
    "image": "“{name}”是图片，里面没有文字：请先做文字识别（OCR），或把文字粘贴进来。",
    "archive": "“{name}”是压缩包：请先解压，再选择里面的信件。",
    "mhtml": "“{name}”是 mht 网页：请在浏览器里另存为“网页，仅 HTML”，或把文字粘贴进来。",
    "binary": "“{name}”不是文字文件：请换成 Word（.docx）、PDF、OFD、网页或文本文件。",
    "undecodable": "“{name}”的文字编码认不出来：请用记事本打开，另存为 UTF-8 编码后再试。",
    # locked, damaged or dangerous
    "encrypted": "“{name}”设了密码：请去掉密码，另存一份后再试。",
    "damaged": "“{name}”已损坏，打不开：请重新下载，或请发件单位重发一份。",
    "bomb": "“{name}”解压后大得不正常，为安全起见没有打开：请另存一份，或把文字粘贴进来。",
    "doctype": "“{name}”里有不允许的外部引用（DOCTYPE），为安全起见没有打开："
    "请用 Word 或 WPS 另存一份后再试。",
    "too_complex": "“{name}”太复杂，读不下来：请只留答复正文另存一份，或把文字粘贴进来。",
    "too_much_text": "“{name}”里的文字太多，不像一封信：请只留答复正文另存一份后再试。",
    "failed": "读“{name}”时出了错，文件可能已损坏：请另存一份，或把文字粘贴进来。",
    # opened, but nothing to read
    "not_a_letter": "“{name}”不像建议或提案的答复：请检查是否选错文件，或补全称呼、编号再试。",
    "scanned": "“{name}”里没有文字，只有图片：请先做文字识别（OCR），或把文字粘贴进来。",
    "no_text": "“{name}”里没有文字：请检查是否选错了文件，或把文字粘贴进来。",
    "garbled": "“{name}”里的文字取不出来：请先做文字识别（OCR），或把文字粘贴进来。",
}


class UnreadableLetter(Exception):
    """A file that cannot be read: `str()` is one Chinese sentence, `reason` a key of `REASONS`."""

    def __init__(self, reason: str, name: str, *, limit: str = "") -> None:
        self.reason = reason
        self.name = shown(name)
        super().__init__(REASONS[reason].format(name=self.name, limit=limit))


def shown(name: str) -> str:
    """A file name that is safe to print: no line breaks, control or direction marks, not too long.

    A name may hold bytes that are no UTF-8 (surrogates); they are shown as a replacement mark.
    """
    clean = "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in name)
    if len(clean) > NAME_LIMIT:
        return clean[: NAME_LIMIT // 2] + "…" + clean[-NAME_LIMIT // 2 :]
    return clean
