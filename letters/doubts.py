"""What a clerk should look at: values that could not be read, said in a clerk's words."""

from __future__ import annotations

from letters.letter import Letter
from letters.zones import Zones


def warn(letter: Letter, parts: Zones) -> None:
    """Decide whether the text is a reply letter at all, and list what is missing."""
    letter.is_letter = bool(
        (letter.addressees and parts.has_opening)
        or (letter.proposals and (parts.has_opening or letter.document_number or letter.term))
    )
    if not letter.is_letter:
        empty = not (parts.head or parts.body or parts.foot or parts.opening)
        letter.warnings.append(
            "文中没有文字。"
            if empty
            else "这不像一封建议或提案答复：没有读到称呼、编号和答复用语。"
        )
        return
    letter.warnings += [text for missing, text in _missing(letter) if missing]


def _missing(letter: Letter) -> list[tuple[bool, str]]:
    titled = any(proposal.title for proposal in letter.proposals)
    numbered = any(proposal.number for proposal in letter.proposals)
    return [
        (not letter.issuer, "没有读到发文单位，请补填。"),
        (not letter.date and not any("日期" in w for w in letter.warnings), "没有读到落款日期。"),
        (not letter.addressees, "没有读到称呼，不知道是答复哪位代表或委员。"),
        (not numbered, "没有读到建议或提案的编号。"),
        (not titled, "没有读到建议或提案的标题。"),
        (letter.kind is None, "分不清是人大代表建议还是政协提案。"),
        (letter.term is None, "没有读到届次。"),
        (
            not letter.measures and not letter.commitments,
            "正文中没有读到已做的工作，也没有读到承诺。",
        ),
    ]
