"""Passwords that somebody has used: their hashes, so that an old one does not come back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UsedPassword(models.Model):
    """The hash of one password of an account, and since when it was used."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="used_passwords"
    )
    encoded = models.CharField(max_length=128)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("used password")
        verbose_name_plural = _("used passwords")
        ordering = ["user", "-since"]

    def __str__(self) -> str:
        return f"{self.user} {self.since:%Y-%m-%d}"
