"""The end of the letter: issuer, date, signatory, contact, copies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from letters import dates, shapes
from letters import vocabulary as words
from letters.labels import Labelled, labelled
from letters.letter import Span
from letters.piece import Piece, join
from letters.vocabulary import HAN
from letters.zones import Zones

Value = tuple[str, Span]

_NAME = re.compile(rf"[{HAN}](?: ?[{HAN}·]){{1,9}}")
# 农田建设管理处 张伟: the office before the name is no part of it.
_OFFICE_BEFORE_NAME = re.compile(
    rf"[：（ ]*[{HAN}]{{2,16}}(?:处|科|室|股|中心|司|局|部|办|所|队|委) "
)
_PHONE = re.compile(
    r"(?<!\d)1\d{2} \d{4} \d{4}(?!\d)|(?<!\d)\d{4} \d{4}(?! ?\d)|"
    r"(?:（\d{3,4}） ?|\d{3,4} ?[-—]{1,3} ?)\d{5,8}(?:[-—转]\d{1,5})?|\d{5,12}(?:[-—转]\d{1,5})?"
)
_APPROVED = re.compile(rf"经([{HAN}、]{{2,30}}?)(?:审签|审定|签发|审核|审阅|审批)")
_POST = re.compile(
    r"(?:党委|党组|常务|分管)?(?:副?(?:书记|局长|厅长|主任|部长|署长|县长|区长|市长|镇长|乡长|"
    r"院长|处长|主席|会长|总经理|"
    r"经理|行长|台长|社长|支队长|大队长|总队长|站长|所长)|同志|领导)+(?:同志)?$"
)
_NAME_AFTER_POST = re.compile(
    rf"(?:书记|长|主任|主席|经理)(?!办公|会议|专题|党)([{HAN}]{{2,3}})(?:同志)?$"
)
_OFFICE_END = re.compile(
    r".*(?:委员会|管委会|中心|政府|支队|大队|局|厅|委|部|办|会|院|府|处|署|党组)"
)
_SEAL = re.compile(r"[（〔](?:盖章|公章|章|印章|代章)[）〕]")
_COPIES_END = re.compile(r"(?:19|20)\d\d年.*印发|共印|印发")


@dataclass(frozen=True)
class Dated:
    """The letter's date and, where marks were lost, every date it can mean."""

    value: date | None
    span: Span
    choices: tuple[date, ...] = ()


def letter_date(zones: Zones) -> Dated | None:
    """The date under the letter; a web page's own date and the printing date are not it."""
    for line in zones.foot:
        if re.search("印发|更新|发布|浏览|访问", line.folded):
            continue
        found = shapes.DATE.search(line.folded)
        if found and not _belongs_to_label(line.folded, found.start()):
            value = dates.parse(found[0])
            if value:
                return Dated(value, line.span(*found.span()))
    for line in zones.foot:
        piece = line.squeezed
        found = shapes.DAMAGED_DATE.search(piece.folded)
        if found and (shapes.is_date_line(piece.folded) or shapes.is_signature(piece.folded)):
            choices = tuple(dates.mend(piece.folded))
            one = choices[0] if len(choices) == 1 else None
            if choices:
                return Dated(one, piece.span(*found.span()), choices)
    return _labelled_date(zones)


def _belongs_to_label(folded: str, start: int) -> bool:
    """Whether the date is the value of a label other than the letter's own date."""
    label = re.search(r"([^ ：]{1,8})：[^：]{0,3}$", folded[:start])
    return label is not None and not re.search("答复|成文|落款|^日期$|^时间$", label[1])


def _labelled_date(zones: Zones) -> Dated | None:
    for entry in labelled([*zones.foot, *zones.head]):
        if entry.label in ("成文日期", "答复日期", "答复时间"):
            value = dates.parse(entry.value.folded)
            if value:
                return Dated(value, entry.value.span())
    return None


def issuer(zones: Zones) -> Value | None:
    """The body that signs at the end."""
    signed = None
    for line in zones.foot:
        piece = line.squeezed
        if signed and shapes.is_label(line.folded):
            continue
        if shapes.is_signature(piece.folded):
            name = _signature_name(piece)
            if name and (signed is None or _more_telling(name[0], signed[0])):
                signed = name
    return signed


def labelled_issuer(zones: Zones) -> Value | None:
    """The body named by a label at the end (答复单位：…)."""
    for entry in labelled(zones.foot):
        name = entry.value.squeezed
        if entry.label in ("答复单位", "承办单位", "办理单位") and shapes.is_signature(name.folded):
            return name.text, name.span()
    return None


def _more_telling(name: str, other: str) -> bool:
    return name.endswith(other) and name != other


def _signature_name(piece: Piece) -> Value | None:
    end = len(piece)
    for pattern in (_SEAL, shapes.DATE, re.compile(r"(?:19|20)\d{5,6}$")):
        found = pattern.search(piece.folded[:end])
        if found:
            end = min(end, found.start())
    name = piece.cut(0, end)
    return (name.text, name.span()) if name.text else None


def signatory(zones: Zones) -> Value | None:
    """Who signed the letter off: 签发人, 领导署名, or 此复函已经…局长审签."""
    for entry in labelled([*zones.foot, *zones.head]):
        if entry.label in words.SIGNATORY_LABELS:
            name = _name(entry.value)
            if name:
                return name
    for line in [*zones.foot, *reversed(zones.body)]:
        value = _approved_by(line.squeezed)
        if value:
            return value
    return None


def _approved_by(piece: Piece) -> Value | None:
    found = _APPROVED.search(piece.folded)
    if found is None:
        return None
    after_post = _NAME_AFTER_POST.search(found[1])
    if after_post:
        start, end = (found.start(1) + at for at in after_post.span(1))
        return piece.text[start:end], piece.span(start, end)
    post = _POST.search(found[1])
    if post is None:
        return None
    end = found.start(1) + post.start()
    office = _OFFICE_END.match(piece.folded[found.start(1) : end - 2])
    start = found.start(1) + (office.end() if office else 0)
    if start == found.start(1) and piece.folded[start] in "我本":
        return None
    if not 2 <= end - start <= 4:
        return None
    return piece.text[start:end], piece.span(start, end)


def _name(value: Piece) -> Value | None:
    """A person's name at the start of a labelled value; its padding blanks go."""
    office = _OFFICE_BEFORE_NAME.match(value.folded)
    if office:
        value = value.cut(office.end())
    found = _NAME.match(value.folded.lstrip("： "))
    if found is None:
        return None
    skipped = len(value.folded) - len(value.folded.lstrip("： "))
    tokens = found[0].split(" ")
    text = tokens[0]
    for token in tokens[1:]:
        if len(text) > 1 and len(token) > 1:
            break
        if len(text) + len(token) > 4 and "·" not in found[0]:
            break
        text += " " + token
    piece = value.cut(skipped, skipped + len(text)).squeezed
    if len(piece) < 2 or len(piece) > 4 and "·" not in piece.text:
        return None
    return piece.text, piece.span()


def contact(zones: Zones) -> tuple[Value | None, Value | None]:
    """(person, phone). The phone that follows the person wins over any other."""
    entries = list(labelled([*zones.foot, *zones.head]))
    person_at, person = _contact_person(entries)
    if person_at is not None:
        phone = _first_phone(entries[person_at:], stop_at_person=True)
        if phone:
            return person, phone
    return person, _first_phone(entries, stop_at_person=False)


def _contact_person(entries: list[Labelled]) -> tuple[int | None, Value | None]:
    for label in words.CONTACT_LABELS:
        for at, entry in enumerate(entries):
            if entry.label == label:
                name = _name(entry.value)
                if name:
                    return at, name
    return None, None


def _first_phone(entries: list[Labelled], *, stop_at_person: bool) -> Value | None:
    for at, entry in enumerate(entries):
        is_person = entry.label in words.CONTACT_LABELS
        if stop_at_person and at and (is_person or entry.label in words.SIGNATORY_LABELS):
            return None
        if is_person or entry.label in words.PHONE_LABELS:
            found = _PHONE.search(entry.value.folded)
            if found:
                start, end = found.span()
                return entry.value.text[start:end].strip(), entry.value.span(start, end)
    return None


def copied_to(zones: Zones) -> list[Value]:
    """The bodies that get a copy (抄送), parted by 、 ， ；."""
    names: list[Value] = []
    for at, line in enumerate(zones.foot):
        for entry in labelled([line]):
            if entry.label in words.COPIED_LABELS:
                below = [] if entry.value.folded.endswith("。") else zones.foot[at + 1 : at + 7]
                names += _copy_names(join([entry.value, *_copies_below(below)]))
    return names


def _copies_below(lines: list[Piece]) -> list[Piece]:
    """The lines over which a list of copies goes on."""
    more: list[Piece] = []
    for line in lines:
        ended = line.folded.endswith("。")
        is_list = ended or re.search("[、，；]", line.folded)
        if shapes.is_label(line.folded) or not is_list or _COPIES_END.search(line.folded):
            break
        more.append(line)
        if ended:
            break
    return more


def _copy_names(value: Piece) -> list[Value]:
    piece = value.squeezed
    names: list[Value] = []
    for part in re.finditer(r"[^、，；。]+", piece.folded):
        text = re.sub(r"（[^）]*份[^）]*）$|[（ ]?\d+份$", "", part[0])
        if len(text) >= 2 and not _COPIES_END.search(text):
            start = part.start()
            names.append(
                (piece.text[start : start + len(text)], piece.span(start, start + len(text)))
            )
    return names
