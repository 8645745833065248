"""Papers that a deputy hands in with a proposal (附件)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.files import RandomName
from clerkadmin.recorded import Recorded
from proposals.models.proposal import Proposal
from proposals.models.sight import of_proposal


class Attachment(Sighted, Recorded):
    """One paper of a proposal, kept under a random name; it is never public."""

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="attachments", verbose_name=_("proposal")
    )
    name = models.CharField(_("name of the file"), max_length=200)
    file = models.FileField(_("file"), upload_to=RandomName("attachments"), db_index=True)
    size = models.PositiveIntegerField(_("bytes"))
    added_on = models.DateField(_("added on"))

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["proposal", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_proposal(place, seat)
