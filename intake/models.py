"""A letter on its way in: the file, the draft read from it, what was corrected."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import NOTHING, Seat, Sighted, SightedQuerySet
from clerkadmin.files import RandomName
from departments.models import Department
from proposals.models import CoHandlingOpinion, Reply


def random_key() -> str:
    """What a draft is called in addresses: nobody can count or guess it."""
    return secrets.token_urlsafe(16)


class LetterFile(Sighted):
    """A letter as it came: its text, and the SHA-256 that tells the same letter twice."""

    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    file = models.FileField(_("file"), upload_to=RandomName("letters"), blank=True, db_index=True)
    text = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("received by"),
    )

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter file")
        verbose_name_plural = _("letter files")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        # Not by its name: that is told to nobody but who handed it in first.
        return self.sha256[:12]

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        drafts = LetterDraft.objects.filter(LetterDraft.sight(place, seat)).order_by()
        return Q(pk__in=drafts.values("letter_file"))


class LetterDraft(Sighted):
    """What was read from a letter, until a clerk accepts or rejects it."""

    class State(models.TextChoices):
        OPEN = "open", _("To be reviewed")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    letter_file = models.ForeignKey(
        LetterFile, models.PROTECT, related_name="drafts", verbose_name=_("letter file")
    )
    name = models.CharField(
        _("name"),
        max_length=255,
        blank=True,
        help_text=_("As it was called here: others may have handed in the same file before."),
    )
    key = models.CharField(max_length=30, unique=True, default=random_key, editable=False)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Whose clerks review it; nobody else sees it."),
    )
    reading = models.JSONField(
        _("reading"), default=dict, help_text=_("What the reader read. Never changed.")
    )
    entry = models.JSONField(
        _("entry"), default=dict, blank=True, help_text=_("As the clerk has corrected it so far.")
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letter_drafts",
        verbose_name=_("clerk"),
    )
    reply = models.ForeignKey(
        Reply,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name=_("reply"),
    )
    opinion = models.ForeignKey(
        CoHandlingOpinion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name=_("co-handling opinion"),
    )
    reject_reason = models.TextField(_("reason of the rejection"), blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter draft")
        verbose_name_plural = _("letter drafts")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(reply__isnull=False) | Q(opinion__isnull=False),
                name="letter_draft_accepted_has_rows",
                violation_error_message=_("An accepted draft belongs to a reply or an opinion."),
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reject_reason=""),
                name="letter_draft_rejected_has_reason",
                violation_error_message=_("Say why the letter is rejected."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.letter_file)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return Q(department__in=seat.departments) if place == Where.OWN else NOTHING


class FieldCorrection(Sighted):
    """A value that a clerk corrected: what the reader read, and what is right."""

    draft = models.ForeignKey(
        LetterDraft, models.CASCADE, related_name="corrections", verbose_name=_("letter draft")
    )
    field = models.CharField(_("field"), max_length=50, db_index=True)
    read = models.TextField(_("read"), blank=True)
    corrected = models.TextField(_("corrected"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a field")
        verbose_name_plural = _("corrections of fields")
        ordering = ["draft", "field"]

    def __str__(self) -> str:
        return self.field

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return Q(draft__in=LetterDraft.objects.filter(LetterDraft.sight(place, seat)).order_by())
