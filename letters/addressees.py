"""The line the letter opens with (称呼): 李红等8名代表：  医药卫生界：  省农业农村厅："""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from letters.letter import Span
from letters.numerals import whole_number
from letters.piece import Piece
from letters.vocabulary import COLLECTIVE_SUFFIXES, HAN

_COUNT = r"[一二三四五六七八九十]{1,3}|\d{1,3}"
_ROLE = r"(?:全国|省|市|县|区|镇|乡)?(?:人大|政协)?(?:代表|委员|常委)"
_SALUTATION = re.compile(
    rf"(?:尊敬的 ?)?(?P<names>[{HAN}·、，和与及（）\d ]{{2,400}}?) ?{_ROLE}"
    rf"(?P<tail>(?:等|（等|及|并|和|与|们|一行|{_COUNT}|[名位人]|代表|委员|附议|联名|领衔|[（）]|"
    rf" )*)(?:：|，|$)"
)
_NUMBER_OF_PEOPLE = re.compile(rf"等 ?({_COUNT}) ?[名位人]")
_PERSON = re.compile(rf"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}·[{HAN}·]{{1,12}}")
_NO_PERSON = re.compile(
    r"^(?:各位|尊敬|你们|您们|关于|该|本|这|有关|人大|政协|提案|建议|全体|代表|委员|附议)|的|"
    r"提出|建议|市人大|县人大"
)
_OPENING = re.compile(r"^ ?(?:您|你|贵|《|“|关于|现|首先|非常|感谢|经|根据|按照|我|近|接|收)")
_BODY_LINE = re.compile(rf"(?:尊敬的)?([{HAN}A-Za-z（）()·、， ]{{2,80}})：")
_ACKNOWLEDGES = re.compile(r"收悉|转来|交办|答复|提出|提案|建议|会办|协办|意见")
# 和 parts two names only between full names: 和志远 and 张和平 are one name each.
_SPLIT = re.compile(rf"[、，,]|(?<=[{HAN}]{{2}})(?:和|与|及|并)(?=[{HAN}]{{2}})")
_ANYWHERE = 400  # characters of one-line letters in which the salutation may hide


@dataclass
class Salutation:
    """Who is addressed, and where the line ends."""

    end: int
    names: list[tuple[str, Span]] = field(default_factory=list)
    count: tuple[int, Span] | None = None
    role: str | None = None  # "代表", "委员" or None for a body


def find(paragraph: Piece, following: Piece | None) -> tuple[int, Salutation] | None:
    """(where it starts, the salutation) where the paragraph opens with one or is one."""
    folded = paragraph.folded
    starts = [0]
    if len(folded) > 40:
        starts += [found.end() for found in re.finditer(" ", folded[:_ANYWHERE])]
    for start in starts:
        found = _people(paragraph, start, following)
        if found:
            return start, found
    body = _bodies(paragraph, following)
    return (0, body) if body else None


def _people(paragraph: Piece, start: int, following: Piece | None) -> Salutation | None:
    match = _SALUTATION.match(paragraph.folded, start)
    if match is None:
        return None
    rest = paragraph.folded[match.end() :]
    if not match[0].endswith("：") and not (
        _OPENING.match(rest) if rest else following and _OPENING.match(following.folded)
    ):
        return None
    names = _split_names(paragraph, match.start("names"), match.end("names"))
    if not names:
        return None
    salutation = Salutation(match.end(), names)
    salutation.role = "委员" if "委员" in match[0] else "代表"
    counted = _NUMBER_OF_PEOPLE.search(match[0])
    if counted:
        value = whole_number(counted[1])
        at = match.start() + counted.start(1)
        if value is not None:
            salutation.count = value, paragraph.span(at, at + len(counted[1]))
    return salutation


def _split_names(paragraph: Piece, start: int, end: int) -> list[tuple[str, Span]]:
    """The people's names between start and end; none where one of them is no name."""
    text = paragraph.folded[start:end]
    counted = re.search(rf"[（ ]*等 ?(?:{_COUNT})?.*$", text)
    if counted:
        text = text[: counted.start()]
    names: list[tuple[str, Span]] = []
    at = 0
    for part in [*_SPLIT.finditer(text), None]:
        stop = part.start() if part else len(text)
        for piece in _by_blanks(paragraph.cut(start + at, start + stop)):
            name = _bare_name(piece)
            if name is None:
                return []
            if name.text:
                names.append((name.text, name.span()))
        at = part.end() if part else stop
    return names


def _by_blanks(piece: Piece) -> list[Piece]:
    """Names parted by blanks only (张三 李四); a padded name (李 明) stays one."""
    tokens = list(re.finditer(r"[^ ]+", piece.folded))
    if len(tokens) > 1 and all(len(token[0]) >= 2 for token in tokens):
        return [piece.cut(token.start(), token.end()) for token in tokens]
    return [piece]


def _bare_name(piece: Piece) -> Piece | None:
    """The piece as a person's name; empty for an idle word, None where it is something else."""
    name = piece.squeezed
    bare = re.sub(rf"(?:{_ROLE})$", "", name.folded)
    name = name.cut(0, len(bare))
    if not name.text:
        return name
    if _PERSON.fullmatch(name.folded) and not _NO_PERSON.search(name.folded):
        return name
    if len(name) >= 4 and name.folded.endswith(
        ("代表团", "界别", "工委", "委员会", "小组", "支部")
    ):
        return name
    return None


def _bodies(paragraph: Piece, following: Piece | None) -> Salutation | None:
    """Departments or collective authors as addressees, on a line of their own."""
    match = _BODY_LINE.match(paragraph.folded)
    if match is None:
        return None
    rest = paragraph.folded[match.end() :] or (following.folded if following else "")
    if not _ACKNOWLEDGES.search(rest[:200]):
        return None
    names: list[tuple[str, Span]] = []
    at = match.start(1)
    for part in [*re.compile("[、，,]").finditer(paragraph.folded, at, match.end(1)), None]:
        stop = part.start() if part else match.end(1)
        name = paragraph.cut(at, stop).squeezed
        if not name.folded.endswith(tuple(COLLECTIVE_SUFFIXES)):
            return None
        names.append((name.text, name.span()))
        at = part.end() if part else stop
    return Salutation(match.end(), names)
