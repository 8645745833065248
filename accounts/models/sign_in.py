"""Where somebody is signed in: each can see and end their own (登录记录)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.browsers import browser_of


class SignInQuerySet(models.QuerySet):
    def end(self) -> int:
        """They are over now; what was over stays as it is."""
        return self.filter(ended_at=None).update(ended_at=timezone.now())

    def without_session(self, *, at: datetime) -> SignInQuerySet:
        """Those whose session ran out, and nobody has come back since."""
        alive = Session.objects.filter(sign_in=OuterRef("pk"), expire_date__gt=at)
        return self.filter(~Exists(alive), ended_at=None)


class SignIn(models.Model):
    """One signing in, from one address and browser, until it ends. Its addresses are secret."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    began_at = models.DateTimeField(_("signed in"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    # The address with what tells one machine of a house from another left out.
    network = models.CharField(max_length=50, blank=True)
    browser = models.CharField(_("browser"), max_length=300, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing in")
        verbose_name_plural = _("signings in")
        ordering = ["-seen_at", "-pk"]
        indexes = [
            # Whose address this is: clerks who were here lately.
            models.Index(fields=["address", "seen_at"], name="sign_in_by_address"),
            models.Index(fields=["user", "ended_at"], name="sign_in_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def browser_name(self) -> str:
        """The browser in words."""
        return browser_of(self.browser)


class Session(AbstractBaseSession):
    """Django's row of a session, with its signing in: so that it can be ended from elsewhere."""

    sign_in = models.ForeignKey(
        SignIn, models.CASCADE, null=True, related_name="sessions", db_index=True
    )

    objects = BaseSessionManager()  # type: ignore[misc]
