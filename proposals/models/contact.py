"""The log of talks with the deputy (沟通, 面商)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models.assignment import Assignment
from proposals.models.event import Event
from proposals.models.proposal import Proposal
from proposals.models.sight import of_proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise


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

    choosing = {"department": "act_for"}

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

    @staticmethod
    def why_not_log(assignment: Assignment) -> str | Promise:
        if assignment.ended_on:
            return _("The department has no part in the proposal any more.")
        return ""

    @classmethod
    @transaction.atomic
    def log(
        cls,
        assignment: Assignment,
        *,
        method: str,
        on: date,
        present: str = "",
        agreed: str = "",
        by: User | None = None,
    ) -> Contact:
        """Write down a talk of the department with the deputy: who was there, what was agreed."""
        assignment.lock()
        check(cls.why_not_log(assignment))
        contact = cls(
            proposal=assignment.proposal,
            department=assignment.department,
            method=method,
            on=on,
            present=present,
            agreed=agreed,
        )
        contact.full_clean()
        contact.save()
        facts = {"actor": by, "department": assignment.department, "details": {"method": method}}
        events.record(Event.Kind.CONTACTED, assignment.proposal, on=on, **facts)
        return contact
