"""Redacted words never come into the snapshot: as many black squares stand in their place.

The fetched rows themselves are covered, before anything is made of them: what is written from them
cannot hold the words. Every place in the letter stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from measures.models import Anchored, Commitment, Figure, Measure
from proposals.models import Reply

SQUARE = "■"


def cover(reply: Reply) -> dict[int, list[str]]:
    """Cover the reply and all that hangs on it, in memory.

    Answers why something is covered, by the number of the version: for the public to read.
    """
    words = {row.text: row.reason for row in reply.redactions.all() if row.lifted_on is None}
    if not words:
        return {}
    reasons = {
        version.number: _reasons(
            reply.abstract if reply.form == Reply.Form.ABSTRACT else version.text,
            reply.title,
            words=words,
        )
        for version in reply.versions.all()
    }
    original = reply.text
    hidden = _hidden(original, words)
    for name in ("title", "document_number", "signatory", "abstract", "text"):
        setattr(reply, name, covered(getattr(reply, name), words))
    for version in reply.versions.all():
        version.text = covered(version.text, words)
    sentences: list[Measure | Commitment] = [*reply.measures.all(), *reply.commitments.all()]
    for said in sentences:
        _cover_sentence(said, original, hidden, words)
        said.heading = covered(said.heading, words)
    for promise in reply.commitments.all():
        _cover_promise(promise, words)
    for figure in reply.figures.all():
        if hidden.intersection(range(figure.start, figure.end)):
            _blacken(figure)
    return reasons


def covered(text: str, words: Iterable[str]) -> str:
    """The text with a square for every letter of these words, wherever they stand."""
    hidden = _hidden(text, words)
    if not hidden:
        return text
    return "".join(SQUARE if place in hidden else char for place, char in enumerate(text))


def is_covered(figure: Figure) -> bool:
    """Whether it was a part of covered words: it is no figure for the public."""
    return SQUARE in figure.text


def _hidden(text: str, words: Iterable[str]) -> set[int]:
    """The places of the words in the text; words that overlap are all found."""
    places: set[int] = set()
    for word in words:
        start = text.find(word)
        while start >= 0:
            places.update(range(start, start + len(word)))
            start = text.find(word, start + 1)
    return places


def _reasons(*texts: str, words: Mapping[str, str]) -> list[str]:
    return sorted({reason for word, reason in words.items() if any(word in t for t in texts)})


def _cover_sentence(said: Anchored, original: str, hidden: set[int], words: Iterable[str]) -> None:
    """By its place in the letter: of words that begin before the sentence nothing is left."""
    if original[said.start : said.end] == said.text:
        said.text = "".join(
            SQUARE if place in hidden else char for place, char in enumerate(said.text, said.start)
        )
    else:
        said.text = covered(said.text, words)


def _cover_promise(promise: Commitment, words: Iterable[str]) -> None:
    promise.due_text = covered(promise.due_text, words)
    promise.printed_departments = [covered(name, words) for name in promise.printed_departments]
    for update in promise.updates.all():
        for name in ("text", "evidence_title", "evidence_url"):
            setattr(update, name, covered(getattr(update, name), words))


def _blacken(figure: Figure) -> None:
    figure.text = SQUARE * len(figure.text)
    figure.value, figure.rank, figure.unit = None, None, ""
