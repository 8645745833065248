"""Deputies (代表) and members (委员), with their contact data kept apart."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models.assembly import Assembly, of_assembly
from clerkadmin.recorded import Recorded


def random_public_id() -> str:
    """Eight letters and digits: an address that does not tell how many deputies there are."""
    return secrets.token_hex(4)


class Deputy(Sighted, Recorded):
    """A deputy (代表), a CPPCC member (委员) or an organisation that proposes."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Party, organisation, sector or committee")

    assembly = models.ForeignKey(
        Assembly, models.PROTECT, related_name="deputies", verbose_name=_("assembly")
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.PERSON)
    delegation = models.CharField(
        _("delegation"), max_length=100, blank=True, help_text=_("代表团, of a congress deputy.")
    )
    sector = models.CharField(
        _("sector"), max_length=100, blank=True, help_text=_("界别, of a CPPCC member.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputy",
        verbose_name=_("account"),
    )
    is_serving = models.BooleanField(_("serving"), default=True)
    public_id = models.CharField(
        _("name in addresses"),
        max_length=16,
        unique=True,
        default=random_public_id,
        editable=False,
    )

    objects = SightedQuerySet.as_manager()

    choosing = {"assembly": "act_for"}

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["assembly", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "name", "delegation", "sector"],
                name="deputy_once",
                violation_error_message=_(
                    "A deputy of that name is already in this delegation or sector."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def group(self) -> str:
        """The delegation or the sector, whichever there is."""
        return self.delegation or self.sector

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "assembly")


class DeputyContact(Sighted, Recorded):
    """How the assembly's office reaches a deputy. Secret: shown to nobody but that office."""

    deputy = models.OneToOneField(
        Deputy, models.CASCADE, related_name="contact", verbose_name=_("deputy")
    )
    certificate_number = models.CharField(_("certificate number"), max_length=30, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy's contact data")
        verbose_name_plural = _("deputies' contact data")

    def __str__(self) -> str:
        return str(self.deputy)

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "deputy__assembly")
