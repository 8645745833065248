"""A letter on its way in: the file, the draft read from it, what was corrected."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.models import CoHandlingOpinion, Reply


class LetterFile(models.Model):
    """A letter as it came: its text, and the SHA-256 that tells the same letter twice."""

    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    file = models.FileField(_("file"), upload_to="letters/%Y/", blank=True)
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

    class Meta:
        verbose_name = _("letter file")
        verbose_name_plural = _("letter files")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class LetterDraft(models.Model):
    """What was read from a letter, until a clerk accepts or rejects it."""

    class State(models.TextChoices):
        OPEN = "open", _("To be reviewed")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    letter_file = models.ForeignKey(
        LetterFile, models.PROTECT, related_name="drafts", verbose_name=_("letter file")
    )
    reading = models.JSONField(_("reading"), default=dict)
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
        return str(self.letter_file)


class FieldCorrection(models.Model):
    """A value that a clerk corrected: what the reader read, and what is right."""

    draft = models.ForeignKey(
        LetterDraft, models.CASCADE, related_name="corrections", verbose_name=_("letter draft")
    )
    field = models.CharField(_("field"), max_length=50, db_index=True)
    read = models.TextField(_("read"), blank=True)
    corrected = models.TextField(_("corrected"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("correction of a field")
        verbose_name_plural = _("corrections of fields")
        ordering = ["draft", "field"]

    def __str__(self) -> str:
        return self.field
