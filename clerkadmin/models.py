"""What keeps a clerk's typing safe: forms handed in once, and forms not handed in yet."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """43 characters that nobody can guess."""
    return secrets.token_urlsafe(32)


class FormToken(models.Model):
    """A form that was handed in: its one-time token, and where its answer led.

    The token is unique: the same form sent twice does nothing twice.
    """

    token = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    led_to = models.CharField(max_length=500, blank=True)
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")

    def __str__(self) -> str:
        return self.path


class FormDraft(models.Model):
    """What somebody has typed into a form and not sent yet; seen by nobody else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts")
    path = models.CharField(max_length=500)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("form not sent yet")
        verbose_name_plural = _("forms not sent yet")
        constraints = [
            models.UniqueConstraint(fields=["user", "path"], name="form_draft_once"),
        ]

    def __str__(self) -> str:
        return self.path


class UploadedSheet(models.Model):
    """A sheet between its preview and its import: one a person and kind of row, for its owner.

    It is gone with the import, with the next upload, and with whatever anybody types or imports
    an hour later.
    """

    KEPT_FOR = timedelta(hours=1)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=100)
    token = models.CharField(max_length=43, unique=True, default=new_token)
    name = models.CharField(max_length=100)
    headings = models.JSONField()
    rows = models.JSONField()
    uploaded_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("sheet not imported yet")
        verbose_name_plural = _("sheets not imported yet")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="uploaded_sheet_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def sweep(cls) -> None:
        """Forget what nobody has imported within the hour."""
        cls.objects.filter(uploaded_at__lt=timezone.now() - cls.KEPT_FOR).delete()
