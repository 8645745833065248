"""A stretch of cleaned text that still knows where each character stood in the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from letters.fold import fold
from letters.letter import Span


@dataclass(frozen=True)
class Piece:
    """Cleaned text, the same folded for matching, and the original offset of every character."""

    text: str
    offsets: tuple[int, ...]
    folded: str

    @classmethod
    def printed(cls, text: str, offsets: tuple[int, ...]) -> Piece:
        """A piece of the letter's text as it stands there."""
        return cls(text, offsets, fold(text))

    @cached_property
    def squeezed(self) -> Piece:
        """The same without white space, but for a blank between two Latin words."""
        if " " not in self.text:
            return self
        return self.keep(
            [at for at, char in enumerate(self.text) if char != " " or self._between_latin(at)]
        )

    def _between_latin(self, at: int) -> bool:
        around = self.text[at - 1 : at] + self.text[at + 1 : at + 2]
        return len(around) == 2 and all(char.isascii() and char.isalpha() for char in around)

    def keep(self, places: list[int]) -> Piece:
        """Only the characters at these places."""
        text, offsets, folded = self.text, self.offsets, self.folded
        return Piece(
            "".join([text[at] for at in places]),
            tuple([offsets[at] for at in places]),
            "".join([folded[at] for at in places]),
        )

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int = 0, end: int | None = None) -> Piece:
        """The part from start to end, without white space at its ends."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return Piece(self.text[start:end], self.offsets[start:end], self.folded[start:end])

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where the part from start to end stood in the original text."""
        part = self.offsets[start:end]
        return Span(part[0], part[-1] + 1) if part else Span(0, 0)


def join(pieces: Iterable[Piece]) -> Piece:
    """Pieces put end to end."""
    parts = list(pieces)
    return Piece(
        "".join(part.text for part in parts),
        tuple(offset for part in parts for offset in part.offsets),
        "".join(part.folded for part in parts),
    )
