"""Who stands under a proposal (领衔, 联名)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Deputy
from clerkadmin.recorded import Recorded
from proposals.models.proposal import Proposal
from proposals.models.sight import of_proposal


class SponsorshipQuerySet(SightedQuerySet):
    def standing(self) -> SponsorshipQuerySet:
        """The names that stand under the proposal."""
        return self.filter(Sponsorship.STANDING)

    def unanswered(self) -> SponsorshipQuerySet:
        """Of those who were asked to co-sign: who has neither confirmed nor declined."""
        return self.filter(asked_on__isnull=False, confirmed_on=None, declined_on=None)


class Sponsorship(Sighted, Recorded):
    """A deputy's name under a proposal: as lead sponsor (领衔) or co-sponsor (联名), in order."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead sponsor")
        CO_SPONSOR = "co_sponsor", _("Co-sponsor")

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="sponsorships", verbose_name=_("proposal")
    )
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="sponsorships", verbose_name=_("deputy")
    )
    role = models.CharField(
        pgettext_lazy("of a sponsor", "role"),
        max_length=15,
        choices=Role,
        default=Role.CO_SPONSOR,
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    asked_on = models.DateField(
        pgettext_lazy("of a co-sponsor", "asked on"),
        null=True,
        blank=True,
        help_text=_("Empty where the name was entered."),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    declined_on = models.DateField(_("declined on"), null=True, blank=True)

    objects = SponsorshipQuerySet.as_manager()

    choosing = {"deputy": "change"}

    # Whose name counts: who was asked stands under it once they have confirmed.
    STANDING = Q(declined_on=None) & (Q(asked_on=None) | Q(confirmed_on__isnull=False))

    class Meta:
        verbose_name = _("sponsorship")
        verbose_name_plural = _("sponsorships")
        ordering = ["proposal", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "deputy"],
                name="sponsorship_once",
                violation_error_message=_("This deputy is already under the proposal."),
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(role="lead"),
                name="sponsorship_one_lead",
                violation_error_message=_("A proposal has one lead sponsor."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | Q(declined_on__isnull=True),
                name="sponsorship_confirmed_or_declined",
                violation_error_message=_("A deputy cannot both confirm and decline."),
            ),
        ]

    def __str__(self) -> str:
        facts = {"name": self.deputy, "role": self.get_role_display()}
        return str(_("%(name)s (%(role)s)") % facts)

    @property
    def is_standing(self) -> bool:
        """Whether the name stands under it: what `STANDING` asks of a row that is fetched."""
        is_answered = self.asked_on is None or self.confirmed_on is not None
        return self.declined_on is None and is_answered

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.MINE:
            return Q(deputy=seat.deputy)
        return of_proposal(place, seat)
