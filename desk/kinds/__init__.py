"""The kinds of things that can wait for somebody: which rows, since when due, what is to be done.

Who has which kind follows from the table of rights alone: a kind names the right that it is about.
"""

from desk.kinds.departments import OF_DEPARTMENTS
from desk.kinds.everybody import OF_EVERYBODY
from desk.kinds.kind import Kind
from desk.kinds.offices import OF_OFFICES

KINDS: tuple[Kind, ...] = (*OF_DEPARTMENTS, *OF_EVERYBODY, *OF_OFFICES)

__all__ = ["KINDS", "Kind"]
