"""How far it is now, beside what the letter said on the day it was signed."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Category
from clerkadmin.recorded import Recorded
from proposals import events
from proposals.guards import check
from proposals.models.event import Event
from proposals.models.reply import Reply, of_reply

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise


class FollowUpCategory(Sighted, Recorded):
    """The later, dated category (跟踪办理结果): how far it is now, beside what the letter said."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="follow_ups", verbose_name=_("reply")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name=_("category")
    )
    on = models.DateField(_("on"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up category")
        verbose_name_plural = _("follow-up categories")
        ordering = ["reply", "-on"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "on"],
                name="follow_up_category_once",
                violation_error_message=_("The reply already has a category for that day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.category}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_reply(place, seat)

    def clean(self) -> None:
        if self.category_id and self.reply_id:
            self.reply.proposal.check_category(self.category)

    @staticmethod
    def why_not_follow_up(reply: Reply) -> str | Promise:
        return "" if reply.is_locked else _("A letter is followed up after it was sent.")

    @classmethod
    @transaction.atomic
    def follow_up(
        cls,
        reply: Reply,
        *,
        category: Category,
        on: datetime.date,
        note: str = "",
        by: User | None = None,
    ) -> FollowUpCategory:
        """Say how far it is now; what the letter said on its day stays."""
        check(cls.why_not_follow_up(reply))
        later = cls(reply=reply, category=category, on=on, note=note)
        later.full_clean()
        later.save()
        facts = {"actor": by, "department": reply.department, "reply": reply}
        details = {"category": category.printed}
        events.record(Event.Kind.FOLLOW_UP, reply.proposal, on=on, details=details, **facts)
        return later
