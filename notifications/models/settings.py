"""How each person wishes to be told: which news at once, which once a day, which never by mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.message import Message

Kind = Message.Kind

# What each can choose for; the rest goes out as it is written: it is asked for, or for safety.
OF_DEPUTIES = (
    Kind.COSIGNING,
    Kind.SUBMITTED,
    Kind.REGISTERED,
    Kind.NOT_TAKEN_ON,
    Kind.KEY,
    Kind.ASSIGNED,
    Kind.REASSIGNED,
    Kind.EXTENDED,
    Kind.REPLIED,
    Kind.RATING_DUE,
    Kind.HANDLED_AGAIN,
    Kind.PROMISE_DUE,
    Kind.PROMISE_REPORTED,
    Kind.CLOSED,
    Kind.PUBLISHED,
)
OF_STAFF = (Kind.DIGEST, Kind.NUDGE)
# Of these one has to do something, or has waited for them: unless chosen otherwise, at once.
PRESSING = (
    Kind.COSIGNING,
    Kind.NOT_TAKEN_ON,
    Kind.REPLIED,
    Kind.RATING_DUE,
    Kind.PROMISE_REPORTED,
)


class How(models.TextChoices):
    """By e-mail; on the desk everything stands at once."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("No e-mail")


class NoticeSettings(models.Model):
    """One person's wishes; what was never chosen is as it is for everybody."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notice_settings",
        verbose_name=_("account"),
    )
    language = models.CharField(
        _("language of messages"), max_length=10, blank=True, choices=settings.LANGUAGES
    )
    choices = models.JSONField(_("what is told how"), default=dict, blank=True)

    class Meta:
        verbose_name = _("settings of notices")
        verbose_name_plural = _("settings of notices")

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: Any) -> NoticeSettings:
        """Those of that person; where nothing was chosen, as they are for everybody."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    @classmethod
    def of_all(cls, users: Iterable[Any]) -> dict[int, NoticeSettings]:
        """Those of each of these people, by their ids, in one query."""
        people = {user.pk: user for user in users}
        chosen = {found.user_id: found for found in cls.objects.filter(user__in=people)}
        return {key: chosen.get(key) or cls(user=user) for key, user in people.items()}

    @property
    def spoken(self) -> str:
        """The language in which the person is told."""
        return self.language or settings.LANGUAGE_CODE

    def how(self, kind: str) -> str:
        """At once, daily or never; a mail that nobody can choose against goes out at once."""
        if kind not in (*OF_DEPUTIES, *OF_STAFF):
            return How.AT_ONCE
        chosen = self.choices.get(kind)
        return chosen if chosen in offered(kind) else default_of(kind)


def offered(kind: str) -> tuple[How, ...]:
    """What can be chosen; a digest is daily by itself."""
    return (How.DAILY, How.NEVER) if kind == Kind.DIGEST else tuple(How)


def default_of(kind: str) -> How:
    if kind in PRESSING or kind == Kind.NUDGE:
        return How.AT_ONCE
    return How.DAILY
