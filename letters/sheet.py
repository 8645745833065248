"""A read letter as a sheet for the terminal: what a clerk checks, in the order of the letter.

Chinese, like the warnings of this package and like the letters themselves. Columns are counted as a
terminal shows them: a Chinese character takes two.
"""

import unicodedata
from collections.abc import Iterator

from letters.letter import Commitment, Figure, Letter

LABEL_COLUMNS = 12
CLOSING = "，。、；：？！）》」』】〕”’,.;:?!)"

KINDS = {"suggestion": "人大代表建议", "cppcc_proposal": "政协提案"}
TYPES = {"reply": "答复", "co_handling_opinion": "会办意见"}
DISCLOSURES = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
STRENGTHS = {
    "firm": "有时间或数字",
    "stated": "明确",
    "soft": "笼统（进一步、加大）",
    "study": "研究探索",
    "conditional": "有条件",
}


def sheet(letter: Letter, *, columns: int | None = None) -> str:
    """The whole letter. `columns`: where lines are wrapped; None leaves them whole, for pipes."""
    lines = [labelled(label, value, columns) for label, value in heads(letter) if value]
    lines += _measures(letter, columns)
    lines += _commitments(letter, columns)
    if letter.warnings:
        lines += ["", "请核对"]
        lines += [labelled("  ！", warning, columns) for warning in letter.warnings]
    return "\n".join(lines)


def heads(letter: Letter) -> Iterator[tuple[str, str | None]]:
    """The values of head and foot with their labels; one that was not read is None."""
    yield "种类", KINDS.get(letter.kind or "", "") + TYPES.get(letter.letter_type, "")
    yield "发文单位", _with_reason(letter, "issuer", letter.issuer)
    yield "文号", letter.document_number
    yield "答复类别", f"{letter.reply_category}类" if letter.reply_category else None
    yield "会议", meeting(letter)
    for proposal in letter.proposals:
        number = f"第{proposal.number}号" if proposal.number else "（没有编号）"
        yield "建议提案", f"{number} {proposal.title or '（没有标题）'}"
    yield "答复对象", addressees(letter)
    yield "主办单位", _with_reason(letter, "lead_department", letter.lead_department)
    yield "会办单位", "、".join(letter.co_handling_departments)
    yield "日期", _with_reason(letter, "date", letter.date)
    yield "公开属性", DISCLOSURES.get(letter.disclosure or "")
    yield "签发人", letter.signatory
    yield "联系人", " ".join(filter(None, [letter.contact_person, letter.contact_phone]))
    yield "抄送", "、".join(letter.copied_to)


def meeting(letter: Letter) -> str | None:
    """省人大 14届2次会议, as far as it was read."""
    term = f"{letter.term}届" if letter.term is not None else ""
    session = f"{letter.session}次会议" if letter.session is not None else ""
    return " ".join(filter(None, [letter.assembly, term + session])) or None


def addressees(letter: Letter) -> str:
    """The names, and how many people where the letter prints it."""
    names = "、".join(letter.addressees)
    return f"{names}（{letter.addressee_count}人）" if letter.addressee_count else names


def _with_reason(letter: Letter, field: str, value: str | None) -> str | None:
    """A value that was concluded, not read, says why."""
    reason = letter.inferred.get(field)
    return f"{value}（推断：{reason}）" if value and reason else value


def _measures(letter: Letter, columns: int | None) -> Iterator[str]:
    if not letter.measures:
        return
    yield from ("", f"已做的工作（{len(letter.measures)}项）")
    for index, measure in enumerate(letter.measures):
        yield labelled(f"第{index + 1}项工作", measure.text, columns)
        yield from _figures(letter, "measure", index, columns)


def _commitments(letter: Letter, columns: int | None) -> Iterator[str]:
    if not letter.commitments:
        return
    yield from ("", f"承诺事项（{len(letter.commitments)}项）")
    for index, commitment in enumerate(letter.commitments):
        yield labelled(f"第{index + 1}项承诺", commitment.text, columns)
        yield from (labelled(f"  {name}", value, columns) for name, value in _details(commitment))
        yield from _figures(letter, "commitment", index, columns)


def _details(commitment: Commitment) -> Iterator[tuple[str, str]]:
    if commitment.due:
        yield "期限", commitment.due
    if commitment.departments:
        yield "单位", "、".join(commitment.departments)
    yield "程度", STRENGTHS.get(commitment.strength, commitment.strength)


def _figures(letter: Letter, within: str, item: int, columns: int | None) -> Iterator[str]:
    found = [f for f in letter.figures if f.within == within and f.item == item]
    if found:
        yield labelled("  数字", "；".join(figure_text(figure) for figure in found), columns)


def figure_text(figure: Figure) -> str:
    """A figure as printed, and its plain value where 万 or 亿 was multiplied out."""
    plain = figure.value + figure.unit
    return figure.raw if figure.raw.replace(" ", "") == plain else f"{figure.raw}（{plain}）"


def width(text: str) -> int:
    """The columns that a terminal needs for a text."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def labelled(label: str, text: str, columns: int | None) -> str:
    """A label in its column and the text beside it, later lines under the first."""
    start = label + " " * max(LABEL_COLUMNS - width(label), 1)
    indent = " " * LABEL_COLUMNS
    lines = wrapped(text, columns - LABEL_COLUMNS) if columns else [text]
    return start + f"\n{indent}".join(lines)


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; no line begins with a closing mark."""
    lines, line = [], ""
    for character in text:
        is_full = width(line + character) > max(columns, 4)
        if is_full and character in CLOSING:
            lines.append(line[:-1])
            line = line[-1:] + character
        elif is_full:
            lines.append(line)
            line = character
        else:
            line += character
    return [*lines, line]
