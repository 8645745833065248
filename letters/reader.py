"""Read a reply letter's text: `read(text) -> Letter`."""

from __future__ import annotations

import re

from letters import body, co_handling, foot, head, proposals, sessions
from letters.doubts import warn
from letters.labels import labelled
from letters.letter import Letter, Proposal, Span
from letters.lines import paragraphs
from letters.outline import outline
from letters.piece import Piece
from letters.shapes import is_label, is_signature
from letters.vocabulary import HAN, NUMBER_LABELS
from letters.zones import Zones, divide

_OPINION = re.compile(r"(?:会办|协办|协助办理)(?:的)?意见|(?:会办|协办)(?:函|件)|会办意见")
_TITLE = re.compile(r"答复|复函|回复|函复|会办|协办|办理(?:情况|报告)|(?:建议|提案|议案)的?$|号")
_TITLE_ISSUER = re.compile(rf"^([{HAN}（）]{{3,30}}?)(?:关于|对(?=[{HAN}]*(?:届|人大|政协)))")
_TITLE_TAIL = re.compile(rf"(?:答复|复函|函|意见)（([{HAN}]{{2,16}})）$")
_PAGE_ISSUERS = ("发文机关", "发文单位", "答复单位", "发布机构", "信息来源", "来源")
_MASTHEAD = re.compile(r"(?:文件|（?函）?|便函)$")


def read(text: str) -> Letter:
    """Read a letter; every value with its place, and a warning for what could not be read."""
    parts = divide(paragraphs(text))
    letter = Letter()
    _read_head(letter, parts)
    _read_proposals(letter, parts)
    _read_foot(letter, parts)
    _read_kind(letter, parts)
    _read_departments(letter, parts)
    found = outline(parts.body)
    letter.sections = found.sections
    body.classify(letter, found.leaves)
    warn(letter, parts)
    return letter


def _set(letter: Letter, name: str, value: tuple[str, Span] | None) -> None:
    if value is not None:
        setattr(letter, name, value[0])
        letter.spans[name] = value[1]


def _set_list(letter: Letter, name: str, values: list[tuple[str, Span]]) -> None:
    setattr(letter, name, [text for text, _span in values])
    for at, (_text, span) in enumerate(values):
        letter.spans[f"{name}.{at}"] = span


def _titles(parts: Zones) -> list[Piece]:
    """Lines above the salutation that may be the letter's title, the nearest first."""
    own = [line for line in reversed(parts.head) if not is_label(line.folded)]
    page = [
        entry.value
        for entry in labelled(parts.head, next_line=True)
        if entry.label in ("标题", "名称", "信息名称")
    ]
    return [line.squeezed for line in [*own, *page] if _TITLE.search(line.squeezed.folded)]


def _read_head(letter: Letter, parts: Zones) -> None:
    numbered = [
        entry.value for entry in labelled(parts.head) if entry.label in NUMBER_LABELS
    ] + parts.head
    number = head.document_number(reversed(numbered)) or head.document_number(parts.foot)
    if number:
        _set(letter, "document_number", number[:2])
        if number[2]:
            letter.inferred["document_number"] = "文号的括号或“号”字在复制中缺失，已补全"
    around = [*parts.head, *parts.foot]
    _set(letter, "reply_category", head.category(around))
    _set(letter, "disclosure", head.disclosure(around))
    if parts.salutation:
        _set_list(letter, "addressees", parts.salutation.names)
        if parts.salutation.count:
            letter.addressee_count, letter.spans["addressee_count"] = parts.salutation.count


def _read_proposals(letter: Letter, parts: Zones) -> None:
    titles = _titles(parts)
    opening = [line.squeezed for line in parts.opening]
    _read_meeting(letter, [*titles, *opening])
    numbers = next((found for line in titles if (found := proposals.numbers(line))), [])
    in_opening = [found for line in opening for found in proposals.numbers(line)]
    if not numbers or len(in_opening) > len(numbers):
        numbers = in_opening
    named = next((found for line in opening if (found := proposals.titles(line))), [])
    if not named:
        named = next((found for line in titles if (found := proposals.quoted_titles(line))), [])
    for at, (number, title) in enumerate(proposals.pair(named, numbers)):
        letter.proposals.append(
            Proposal(number.text if number else None, title.text if title else None)
        )
        if number:
            letter.spans[f"proposals.{at}.number"] = number.span
        if title:
            letter.spans[f"proposals.{at}.title"] = title.span


def _read_meeting(letter: Letter, lines: list[Piece]) -> None:
    meetings = [found for line in lines if (found := sessions.find(line))]
    full = [meeting for meeting in meetings if meeting.term is not None]
    meeting = next(iter(full or meetings), None)
    if meeting is None:
        return
    for name in ("assembly", "term", "session"):
        value = getattr(meeting, name)
        span = getattr(meeting, f"{name}_span")
        if value is not None and span is not None:
            setattr(letter, name, value)
            letter.spans[name] = span


def _read_foot(letter: Letter, parts: Zones) -> None:
    _read_issuer(letter, parts)
    dated = foot.letter_date(parts)
    if dated and dated.value:
        letter.date = dated.value.isoformat()
        letter.spans["date"] = dated.span
        if dated.choices:
            letter.inferred["date"] = "日期的“年月日”在复制中缺失，已补全"
    elif dated:
        choices = "或".join(choice.isoformat() for choice in dated.choices)
        letter.warnings.append(f"落款日期缺字，可能是{choices}，请核对。")
    _set(letter, "signatory", foot.signatory(parts))
    person, phone = foot.contact(parts)
    _set(letter, "contact_person", person)
    _set(letter, "contact_phone", phone)
    _set_list(letter, "copied_to", foot.copied_to(parts))


def _read_issuer(letter: Letter, parts: Zones) -> None:
    signed = foot.issuer(parts) or foot.labelled_issuer(parts)
    if signed:
        _set(letter, "issuer", signed)
        return
    for line in reversed(parts.head):
        piece = line.squeezed
        found = _TITLE_ISSUER.match(piece.folded)
        if found and is_signature(found[1]):
            _set(letter, "issuer", (piece.text[: found.end(1)], piece.span(0, found.end(1))))
            return
        masthead = _MASTHEAD.sub("", piece.folded)
        if is_signature(masthead) and not is_label(line.folded):
            end = len(masthead)
            _set(letter, "issuer", (piece.text[:end], piece.span(0, end)))
            return
    _infer_issuer(letter, parts)


def _infer_issuer(letter: Letter, parts: Zones) -> None:
    """The web page's word for who answers, where the letter has none."""
    for line in reversed(parts.head):
        piece = line.squeezed
        found = _TITLE_TAIL.search(piece.folded)
        if found and is_signature(found[1]):
            start, end = found.span(1)
            _set(letter, "issuer", (piece.text[start:end], piece.span(start, end)))
            letter.inferred["issuer"] = "信中没有落款单位，取自标题后的括注"
            return
    entries = list(labelled(parts.head, next_line=True))
    for label in _PAGE_ISSUERS:
        for entry in entries:
            value = entry.value.squeezed
            if entry.label == label and is_signature(value.folded):
                _set(letter, "issuer", (value.text, value.span()))
                letter.inferred["issuer"] = f"信中没有落款单位，取自网页的“{label}”"
                return


def _read_kind(letter: Letter, parts: Zones) -> None:
    titles = [line.folded for line in _titles(parts)]
    opening = [line.squeezed.folded for line in parts.opening]
    around = "\n".join([*titles, *opening])
    if _OPINION.search(around):
        letter.letter_type = "co_handling_opinion"
    for evidence in (letter.assembly or "", _role(parts), *titles, *opening):
        kind = _kind_of(evidence)
        if kind:
            letter.kind = kind
            return


def _role(parts: Zones) -> str:
    return (parts.salutation.role or "") if parts.salutation else ""


def _kind_of(text: str) -> str | None:
    if re.search("政协|政協|委员|提案", text):
        return "cppcc_proposal"
    return "suggestion" if re.search("人大|人民代表大会|代表|建议|议案", text) else None


def _read_departments(letter: Letter, parts: Zones) -> None:
    if letter.letter_type == "co_handling_opinion":
        if letter.addressees and parts.salutation and parts.salutation.role is None:
            letter.lead_department = letter.addressees[0]
            letter.spans["lead_department"] = letter.spans["addressees.0"]
            letter.inferred["lead_department"] = "会办意见的主送单位就是主办单位"
        if letter.issuer:
            letter.co_handling_departments = [letter.issuer]
            letter.spans["co_handling_departments.0"] = letter.spans["issuer"]
            letter.inferred["co_handling_departments"] = "会办意见的发文单位就是会办单位"
        return
    titles = [proposal.title for proposal in letter.proposals if proposal.title]
    _set_list(letter, "co_handling_departments", co_handling.read(parts, titles))
    if letter.issuer:
        letter.lead_department = letter.issuer
        letter.spans["lead_department"] = letter.spans["issuer"]
        letter.inferred["lead_department"] = "答复由发文单位作出，视为主办单位"
