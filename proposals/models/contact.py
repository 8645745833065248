"""The log of talks with the deputy (沟通, 面商)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals.models.proposal import Proposal, of_proposal


class Contact(Sighted, Recorded):
    """A talk with the deputy about a proposal (沟通, 面商). Secret."""

    class Method(models.TextChoices):
        VISIT = "visit", _("Visit")
        MEETING = "meeting", _("Meeting")
        RESEARCH = "research", _("Joint research")
        PHONE = "phone", _("Phone")
        WRITING = "writing", _("In writing")

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="contacts", verbose_name=_("proposal")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department")
    )
    method = models.CharField(_("method"), max_length=10, choices=Method)
    on = models.DateField(_("on"))
    present = models.CharField(_("present"), max_length=300, blank=True)
    agreed = models.TextField(_("what was agreed"), blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact with the deputy")
        verbose_name_plural = _("contacts with the deputy")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_method_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.OWN:
            return Q(department__in=seat.departments)
        return of_proposal(place, seat)
