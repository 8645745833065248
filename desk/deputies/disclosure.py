"""Whether the public reads a letter, and since when or until when: in a sentence for its deputies.

What was weighed, and why, is the office's: here stands only what was decided.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from desk.sentences import day
from proposals.models import Proposal, Reply

Mode = Proposal.Disclosure


def disclosure_of(reply: Reply) -> str:
    """How the letter is, or will be, disclosed."""
    if reply.is_published:
        facts = {"day": day(reply.published_on)}
        if reply.form == Reply.Form.ABSTRACT:
            return _("The public reads an abstract of it since %(day)s.") % facts
        return _("The public reads it since %(day)s.") % facts
    if reply.withdrawn_on:
        return _("It was taken off the public pages on %(day)s.") % {"day": day(reply.withdrawn_on)}
    if reply.disclosure == Mode.ON_REQUEST:
        return _("It is given to those who ask for it, and not published.")
    if reply.disclosure == Mode.WITHHELD:
        return _("It is not published.")
    if reply.publish_by:
        said = _("Whether the public reads it is decided by %(day)s.")
        return said % {"day": day(reply.publish_by)}
    return _("Whether the public reads it is not decided yet.")
