"""How a deputy's word came: on the own desk, or signed on paper."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clerkadmin.files import RandomName


class AddressClass(models.TextChoices):
    """From where an account acts: what is kept of its address beside a word."""

    OFFICE = "office", _("Where clerks work")
    OWN = "own", _("One that the account has used before")
    OTHER = "other", _("Another")


class Given(models.Model):
    """A deputy's word on a letter or on a promise, with its paper or the network it came from."""

    on_paper = models.BooleanField(_("signed on paper"), default=False)
    scan = models.FileField(
        _("scan of the signed form"), upload_to=RandomName("ratings"), blank=True, db_index=True
    )
    address_class = models.CharField(
        _("network it came from"), max_length=50, blank=True, editable=False
    )

    class Meta:
        abstract = True
