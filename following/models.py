"""Who follows what by e-mail. Addresses of visitors are personal data: the admin shows none.

An address is kept while it follows something, and not a day longer (`following/forgetting.py`).
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A telling looks so many days further back than the last one: clerks write down what was before.
LOOK_BACK = 90


def new_key() -> str:
    return secrets.token_urlsafe(16)


def folded_address(email: str) -> str:
    """The address as it is compared: the same person under another spelling is found again."""
    return unicodedata.normalize("NFKC", email).casefold()


class Follower(models.Model):
    """A visitor's address. `key` is half of the links in its mails (`following/tokens.py`)."""

    email = models.EmailField(_("e-mail"))
    folded = models.CharField(max_length=320, unique=True)
    key = models.CharField(max_length=30, unique=True, default=new_key)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class FollowQuerySet(models.QuerySet["Follow"]):
    def confirmed(self) -> FollowQuerySet:
        return self.exclude(confirmed_at=None)


class Follow(models.Model):
    """One thing that an address follows, once whoever reads its mail has confirmed it.

    target: a public proposal's path, a department's slug, or the query string of the list of
    proposals as `following.targets` writes it.
    told: the marks of what was there when it was last told of (`following.news`).
    """

    class Kind(models.TextChoices):
        PROPOSAL = "proposal", _("Proposal")
        DEPARTMENT = "department", _("Department")
        SEARCH = "search", _("Search")

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=10, choices=Kind)
    target = models.CharField(max_length=2000)
    key = models.CharField(max_length=30, unique=True, default=new_key)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateField(null=True)
    told = models.JSONField(default=list)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering = ["follower", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "kind", "target"],
                name="follow_once",
                violation_error_message=_("This address follows it already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(told_until__isnull=False),
                name="follow_told_since_confirmed",
                violation_error_message=_("What is confirmed is told of from that day on."),
            ),
        ]
        indexes = [
            # Those that nobody confirmed, to be forgotten.
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True),
                name="follow_unconfirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"

    def keep_told(self, marks: list[str], *, on: date) -> None:
        """What is there on that day is known from now on."""
        self.told, self.told_until = marks, on
        self.save(update_fields=["told", "told_until", "confirmed_at"])


class Asking(models.Model):
    """A mail that was asked for, to hold back who asks for too many; kept for one day."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="askings")
    network = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("asking to follow")
        verbose_name_plural = _("askings to follow")
        ordering = ["-at"]
        indexes = [
            # How many came from a network within the hour.
            models.Index(fields=["network", "at"], name="asking_of_network"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
