"""What the public reads of one letter: its text in blocks, its promises marked, its figures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from letters.layout import Block, layout
from measures.models import Commitment, Figure, Measure
from proposals.models import Proposal, Reply, ReplyVersion
from public.covering import is_covered
from public.names import proposal_path

Marks = list[tuple[int, int, str, int]]  # start, end, "measure" or "commitment", number


@dataclass(frozen=True)
class Page:
    """The published text, the content of its page, the promises that stand in it."""

    text: str
    published_on: date
    document: dict[str, object]
    measure_count: int
    commitments: list[Commitment]

    @property
    def sha256(self) -> str:
        """The hash of the text's UTF-8 bytes: of a whole letter, its locked version's own."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def page_of(
    reply: Reply, version: ReplyVersion, *, is_current: bool, redacted: list[str]
) -> Page | None:
    """The page of one version; None where that version is not public. `redacted`: why, if so.

    Of a letter published as an abstract only the abstract is shown: nothing of the text, and
    only promises that stand in the abstract word for word.
    """
    if reply.published_on is None:
        return None
    if reply.form == Reply.Form.ABSTRACT:
        if not is_current:
            return None
        page = _abstract_page(reply, reply.published_on)
        page.document["redacted"] = redacted
        return page
    measures = shown_measures(reply) if is_current else []
    promises = shown_promises(reply) if is_current else []
    document = _document(reply, layout(version.text), measures, promises)
    document["redacted"] = redacted
    return Page(version.text, reply.published_on, document, len(measures), promises)


def shown_promises(reply: Reply) -> list[Commitment]:
    """The promises that the published form of the letter holds."""
    promises = list(reply.commitments.all())
    if reply.form == Reply.Form.FULL:
        return promises
    return [promise for promise in promises if promise.text in reply.abstract]


def shown_measures(reply: Reply) -> list[Measure]:
    """The measures that the published form of the letter marks: none in an abstract."""
    return list(reply.measures.all()) if reply.form == Reply.Form.FULL else []


def category_columns(reply: Reply | None) -> dict[str, str]:
    """How the letter classed the result, as list columns."""
    category = reply.category if reply else None
    return {
        "category": category.printed if category else "",
        "category_label": category.label if category else "",
        "category_meaning": category.meaning if category else "",
    }


def link_to(proposal: Proposal) -> dict[str, str]:
    """What a link to a published proposal needs."""
    return {
        "url": f"/proposals/{proposal_path(proposal)}/",
        "number": proposal.number,
        "title": proposal.title,
    }


def _abstract_page(reply: Reply, published_on: date) -> Page:
    blocks = [Block.plain(line) for line in reply.abstract.splitlines() if line.strip()]
    promises = shown_promises(reply)
    document = _document(reply, blocks, [], [])
    return Page(reply.abstract, published_on, document, 0, promises)


def _document(
    reply: Reply, blocks: list[Block], measures: list[Measure], promises: list[Commitment]
) -> dict[str, object]:
    marks: Marks = [(m.start, m.end, "measure", m.number) for m in measures]
    marks += [(c.start, c.end, "commitment", c.number) for c in promises]
    follow_up = next(iter(reply.follow_ups.all()), None)
    return {
        "issuer": reply.department.name,
        "document_number": reply.document_number,
        "title": reply.title,
        "signatory": reply.signatory,
        "category_label": category_columns(reply)["category_label"],
        "co_handlers": [{"slug": d.slug, "name": str(d)} for d in reply.co_handlers.all()],
        "also_answers": [
            link_to(other) for other in reply.also_answers.all() if other.is_published
        ],
        "form": reply.form,
        "blocks": blocks_with_marks(blocks, marks),
        "measures": [{"number": m.number, "text": m.text, "heading": m.heading} for m in measures],
        "figures": figures_in(reply) if marks else [],
        "follow_up": (
            {
                "category": follow_up.category.printed,
                "label": follow_up.category.label,
                "on": follow_up.on.isoformat(),
            }
            if follow_up
            else None
        ),
    }


def blocks_with_marks(blocks: list[Block], marks: Marks) -> list[dict[str, object]]:
    """The letter's blocks, each cut into runs where a measure or a promise begins or ends.

    A sentence that is both is shown as a promise: the stronger mark.
    """
    seen: set[tuple[str, int]] = set()
    by_strength = sorted(marks, key=lambda mark: mark[2] == "measure")
    return [{"kind": block.kind, "runs": _runs(block, by_strength, seen)} for block in blocks]


def _runs(block: Block, marks: Marks, seen: set[tuple[str, int]]) -> list[dict[str, Any]]:
    offsets = block.offsets
    inside = [m for m in marks if offsets and m[0] <= offsets[-1] and m[1] > offsets[0]]
    runs: list[dict[str, Any]] = []
    previous: object = None
    for position, (char, offset) in enumerate(zip(block.text, offsets, strict=True)):
        mark = next((m for m in inside if m[0] <= offset < m[1]), None)
        sub = position < block.sub_end
        if not runs or (mark, sub) != previous:
            runs.append(_run(mark, sub, seen))
            previous = (mark, sub)
        runs[-1]["text"] += char
    return runs


def _run(
    mark: tuple[int, int, str, int] | None, sub: bool, seen: set[tuple[str, int]]
) -> dict[str, Any]:
    if mark is None:
        return {"text": "", "mark": None, "number": 0, "first": False, "sub": sub}
    _start, _end, kind, number = mark
    first = (kind, number) not in seen
    seen.add((kind, number))
    return {"text": "", "mark": kind, "number": number, "first": first, "sub": sub}


def figures_in(reply: Reply) -> list[dict[str, object]]:
    """The letter's figures, each with its sentence; none that was covered."""
    measures = {measure.pk: measure for measure in reply.measures.all()}
    promises = {promise.pk: promise for promise in reply.commitments.all()}
    figures = (figure for figure in reply.figures.all() if not is_covered(figure))
    return [_figure(figure, measures, promises) for figure in figures]


def _figure(
    figure: Figure, measures: dict[int, Measure], promises: dict[int, Commitment]
) -> dict[str, object]:
    said: Measure | Commitment | None = promises.get(figure.commitment_id or 0)
    where = f"c{said.number}" if said else ""
    if said is None and figure.measure_id:
        said = measures[figure.measure_id]
        where = f"m{said.number}"
    return {
        "text": figure.text,
        "value": f"{figure.value.normalize():f}" if figure.value is not None else None,
        "unit": figure.unit,
        "rank": figure.rank,
        "where": where,
        "sentence": said.text if said else "",
    }
