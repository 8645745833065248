"""From raw text to paragraphs: page numbers and page furniture out, broken lines mended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters import shapes
from letters.piece import Piece, join
from letters.vocabulary import CHROME_WORDS, HAN

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_BLANK = set(
    " \t\xa0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f|"
)
_NOTHING = set("\u200b\u200c\u200d\u2060\ufeff\u00ad\x00\ufffc*")
# A line without any of these is taken as it stands.
_UNTIDY = re.compile(f"[{''.join(map(re.escape, sorted((_NOTHING | _BLANK) - {' '})))}<]|  ")
_PAGE_NUMBER = re.compile(
    r"[（(]此页无正文[）)]|[—\-–－·. ]{1,4}\d{1,4}[—\-–－·. ]{1,4}|第 ?\d+ ?页(?: ?共 ?\d+ ?页)?"
)
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|bmp)$", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[•·●◆■▲★#>]+ ?)+")
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_MEANING = re.compile(rf"[{HAN}A-Za-z0-9]")
_CHROME = re.compile("|".join(re.escape(word) for word in CHROME_WORDS))
# Lines under which a web page goes on with matter of its own, once the letter has begun.
_PAGE_END = re.compile(
    r"^(?:上一|下一)[篇条]|版权所有|ICP备|公网安备|网站标识码|^(?:相关|友情)(?:链接|文章|推荐|"
    r"新闻)|^附件下载|^分享到"
)
_LETTER_BEGUN = re.compile(r"收悉|答复如下|(?:代表|委员)[^，。]{0,12}：|您|你们")
_SENTENCE_END = "。！？：；…"
_TITLE_OPEN = re.compile(r"^(?:关于|对)|关于(?:对|$)|关于.*(?:届|次会议|政协|人大|建议|提案)")
_TITLE_CLOSED = re.compile(
    r"(?:答复|复函|的函|答复函|意见|意见函|摘要|报告|回复|函复|答复意见|办理情况|"
    r"情况)(?:[（〔].*[）〕])?$"
)
_TITLE_REST = re.compile(
    r"^(?:第|对|关于|答复|复函|的|会议|次|届|代表|委员|建议|提案|人大|政协|人民代表|函|办理|答$|"
    r"[一二三四五六七八九十]+(?:次|届))"
)
_TITLE_LONGEST = 120
_LOOK_BACK = 200  # characters before a line break that decide whether it is a break
_WRAPPED = (
    20  # characters; a shorter line that stops in mid-sentence is a heading, not a wrapped line
)
_WRAPPED_BARE = 30  # the same for a line without any mark inside
_WRAPPED_HEADING = 34
_RUNNING_TEXT = re.compile("[。；]|收悉|^(?:您|你|现将|对您|对你)")
_ADDRESSES = re.compile("(?:您|你)们?[^。：]{6,}")
_BARE_MARK = re.compile(r"[（〔]?[A-E甲乙丙丁] ?类?[）〕]?|(?:主动|依申请|不予|不)?公开")
_SALUTATION_LIKE = re.compile(r"^(?:尊敬的)?[^，。；]{2,60}(?:代表|委员)[^。，]{0,10}：")


def paragraphs(text: str) -> list[Piece]:
    """The paragraphs of the letter's text, each with single blanks inside."""
    lines: list[Piece] = []
    page_breaks: set[int] = set()  # lines with a page number right above them
    opened = False
    for line in _lines(text):
        if opened and _PAGE_END.search(line.folded) and len(line) < 200:
            break
        opened = opened or bool(_LETTER_BEGUN.search(line.folded))
        if _PAGE_NUMBER.fullmatch(line.folded):
            page_breaks.add(len(lines))
        if not _is_furniture(line.folded):
            lines.append(line)
    return _mend(lines, page_breaks)


def _lines(text: str) -> Iterator[Piece]:
    for found in _LINE.finditer(text):
        line = _clean(found[0], found.start())
        if line.text:
            yield line


def _clean(raw: str, start: int) -> Piece:
    """One line with runs of white space as one blank and invisible characters gone."""
    if not _UNTIDY.search(raw):
        return _unbulleted(Piece.printed(raw, tuple(range(start, start + len(raw)))).cut())
    dropped = (
        {at for tag in _TAG.finditer(raw) for at in range(tag.start(), tag.end())}
        if "<" in raw
        else set()
    )
    chars: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(raw):
        if char in _NOTHING or at in dropped:
            continue
        if char in _BLANK:
            if not chars or chars[-1] == " ":
                continue
            char = " "
        chars.append(char)
        offsets.append(start + at)
    return _unbulleted(Piece.printed("".join(chars), tuple(offsets)).cut())


def _unbulleted(piece: Piece) -> Piece:
    bullet = _BULLET.match(piece.text)
    return piece.cut(bullet.end()) if bullet else piece


def _is_furniture(folded: str) -> bool:
    """Whether a line is a page number or belongs to the web page around the letter."""
    if len(folded) == 1 or not _MEANING.search(folded) or _PAGE_NUMBER.fullmatch(folded):
        return True
    if _IMAGE.search(folded):
        return True
    found = _CHROME.search(folded)
    return bool(found) and ("。" not in folded or len(folded) < 30) and len(folded) < 150


def _mend(lines: list[Piece], page_breaks: set[int]) -> list[Piece]:
    """Lines put together where a line break cut a sentence or a title."""
    groups: list[list[Piece]] = []
    before = ""
    for at, line in enumerate(lines):
        if groups and _continues(before, line.folded, new_page=at in page_breaks):
            groups[-1].append(line)
            before = (before + line.folded)[-_LOOK_BACK:]
        else:
            groups.append([line])
            before = line.folded[-_LOOK_BACK:]
    return [group[0] if len(group) == 1 else join(group) for group in groups]


def _continues(before: str, line: str, *, new_page: bool) -> bool:
    """Whether a line goes on where the one before it broke off."""
    if line[0] in "，、。；）》”" and before[-1] not in _SENTENCE_END:
        return True
    if _stands_alone(line) or _BARE_MARK.fullmatch(line):
        return False
    if _is_open_title(before):
        return bool(_TITLE_REST.match(line)) and len(line) < 60
    if before[-1] in _SENTENCE_END or shapes.LABEL.search(before) or _SALUTATION_LIKE.match(before):
        return False
    if shapes.is_date_line(before) or shapes.is_signature(before) or _is_closed_title(before):
        return False
    return _is_broken_off(before, line, new_page=new_page)


def _is_broken_off(before: str, line: str, *, new_page: bool) -> bool:
    """Whether a line of running text stops where no sentence can."""
    if before[-1] in "，、—（《“" or (before[-1].isdigit() and line[0].isdigit()):
        return True
    if shapes.level_of(before) and not re.search("[。；]", before):
        return len(before) >= _WRAPPED_HEADING
    if new_page or _ADDRESSES.match(before) or len(before) >= _WRAPPED_BARE:
        return True
    return bool(re.search("[，。；：]", before)) and len(before) >= _WRAPPED


def _is_open_title(before: str) -> bool:
    return (
        len(before) < _TITLE_LONGEST
        and bool(_TITLE_OPEN.search(before))
        and not _RUNNING_TEXT.search(before)
        and not _TITLE_CLOSED.search(shapes.squeeze(before))
        and not before.endswith("：")
    )


def _is_closed_title(before: str) -> bool:
    return bool(_TITLE_CLOSED.search(before)) and not re.search("[，。；]", before)


def _stands_alone(line: str) -> bool:
    """Whether a line can't be the rest of a broken one."""
    return bool(
        shapes.is_label(line)
        or shapes.is_date_line(line)
        or shapes.is_signature(line)
        or shapes.is_closing(line)
        or shapes.level_of(line)
        or shapes.INLINE_ITEM.match(line)
        or _SALUTATION_LIKE.match(line)
    )
