"""Words of a letter that belong to a person and not to the public, found before it is published.

Private phone numbers, identity and card numbers, addresses of e-mail, and what the assembly knows
of how its deputies are reached. An official telephone is offered, too, and nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assemblies.models import DeputyContact

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from proposals.models import Proposal, Reply

# Digits, letters and signs of full width, each to one of half width: every place stays.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
# What may stand between the groups of a number.
_GAP = r"[ \t\-–—‑·]?"
CONTEXT = 12


class Kind(TextChoices):
    """What was found; its label is the reason that the public reads."""

    IDENTITY = "identity", _("Identity number")
    CARD = "card", _("Bank card number")
    MOBILE = "mobile", _("Private phone number")
    EMAIL = "email", _("E-mail address")
    DEPUTY = "deputy", _("Contact data of a deputy")
    LANDLINE = "landline", _("Office telephone")


# The first that fits a place is what it is.
_PATTERNS = tuple(
    (kind, re.compile(pattern.replace("_", _GAP), re.ASCII))
    for kind, pattern in (
        (Kind.IDENTITY, r"(?<![0-9A-Za-z])[1-9](?:_\d){16}_[\dXx](?![0-9A-Za-z])"),
        (Kind.CARD, r"(?<!\d)[3-6](?:_\d){15,18}(?!\d)"),
        (Kind.MOBILE, r"(?<!\d)(?:\+?86_)?1[3-9]\d(?:_\d){8}(?!\d)"),
        (Kind.EMAIL, r"[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
        (Kind.LANDLINE, r"(?<![\d-])\(?0\d{2,3}\)?_[1-9]\d{6,7}(?!\d)"),
    )
)


@dataclass(frozen=True)
class Found:
    """Words that may have to be covered, with those around them; `is_private`: they should be."""

    kind: Kind
    words: str
    before: str
    after: str
    is_private: bool

    @property
    def reason(self) -> str:
        return str(self.kind.label)


def found_in(reply: Reply) -> list[Found]:
    """What stands in the letter, in all that the public would read of it, and is not covered."""
    covered = set(reply.redactions.in_force().values_list("text", flat=True))
    # Somebody has decided that these are the public's business: offered, and not chosen.
    lifted = set(reply.redactions.exclude(lifted_on=None).values_list("text", flat=True))
    known = list(_reached_by(reply))
    offices = {_digits(reply.contact_phone)} - {""}
    found: dict[str, Found] = {}
    for text in dict.fromkeys(texts_of(reply)):
        for item in find(text, known=known, offices=offices):
            if item.words not in covered:
                is_private = item.is_private and item.words not in lifted
                found.setdefault(item.words, replace(item, is_private=is_private))
    return list(found.values())


def texts_of(reply: Reply) -> Iterator[str]:
    """Every text that is public once the letter is."""
    yield from (reply.text, reply.abstract, reply.title, reply.signatory, reply.document_number)
    yield from reply.versions.values_list("text", flat=True)
    for said in (reply.measures, reply.commitments):
        yield from said.values_list("heading", flat=True)
    for report in reply.commitments.values_list(
        "updates__text", "updates__evidence_title", "updates__evidence_url"
    ):
        yield from (text for text in report if text)


def doubts_of(proposal: Proposal) -> list[str | Promise]:
    """What a proposal's public page would tell of somebody, in sentences."""
    return [
        _("It holds what looks private: %(words)s") % {"words": item.words}
        for text in (proposal.title, proposal.reason, proposal.request)
        for item in find(text)
    ]


def find(text: str, *, known: Iterable[str] = (), offices: Iterable[str] = ()) -> list[Found]:
    """What is private in a text, in order.

    `known`: how deputies are reached. `offices`: telephones, in digits, that the letter itself
    gives for questions: offered, and not taken for private.
    """
    plain = text.translate(_HALF)
    spans: list[tuple[int, int, Kind]] = []
    for words in known:
        for match in _as_written(words).finditer(plain):
            _keep(spans, match.start(), match.end(), Kind.DEPUTY)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            if _is_one(kind, match.group()):
                _keep(spans, match.start(), match.end(), kind)
    offices = set(offices)
    return [
        Found(
            kind=kind,
            words=text[start:end],
            before=text[max(0, start - CONTEXT) : start],
            after=text[end : end + CONTEXT],
            is_private=kind == Kind.DEPUTY
            or (kind != Kind.LANDLINE and _digits(plain[start:end]) not in offices),
        )
        for start, end, kind in sorted(spans)
    ]


def _keep(spans: list[tuple[int, int, Kind]], start: int, end: int, kind: Kind) -> None:
    if not any(start < other_end and other < end for other, other_end, _kind in spans):
        spans.append((start, end, kind))


def _is_one(kind: Kind, words: str) -> bool:
    """Whether the check digit says so, where such numbers have one."""
    digits = re.sub(r"[^\dXx]", "", words).upper()
    if kind == Kind.IDENTITY:
        return _is_identity(digits)
    if kind == Kind.CARD:
        return _is_card(digits)
    return True


def _is_identity(digits: str) -> bool:
    """公民身份号码 (GB 11643): a day of birth, and the check digit."""
    if not re.fullmatch(
        r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", digits
    ):
        return False
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits[:17]))
    return digits[17] == "10X98765432"[total % 11]


def _is_card(digits: str) -> bool:
    """Luhn's check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _reached_by(reply: Reply) -> Iterator[str]:
    """How the deputies are reached whom the letter answers."""
    proposals = [reply.proposal_id, *reply.also_answers.values_list("pk", flat=True)]
    contacts = DeputyContact.objects.filter(deputy__sponsorships__proposal__in=proposals)
    rows = contacts.distinct().values_list("phone", "email", "address", "certificate_number")
    for phones, *others in rows:
        yield from re.split(r"[,;/、，；／]\s*|\s{2,}", phones)
        yield from others


def _as_written(words: str) -> re.Pattern[str]:
    """The words wherever they stand, however they are spaced; too short a word is nobody's own."""
    plain = [char for char in words.translate(_HALF) if char.isalnum() or char in "@._"]
    if len(plain) < 4:
        return re.compile(r"(?!)")
    pattern = r"[ \t\-–—‑·()]{0,2}".join(re.escape(char) for char in plain)
    # A number that goes on is another number.
    before = r"(?<!\d)" if plain[0].isdigit() else ""
    after = r"(?!\d)" if plain[-1].isdigit() else ""
    return re.compile(before + pattern + after, re.IGNORECASE)


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words.translate(_HALF))
