"""What happened to a proposal, in order, never changed (大事记)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from departments.models import Department


class AppendOnly(SightedQuerySet):
    """Rows that can be added and read, and nothing else."""

    def update(self, **kwargs) -> int:
        raise TypeError("These rows are append-only: they are not updated.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("These rows are append-only: they are not deleted.")


class Event(Sighted):
    """One thing that happened: feeds timeline, notices, statistics and audit trail."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Draft begun")
        COSIGNER_ASKED = "cosigner_asked", _("Co-sponsor asked")
        COSIGNED = "cosigned", _("Co-signed")
        COSIGNING_DECLINED = "cosigning_declined", _("Co-signing declined")
        COSIGNING_ENDED = "cosigning_ended", _("Not asked to co-sign any more")
        SUBMITTED = "submitted", _("Submitted")
        REGISTERED = "registered", _("Registered")
        SENT_BACK = "sent_back", _("Sent back")
        CONVERTED = "converted", _("Turned into a letter")
        MERGED = "merged", _("Merged")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        KEY_MARKED = "key_marked", _("Made a key proposal")
        KEY_UNMARKED = "key_unmarked", _("No key proposal any more")
        NUDGED = "nudged", _("Urged")
        ASSIGNED = "assigned", _("Assigned")
        REASSIGNED = "reassigned", _("Given to another department")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        RETURN_ASKED = "return_asked", _("Return asked for")
        RETURN_AGREED = "return_agreed", _("Return agreed")
        RETURN_REFUSED = "return_refused", _("Return refused")
        EXTENSION_ASKED = "extension_asked", _("Extension asked for")
        EXTENSION_GRANTED = "extension_granted", _("Extension granted")
        EXTENSION_REFUSED = "extension_refused", _("Extension refused")
        DEPUTY_TOLD = "deputy_told", _("Deputy told of the extension")
        OPINION_REQUESTED = "opinion_requested", _("Co-handling opinion requested")
        OPINION_SEEN = "opinion_seen", _("Request for an opinion acknowledged")
        OPINION_SUBMITTED = "opinion_submitted", _("Co-handling opinion submitted")
        OPINION_ACCEPTED = "opinion_accepted", _("Co-handling opinion accepted")
        OPINION_SENT_BACK = "opinion_sent_back", _("Co-handling opinion sent back")
        OPINION_WAIVED = "opinion_waived", _("Co-handling opinion waived")
        CONTACTED = "contacted", _("Deputy contacted")
        REPLY_ENTERED = "reply_entered", _("Reply entered")
        REPLY_SUBMITTED = "reply_submitted", _("Reply handed in for review")
        REPLY_SENT_BACK = "reply_sent_back", _("Reply sent back for changes")
        REPLY_REVIEWED = "reply_reviewed", _("Reply reviewed")
        REPLY_AUDITED = "reply_audited", _("Reply audited")
        REPLY_SIGNED = "reply_signed", _("Reply signed")
        REPLY_SENT = "reply_sent", _("Reply sent")
        REPLY_CORRECTED = "reply_corrected", _("Reply corrected")
        DISCLOSURE_PROPOSED = "disclosure_proposed", _("Disclosure proposed")
        REDACTED = "redacted", _("Words redacted")
        UNCOVERED = "uncovered", _("Redaction lifted")
        DISCLOSURE_DECIDED = "disclosure_decided", _("Disclosure decided")
        REPLY_PUBLISHED = "reply_published", _("Reply published")
        REPLY_WITHDRAWN = "reply_withdrawn", _("Reply withdrawn from the public")
        PROPOSAL_PUBLISHED = "proposal_published", _("Proposal published")
        PROPOSAL_WITHHELD = "proposal_withheld", _("Proposal withdrawn from the public")
        RATED = "rated", _("Rated by the deputy")
        NOT_RATED = "not_rated", _("Rating not returned")
        REHANDLING = "rehandling", _("To be handled again")
        ESCALATED = "escalated", _("Escalated")
        FOLLOW_UP = "follow_up", _("Category followed up")
        PROMISE_UPDATED = "promise_updated", _("Promise reported on")
        PROMISE_CONFIRMED = "promise_confirmed", _("Promise confirmed by the deputy")
        PROMISE_DISPUTED = "promise_disputed", _("Promise disputed by the deputy")
        PROMISE_ASKED = "promise_asked", _("Deputy asked whether the promise is kept")
        PROMISE_UNANSWERED = "promise_unanswered", _("Word on the promise not returned")
        CHANGED = "changed", _("Entry changed")
        CLOSED = "closed", _("Closed")

    proposal = models.ForeignKey(
        "proposals.Proposal", models.PROTECT, related_name="events", verbose_name=_("proposal")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    on = models.DateField(_("on"), help_text=_("The day on which it happened."))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    reply = models.ForeignKey(
        "proposals.Reply",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("reply"),
    )
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = AppendOnly.as_manager()

    # What a department learns of the others: who handles it, and what went out.
    OPEN_TO_PARTS = (
        Kind.SUBMITTED,
        Kind.REGISTERED,
        Kind.MERGED,
        Kind.WITHDRAWN,
        Kind.KEY_MARKED,
        Kind.ASSIGNED,
        Kind.REASSIGNED,
        Kind.REPLY_SENT,
        Kind.REPLY_CORRECTED,
        Kind.REPLY_PUBLISHED,
        Kind.REPLY_WITHDRAWN,
        Kind.PROPOSAL_PUBLISHED,
        Kind.PROPOSAL_WITHHELD,
        Kind.REHANDLING,
        Kind.ESCALATED,
        Kind.CLOSED,
    )
    # What those who answer learn of their co-handlers.
    OPEN_TO_ANSWERING = (
        Kind.OPINION_REQUESTED,
        Kind.OPINION_SEEN,
        Kind.OPINION_SUBMITTED,
        Kind.OPINION_ACCEPTED,
        Kind.OPINION_SENT_BACK,
        Kind.OPINION_WAIVED,
    )

    # What the deputies learn: all that happens to their proposal, but not what is weighed inside.
    OPEN_TO_DEPUTIES = (
        *OPEN_TO_PARTS,
        Kind.DRAFTED,
        Kind.COSIGNER_ASKED,
        Kind.COSIGNED,
        Kind.COSIGNING_DECLINED,
        Kind.COSIGNING_ENDED,
        Kind.SENT_BACK,
        Kind.CONVERTED,
        Kind.KEY_UNMARKED,
        Kind.ACKNOWLEDGED,
        Kind.EXTENSION_GRANTED,
        Kind.DEPUTY_TOLD,
        Kind.CONTACTED,
        Kind.RATED,
        Kind.NOT_RATED,
        Kind.FOLLOW_UP,
        Kind.PROMISE_UPDATED,
        Kind.PROMISE_CONFIRMED,
        Kind.PROMISE_DISPUTED,
        Kind.PROMISE_ASKED,
        Kind.PROMISE_UNANSWERED,
    )
    # Of these each deputy learns their own: what another has answered is that deputy's matter.
    OF_ONE_DEPUTY = (Kind.RATED, Kind.NOT_RATED, Kind.PROMISE_UNANSWERED)
    # And of these the lead sponsor learns all: who was asked, and does not stand under it.
    OF_LEAD = (Kind.COSIGNER_ASKED, Kind.COSIGNING_DECLINED, Kind.COSIGNING_ENDED)
    # What happened before it was handed in: no office learns of it, then or later.
    OF_DRAFTS = (Kind.DRAFTED, Kind.COSIGNED, *OF_LEAD)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["on", "pk"]
        indexes = [
            # The timeline of one proposal.
            models.Index(fields=["proposal", "on", "id"], name="event_timeline"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """A department reads what it did itself, what is open to all, and opinions given to it."""
        proposal: Any = cls._meta.get_field("proposal").related_model
        of = {
            at: Q(proposal__in=proposal.objects.filter(proposal.sight(at, seat)).order_by())
            for at in {place, Where.ANSWERING, Where.LED}
        }
        if place == Where.SPONSORED:
            own = Q(details__deputy_id=seat.deputy)
            told = ~Q(kind__in=(*cls.OF_ONE_DEPUTY, *cls.OF_LEAD))
            led = of[Where.LED] & Q(kind__in=cls.OF_LEAD)
            return of[place] & Q(kind__in=cls.OPEN_TO_DEPUTIES) & (own | told | led)
        if place != Where.PART:
            return of[place] & ~Q(kind__in=cls.OF_DRAFTS)
        own = Q(department__in=seat.departments) | Q(kind__in=cls.OPEN_TO_PARTS)
        opinions = of[Where.ANSWERING] & Q(kind__in=cls.OPEN_TO_ANSWERING)
        return of[place] & own | opinions

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise TypeError("Events are append-only: they are not updated.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        raise TypeError("Events are append-only: they are not deleted.")
