"""A letter's text as it was sent, and as it was corrected."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted
from proposals.models.event import AppendOnly

if TYPE_CHECKING:
    from proposals.models.reply import Reply


class ReplyVersion(Sighted):
    """The text of a letter as it was sent, or corrected: never changed, never deleted."""

    reply = models.ForeignKey(
        "proposals.Reply", models.PROTECT, related_name="versions", verbose_name=_("reply")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    locked_on = models.DateField(_("locked on"))
    reason = models.TextField(_("reason of the correction"), blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("version of a reply")
        verbose_name_plural = _("versions of replies")
        ordering = ["reply", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "number"],
                name="reply_version_once",
                violation_error_message=_("This version is already there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply} v{self.number}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        reply: Any = cls._meta.get_field("reply").related_model
        seen: Q = reply.sight_at("reply", place, seat)
        return seen

    @classmethod
    def lock(cls, reply: Reply, *, number: int, on: date, reason: str = "") -> ReplyVersion:
        """Keep the reply's present text, with the SHA-256 of its UTF-8 bytes."""
        digest = hashlib.sha256(reply.text.encode()).hexdigest()
        return cls.objects.create(
            reply=reply, number=number, text=reply.text, sha256=digest, locked_on=on, reason=reason
        )

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise TypeError("A version of a letter is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        raise TypeError("A version of a letter is never deleted.")
