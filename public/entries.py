"""The rows of the public pages as entries of a feed, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .feeds import Entry
from .models import PublicCommitment, PublicProposal, PublicReply
from .promises import STATE_WORDS, Tally, as_date, squares, standing, tally
from .timeline import Line, Moment, due_words
from .words import round_words, unnumbered

TITLE_AT_MOST = 100


def of_proposal(row: PublicProposal, *, today: date) -> Entry:
    """A proposal as it stands."""
    lines = [_numbered(row)]
    if row.lead:
        lines.append(_("Handled by %(names)s") % {"names": row.lead})
    lines.append(_row(row.get_status_display(), row.category, row.category_label))
    if row.promises:
        lines.append(_counted(tally(squares(row.promises, today=today))))
    url = row.get_absolute_url()
    return Entry(url, row.title, url, row.changed_on, [Line(line) for line in lines])


def of_moments(row: PublicProposal, moments: Iterable[Moment]) -> list[Entry]:
    """What has happened in its life; what is still due is no news."""
    url = row.get_absolute_url()
    return [
        Entry(
            f"{url}#{moment.on.isoformat()}-{moment.name}",
            moment.title,
            moment.url or url,
            moment.on,
            moment.lines,
        )
        for moment in moments
        if not moment.tone
    ]


def of_reply(row: PublicReply) -> Entry:
    """A published letter."""
    url = row.get_absolute_url()
    title = _("%(round)s: reply") % {"round": round_words(row.round)}
    lines = [
        _numbered(row.proposal),
        _row(row.category, _("Promises: %(count)s") % {"count": row.commitment_count}),
    ]
    return Entry(
        url,
        f"{title}{_(': ')}{row.proposal.title}",
        url,
        row.published_on,
        [Line(line) for line in lines],
    )


def of_promise(row: PublicCommitment, *, today: date) -> Entry:
    """A promise as it stands, with what was last reported."""
    text = unnumbered(row.text)
    stands = standing(row.state, row.due_on, today=today)
    word = _row(stands.word, stands.also)
    url = row.get_absolute_url()
    lines = [text, _row(row.department.short_name, due_words(row)), _numbered(row.reply.proposal)]
    updates = row.document.get("updates", [])
    if updates:
        lines.append(_report(updates[-1]))
    return Entry(
        url,
        f"{word}{_(': ')}{Truncator(text).chars(TITLE_AT_MOST)}",
        url,
        row.changed_on,
        [Line(line) for line in lines],
    )


def _report(update: dict[str, str]) -> str:
    on = as_date(update["on"])
    word = STATE_WORDS.get(update["state"], update["state"])
    said = f"{date_format(on)}{_(': ')}{word}" if on else str(word)
    return f"{said}{_(', ')}{update['text']}" if update["text"] else said


def _numbered(row: PublicProposal) -> str:
    return _("No. %(number)s, %(session)s") % {
        "number": row.number,
        "session": row.session.label,
    }


def _counted(promises: Tally) -> str:
    counted = _("Promises: %(count)s") % {"count": f"{promises.total:,}"}
    overdue = _("Overdue %(count)s") % {"count": promises.overdue} if promises.overdue else ""
    said = _row(promises.words, overdue)
    return f"{counted}{_(': ')}{said}" if said else counted


def _row(*words: object) -> str:
    """What there is of them, one after another."""
    return _(", ").join(str(word) for word in words if word)
