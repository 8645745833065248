"""An assembly (人大 or 政协), its sessions and the subjects that its proposals are filed under."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import NOTHING, Seat, Sighted, SightedQuerySet
from assemblies.numerals import chinese_numeral
from clerkadmin.recorded import Recorded
from departments.models import Department


class Assembly(Sighted, Recorded):
    """A people's congress (人民代表大会) or a committee of the CPPCC (政协委员会)."""

    class Kind(models.TextChoices):
        CONGRESS = "congress", _("People's congress")
        CPPCC = "cppcc", _("CPPCC committee")

    class Level(models.TextChoices):
        NATIONAL = "national", _("National")
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        COUNTY = "county", _("County")
        TOWNSHIP = "township", _("Township")

    name = models.CharField(_("name"), max_length=100, unique=True)
    short_name = models.CharField(
        _("short name"),
        max_length=30,
        blank=True,
        help_text=_("As letters print it, such as 省人大 or 省政协."),
    )
    slug = models.SlugField(
        _("name in addresses"),
        unique=True,
        help_text=_("Part of permanent addresses: never changed."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    region = models.CharField(
        _("region"), max_length=50, blank=True, help_text=_("Such as 福建省.")
    )
    publishes_ratings = models.BooleanField(
        _("publishes ratings"),
        default=False,
        help_text=_("Ratings (never their reasons) are shown on the public pages."),
    )
    offices = models.ManyToManyField(
        Department,
        blank=True,
        related_name="assemblies",
        limit_choices_to=~Q(kind=Department.Kind.HANDLING),
        verbose_name=_("offices"),
        help_text=_("Its deputies' office, the offices that assign, those that supervise."),
    )
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assembly")
        verbose_name_plural = _("assemblies")
        ordering = ["name"]

    # Which links `history` keeps beside the row's own fields.
    _history_m2m_fields = (offices,)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "pk")


def of_assembly(place: Where, seat: Seat, path: str) -> Q:
    """What belongs to an assembly, by the path to it: `assembly`, `scheme__assembly`."""
    if place == Where.ALL:
        return Q()
    return Q(**{f"{path}__in": seat.assemblies}) if place == Where.ASSEMBLY else NOTHING


class SessionQuerySet(SightedQuerySet):
    def current(self, *, on: date) -> "SessionQuerySet":
        """Sessions whose handling is under way: those opened by that day, newest first."""
        return self.filter(opens_on__lte=on).order_by("-opens_on", "-term", "-number")


class Session(Sighted, Recorded):
    """A session (次会议) of a term (届); proposals put between sessions count to it too."""

    assembly = models.ForeignKey(
        Assembly, models.PROTECT, related_name="sessions", verbose_name=_("assembly")
    )
    term = models.PositiveSmallIntegerField(_("term"), validators=[MinValueValidator(1)])
    number = models.PositiveSmallIntegerField(
        _("session number"), validators=[MinValueValidator(1)]
    )
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    choosing = {"assembly": "act_for"}

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["assembly", "-term", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "term", "number"],
                name="session_once",
                violation_error_message=_("This session of the assembly is already there."),
            ),
            models.CheckConstraint(
                condition=Q(term__gte=1, number__gte=1),
                name="session_counts_from_one",
                violation_error_message=_("Terms and sessions are counted from 1."),
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True)
                | Q(opens_on__isnull=True)
                | Q(closes_on__gte=F("opens_on")),
                name="session_closes_after_opening",
                violation_error_message=_("A session cannot close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assembly.short_name or self.assembly.name}{self.label}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "assembly")

    @property
    def label(self) -> str:
        """The session in words, as letters name it: 十三届六次会议."""
        return f"{chinese_numeral(self.term)}届{chinese_numeral(self.number)}次会议"

    @property
    def key(self) -> str:
        """The session in addresses: `13-6`."""
        return f"{self.term}-{self.number}"


class Topic(Sighted, Recorded):
    """A subject class (分类), such as 教科文卫; each assembly has its own list."""

    assembly = models.ForeignKey(
        Assembly, models.PROTECT, related_name="topics", verbose_name=_("assembly")
    )
    name = models.CharField(_("name"), max_length=50)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SightedQuerySet.as_manager()

    choosing = {"assembly": "act_for"}

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["assembly", "order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "name"],
                name="topic_once",
                violation_error_message=_("This assembly already has a topic of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "assembly")
