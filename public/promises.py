"""How far a promise is: a word, an icon and a colour; counted for squares, tallies and bars.

A look is what a reader sees. Every promise has exactly one, so that counts add up: an open promise
whose date has passed looks overdue, whatever was reported before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import OPEN_STATES

# In the order in which squares and bars show them.
LOOKS: dict[str, str | Promise] = {
    "confirmed": gettext_lazy("Confirmed"),
    "kept": gettext_lazy("Fulfilled"),
    "moving": gettext_lazy("In progress"),
    "idle": gettext_lazy("Not begun"),
    "changed": gettext_lazy("Adjusted"),
    "disputed": gettext_lazy("Disputed"),
    "given": gettext_lazy("Declared not to be kept"),
    "overdue": gettext_lazy("Overdue"),
}
LOOK_OF_STATE = {
    "recorded": "idle",
    "in_progress": "moving",
    "fulfilled": "kept",
    "confirmed": "confirmed",
    "disputed": "disputed",
    "rescheduled": "changed",
    "carried_over": "changed",
    "impossible": "given",
    "explained": "given",
}
STATE_WORDS = {
    "recorded": gettext_lazy("Not begun"),
    "in_progress": gettext_lazy("In progress"),
    "fulfilled": gettext_lazy("Fulfilled"),
    "confirmed": gettext_lazy("Confirmed"),
    "disputed": gettext_lazy("Disputed"),
    "rescheduled": gettext_lazy("Rescheduled"),
    "carried_over": gettext_lazy("Carried over"),
    "impossible": gettext_lazy("Declared not to be kept"),
    "explained": gettext_lazy("Explained at the end of the term"),
}
SETTLED_LOOKS = ("confirmed", "kept")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one promise stands on a day."""

    look: str
    word: str
    also: str = ""

    @property
    def icon(self) -> str:
        return f"i-{self.look}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises stand where; `counts` leaves out what is nought."""

    total: int
    counts: tuple[tuple[str, str, int], ...]

    @property
    def overdue(self) -> int:
        return self._count("overdue")

    @property
    def kept(self) -> int:
        return sum(self._count(look) for look in SETTLED_LOOKS)

    @property
    def words(self) -> str:
        """All but the overdue ones, which the page sets in bold."""
        said = [
            _("%(word)s %(count)s") % {"word": word, "count": f"{count:,}"}
            for look, word, count in self.counts
            if look != "overdue"
        ]
        return _(", ").join(said)

    def _count(self, look: str) -> int:
        return next((count for other, _word, count in self.counts if other == look), 0)


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar: lengths are ready to be written as attributes."""

    look: str
    word: str
    count: int
    x: str
    width: str


def as_date(value: date | str | None) -> date | None:
    """A date of a column, or of a document, where it is ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def look_of(state: str, due_on: date | None, *, today: date) -> str:
    if state in OPEN_STATES and due_on is not None and due_on < today:
        return "overdue"
    return LOOK_OF_STATE[state]


def standing(state: str, due_on: date | None, *, today: date, countdown: bool = False) -> Standing:
    """The promise's look and its word; with `countdown` an open one says how long there is."""
    look = look_of(state, due_on, today=today)
    if due_on is None or not (look == "overdue" or (countdown and state in OPEN_STATES)):
        return Standing(look, str(STATE_WORDS[state]))
    # The days take the place of the state; that it is disputed must still be said.
    also = str(STATE_WORDS[state]) if state == "disputed" else ""
    look = "moving" if look == "disputed" else look
    return Standing(look, _days((due_on - today).days), also)


def _days(left: int) -> str:
    if left < 0:
        return _("Overdue, day %(days)s") % {"days": f"{-left:,}"}
    return _("Days left: %(days)s") % {"days": f"{left:,}"} if left else _("Due today")


def tally(looks: Iterable[str]) -> Tally:
    counted = Counter(looks)
    return tally_of_counts(counted)


def tally_of_counts(counted: dict[str, int]) -> Tally:
    rows = tuple((look, str(word), counted[look]) for look, word in LOOKS.items() if counted[look])
    return Tally(sum(counted.values()), rows)


def squares(promises: Sequence[Sequence[str | None]], *, today: date) -> list[str]:
    """The looks of a proposal's promises, the settled first, as the little squares stand."""
    looks = [look_of(str(state), as_date(due_on), today=today) for state, due_on in promises]
    order = list(LOOKS)
    return sorted(looks, key=order.index)


def segments(counts: Iterable[tuple[str, str, int]], gap: float = 0.35) -> list[Segment]:
    """The counts as pieces of a bar of 100 %, a hair apart."""
    counts = [row for row in counts if row[2]]
    total = sum(count for _look, _word, count in counts)
    pieces = []
    before = 0
    for look, word, count in counts:
        width = max(count / total * 100 - gap, gap)
        x = before / total * 100
        pieces.append(Segment(look, word, count, f"{x:.2f}%", f"{width:.2f}%"))
        before += count
    return pieces


def looking(look: str, *, today: date) -> Q:
    """The promises that look so: the same rule as `look_of`, as a condition of a query."""
    overdue = Q(state__in=OPEN_STATES, due_on__lt=today)
    if look == "overdue":
        return overdue
    states = [state for state, its_look in LOOK_OF_STATE.items() if its_look == look]
    return Q(state__in=states) & ~overdue


def found_under(look: str, *, today: date) -> Q:
    """The promises that a reader who looks for it wants: an overdue one can be disputed as well."""
    return Q(state="disputed") if look == "disputed" else looking(look, today=today)
