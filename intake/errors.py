"""What is said when a letter cannot be taken in: one sentence, in a clerk's words."""


class LetterRefused(Exception):
    """The letter was read but has no place here; `str()` says why and what to do."""


class AlreadyThere(LetterRefused):
    """The same letter was taken in before; it is skipped, not doubled."""
