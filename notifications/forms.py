"""What each person is asked about being told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.sight import person_of
from notifications.models import OF_DEPUTIES, OF_STAFF, How, Message, NoticeSettings
from notifications.models.settings import offered

Kind = Message.Kind

# What each of them is, in the reader's words.
MEANS: dict[str, str | Promise] = {
    Kind.DIGEST: _("One mail in the morning with what falls due or is overdue, if there is any."),
    Kind.NUDGE: _("Your department was urged to go on with a proposal."),
    Kind.COSIGNING: _("You are asked to co-sign, or somebody has answered you."),
    Kind.SUBMITTED: _("A proposal with your name was handed in."),
    Kind.REGISTERED: _("It was taken on, and has its number."),
    Kind.NOT_TAKEN_ON: _("It was sent back, made a letter, merged with another, or withdrawn."),
    Kind.KEY: _("A committee of the assembly supervises how it is handled."),
    Kind.ASSIGNED: _("Which department handles it, and until when."),
    Kind.REASSIGNED: _("Another department handles it from now on."),
    Kind.EXTENDED: _("The department has more time for its reply."),
    Kind.REPLIED: _("The reply is there, or was corrected."),
    Kind.RATING_DUE: _("The time to rate a reply is nearly over."),
    Kind.HANDLED_AGAIN: _("A new reply is written, or the matter goes to a committee."),
    Kind.PROMISE_DUE: _("A promise falls due, or you are asked whether it is kept."),
    Kind.PROMISE_REPORTED: _("The department says how far a promise is."),
    Kind.CLOSED: _("Its handling has ended."),
    Kind.PUBLISHED: _("The proposal or a reply can be read by everybody."),
}


class NoticesForm(forms.Form):
    """One question for each kind that the person is told of, and the language."""

    def __init__(self, wishes: NoticeSettings, data: Any = None) -> None:
        super().__init__(data)
        self.wishes = wishes
        self.kinds = kinds_of(wishes.user)
        for kind in self.kinds:
            self.fields[kind] = forms.ChoiceField(
                label=Kind(kind).label,
                help_text=str(MEANS[kind]),
                choices=[(how, how.label) for how in offered(kind)],
                initial=wishes.how(kind),
                widget=forms.RadioSelect,
            )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of messages and mails"),
            choices=settings.LANGUAGES,
            initial=wishes.spoken,
            widget=forms.RadioSelect,
        )

    def questions(self) -> list[forms.BoundField]:
        return [self[kind] for kind in self.kinds]

    def save(self) -> None:
        """Keep what was chosen, and what was chosen for kinds that are not asked about now."""
        wishes = NoticeSettings.of(self.wishes.user)
        chosen = {kind: self.cleaned_data[kind] for kind in self.kinds}
        wishes.choices = {**wishes.choices, **chosen}
        wishes.language = self.cleaned_data["language"]
        wishes.save()


def kinds_of(user: Any) -> tuple[Kind, ...]:
    """What somebody in that place is told of."""
    person = person_of(user)
    of_deputies = OF_DEPUTIES if person.deputy is not None else ()
    return (*(OF_STAFF if person.is_staff else ()), *of_deputies)


def all_alike(kinds: Iterable[str], how: str) -> dict[str, str]:
    """The same for each; where it is not offered, what comes nearest."""
    return {kind: how if how in offered(kind) else How.DAILY for kind in kinds}
