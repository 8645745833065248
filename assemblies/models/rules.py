"""The rules of handling (办理规则): what is due how long after what, and the days nobody works."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.sight import Sighted, SightedQuerySet
from assemblies.models.assembly import Assembly
from assemblies.models.schemes import ValidityQuerySet
from clerkadmin.recorded import Recorded


class HandlingRules(Sighted, Recorded):
    """One assembly's rules over some years. An assignment keeps the rules that were in force."""

    assembly = models.ForeignKey(
        Assembly, models.PROTECT, related_name="handling_rules", verbose_name=_("assembly")
    )
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    every_deputy_rates = models.BooleanField(
        _("every deputy rates"),
        default=False,
        help_text=_("Co-sponsors rate too, not only the lead sponsor."),
    )
    office_audits = models.BooleanField(_("the assigning office audits replies"), default=False)
    requires_contact = models.BooleanField(
        _("a contact with the deputy is required"),
        default=False,
        help_text=_("No reply goes to review before one is logged (代表法, 2025年)."),
    )
    yellow_days = models.PositiveSmallIntegerField(
        _("yellow light, days left"), default=15, help_text=_("That many days before the date.")
    )
    red_days = models.PositiveSmallIntegerField(_("red light, days left"), default=5)

    objects = ValidityQuerySet.as_manager()

    choosing = {"assembly": "act_for"}

    class Meta:
        verbose_name = _("handling rules")
        verbose_name_plural = _("handling rules")
        ordering = ["assembly", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "name"],
                name="handling_rules_once",
                violation_error_message=_("This assembly already has rules of that name."),
            ),
            models.CheckConstraint(
                condition=Q(red_days__lte=F("yellow_days")),
                name="handling_rules_red_after_yellow",
                violation_error_message=_("The red light cannot come before the yellow one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def period(self, step: str, *, in_session: bool = True) -> "Period | None":
        """How long that step may take for a proposal put in session, or between sessions."""
        when = Period.When.IN_SESSION if in_session else Period.When.OUT_OF_SESSION
        fitting = [
            period
            for period in self.periods.all()
            if period.step == step and period.when in (Period.When.ALWAYS, when)
        ]
        # What is said of such proposals alone goes before what is said of all.
        fitting.sort(key=lambda period: period.when == Period.When.ALWAYS)
        return fitting[0] if fitting else None


class Period(Sighted, Recorded):
    """How long one step may take: {start event, count, unit}, or a fixed day of the year."""

    class Step(models.TextChoices):
        ASSIGN = "assign", _("Assignment")
        RETURN = "return", _("Asking to return")
        REASSIGN = "reassign", _("Reassignment")
        CO_HANDLING = "co_handling", _("Co-handling opinion")
        OPINION_REDONE = "opinion_redone", _("Opinion sent back")
        CONTACT = "contact", _("First contact with the deputy")
        REPLY = "reply", _("Reply")
        EXTENSION = "extension", _("Reply after extension, at the most")
        FEEDBACK = "feedback", _("Deputy's rating")
        COMMITMENT_FEEDBACK = "commitment_feedback", _("Deputy's rating of a promise")
        REHANDLING = "rehandling", _("New reply after an unsatisfied rating")
        DISCLOSURE = "disclosure", _("Publication")

    class Start(models.TextChoices):
        RECEIVED = "received", _("Receipt by the office")
        REGISTERED = "registered", _("Registration")
        ASSIGNED = "assigned", _("Assignment")
        ACKNOWLEDGED = "acknowledged", _("Acknowledgement")
        REPLIED = "replied", _("Reply")
        RATED = "rated", _("Unsatisfied rating")
        SENT_BACK = "sent_back", _("Opinion sent back")
        REPORTED = "reported", _("Report on a promise")

    class Unit(models.TextChoices):
        MONTH = "month", _("months")
        DAY = "day", _("days")
        WORKING_DAY = "working_day", _("working days")

    class When(models.TextChoices):
        ALWAYS = "always", _("all proposals")
        IN_SESSION = "in_session", _("those put in session")
        OUT_OF_SESSION = "out_of_session", _("those put between sessions")

    # From which events each step can be counted.
    STARTS: ClassVar[dict[str, tuple[str, ...]]] = {
        Step.ASSIGN: (Start.RECEIVED, Start.REGISTERED),
        Step.RETURN: (Start.ASSIGNED, Start.ACKNOWLEDGED),
        Step.REASSIGN: (Start.RECEIVED,),
        Step.CO_HANDLING: (Start.ASSIGNED, Start.ACKNOWLEDGED),
        Step.OPINION_REDONE: (Start.SENT_BACK,),
        Step.CONTACT: (Start.ASSIGNED, Start.ACKNOWLEDGED),
        Step.REPLY: (Start.ASSIGNED, Start.ACKNOWLEDGED),
        Step.EXTENSION: (Start.ASSIGNED, Start.ACKNOWLEDGED),
        Step.FEEDBACK: (Start.REPLIED,),
        Step.COMMITMENT_FEEDBACK: (Start.REPORTED,),
        Step.REHANDLING: (Start.RATED,),
        Step.DISCLOSURE: (Start.REPLIED,),
    }

    rules = models.ForeignKey(
        HandlingRules, models.CASCADE, related_name="periods", verbose_name=_("rules")
    )
    step = models.CharField(_("step"), max_length=20, choices=Step)
    when = models.CharField(
        _("for"), max_length=15, choices=When, default=When.ALWAYS, db_default=When.ALWAYS
    )
    start = models.CharField(_("counted from"), max_length=15, choices=Start)
    count = models.PositiveSmallIntegerField(
        _("count"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    unit = models.CharField(_("unit"), max_length=15, choices=Unit, blank=True)
    fixed_month = models.PositiveSmallIntegerField(_("fixed month"), null=True, blank=True)
    fixed_day = models.PositiveSmallIntegerField(_("fixed day"), null=True, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["rules", "step"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "step", "when"],
                name="period_once",
                violation_error_message=_("The rules already have a period for this step."),
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1, fixed_month__isnull=True, fixed_day__isnull=True)
                & ~Q(unit="")
                | Q(
                    count__isnull=True,
                    unit="",
                    fixed_month__range=(1, 12),
                    fixed_day__range=(1, 31),
                ),
                name="period_counted_or_fixed",
                violation_error_message=_(
                    "A period is either a count with a unit or a fixed month and day."
                ),
            ),
        ]

    def __str__(self) -> str:
        if self.count is None:
            return f"{self.get_step_display()} {self.fixed_month}-{self.fixed_day}"
        return f"{self.get_step_display()} {self.count} {self.get_unit_display()}"

    def clean(self) -> None:
        possible = self.STARTS.get(self.step, ())
        if self.start and possible and self.start not in possible:
            named = "、".join(str(self.Start(start).label) for start in possible)
            said = _("This step is counted from: %(starts)s.") % {"starts": named}
            raise ValidationError({"start": said})


class Holiday(Sighted, Recorded):
    """A day unlike its weekday: a holiday, or a weekend worked in exchange."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=50)
    is_working = models.BooleanField(_("worked in exchange"), default=False)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday or exchanged working day")
        verbose_name_plural = _("holidays and exchanged working days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class HolidayYear(Sighted, Recorded):
    """A year of the holiday table; one not yet announced counts weekends only and says so."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    is_announced = models.BooleanField(_("announced"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("year of the holiday table")
        verbose_name_plural = _("years of the holiday table")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
