"""The account of promises: what was kept in time, late, not; always with its denominator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import KEPT_STATES, OPEN_STATES, PublicCommitment, PublicProposal, PublicReply
from .promises import LOOKS, Segment, Tally, looking, segments, tally_of_counts

GIVEN_UP_STATES = ("impossible", "explained")
# Look of the piece in a bar, and its word, in the order of the bar.
COLUMNS: dict[str, tuple[str, str | Promise]] = {
    "on_time": ("confirmed", _("Kept on time")),
    "late": ("kept", _("Kept late")),
    "overdue": ("overdue", _("Overdue, not kept")),
    "given_up": ("given", _("Declared not to be kept")),
    "waiting": ("rest", _("Not yet due")),
    "undated": ("idle", _("No date in the letter")),
}


@dataclass(frozen=True, slots=True)
class Account:
    """Promises by what became of them on a day; the six counts add up to `total`."""

    label: str
    total: int
    on_time: int
    late: int
    overdue: int
    given_up: int
    waiting: int
    undated: int

    @property
    def due(self) -> int:
        """The denominator: promises whose date has passed, or that were settled before it."""
        return self.on_time + self.late + self.overdue + self.given_up

    @property
    def rate(self) -> str:
        return f"{self.on_time / self.due * 100:.1f}%" if self.due else ""

    @property
    def cells(self) -> list[tuple[str | Promise, int]]:
        return [(word, getattr(self, name)) for name, (_look, word) in COLUMNS.items()]

    @property
    def segments(self) -> list[Segment]:
        return segments(
            (look, str(word), getattr(self, name)) for name, (look, word) in COLUMNS.items()
        )


def counts_of_account(today: date) -> dict[str, Count]:
    """The six counts as aggregates: they divide the promises without rest or overlap.

    What was declared not to be kept counts as that, with or without a date: its result is known.
    """
    dated = Q(due_on__isnull=False)
    kept = dated & Q(state__in=KEPT_STATES)
    in_time = Q(kept_on__lte=F("due_on"))
    still_open = Q(state__in=OPEN_STATES)
    given_up = Q(state__in=GIVEN_UP_STATES)
    return {
        "total": Count("name"),
        "on_time": Count("name", filter=kept & in_time),
        "late": Count("name", filter=kept & ~in_time),
        "overdue": Count("name", filter=still_open & Q(due_on__lt=today)),
        "given_up": Count("name", filter=given_up),
        "waiting": Count("name", filter=still_open & Q(due_on__gte=today)),
        "undated": Count("name", filter=Q(due_on__isnull=True) & ~given_up),
    }


def accounts_by_session(commitments: QuerySet[PublicCommitment], *, today: date) -> list[Account]:
    """One account a session, the newest first."""
    session = "reply__proposal__session"
    rows = (
        commitments.order_by()
        .values(f"{session}__label", f"{session}__opens_on", session)
        .annotate(**counts_of_account(today))
    )
    ordered = sorted(
        rows, key=lambda row: (str(row[f"{session}__opens_on"] or ""), row[session]), reverse=True
    )
    return [_account(str(row[f"{session}__label"]), row) for row in ordered]


def added_up(label: str, accounts: list[Account]) -> Account:
    names = ("total", *COLUMNS)
    sums = {name: sum(getattr(account, name) for account in accounts) for name in names}
    return Account(label=label, **sums)


def _account(label: str, row: dict[str, Any]) -> Account:
    return Account(label=label, **{name: row[name] for name in ("total", *COLUMNS)})


@dataclass(frozen=True, slots=True)
class Flow:
    """A session's account as a flow: proposals, their replies, the promises in them."""

    proposals: int
    answered: int
    replies: int
    promising: int
    promises: Tally

    @property
    def proposal_segments(self) -> list[Segment]:
        return segments(
            [
                ("ink", str(_("With a published reply")), self.answered),
                ("rest", str(_("No published reply yet")), self.unanswered),
            ]
        )

    @property
    def reply_segments(self) -> list[Segment]:
        return segments(
            [
                ("ink", str(_("With promises")), self.promising),
                ("rest", str(_("Without promises")), self.unpromising),
            ]
        )

    @property
    def promise_segments(self) -> list[Segment]:
        return segments(self.promises.counts)

    @property
    def unanswered(self) -> int:
        return self.proposals - self.answered

    @property
    def unpromising(self) -> int:
        return self.replies - self.promising

    @property
    def joints(self) -> tuple[str, str]:
        """The two joints: from the part that goes on to the whole of the next bar."""
        return (
            _joint(self.answered, self.proposals),
            _joint(self.promising, self.replies),
        )


def _joint(part: int, whole: int) -> str:
    width = round(part / whole * 1000) if whole else 0
    return f"M0 0H{width}L1000 32H0z"


def flow_of_session(session_id: int, *, today: date) -> Flow:
    proposals = PublicProposal.objects.filter(session=session_id).aggregate(
        total=Count("id"), answered=Count("id", filter=Q(reply_count__gt=0))
    )
    replies = PublicReply.objects.filter(proposal__session=session_id, is_current=True).aggregate(
        total=Count("id"), promising=Count("id", filter=Q(commitment_count__gt=0))
    )
    looks = {look: Count("name", filter=looking(look, today=today)) for look in LOOKS}
    promises = PublicCommitment.objects.filter(reply__proposal__session=session_id).aggregate(
        **looks
    )
    return Flow(
        proposals=proposals["total"],
        answered=proposals["answered"],
        replies=replies["total"],
        promising=replies["promising"],
        promises=tally_of_counts(promises),
    )
