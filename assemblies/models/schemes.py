"""How an assembly classes replies and how its deputies rate them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.sight import Sighted, SightedQuerySet
from assemblies.models.assembly import Assembly
from clerkadmin.recorded import Recorded


class ValidityQuerySet(SightedQuerySet):
    def valid(self, *, on: date) -> "ValidityQuerySet":
        """Those in force on that day, the newest first."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        ).order_by(F("valid_from").desc(nulls_last=True), "-pk")


class CategoryScheme(Sighted, Recorded):
    """The result categories (答复类别) of an assembly: letters mean other things elsewhere."""

    assembly = models.ForeignKey(
        Assembly, models.PROTECT, related_name="category_schemes", verbose_name=_("assembly")
    )
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = ValidityQuerySet.as_manager()

    choosing = {"assembly": "act_for"}

    class Meta:
        verbose_name = _("category scheme")
        verbose_name_plural = _("category schemes")
        ordering = ["assembly", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "name"],
                name="category_scheme_once",
                violation_error_message=_("This assembly already has a scheme of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Category(Sighted, Recorded):
    """One result category, such as B类, with the fixed meaning that reports add up on."""

    class Meaning(models.TextChoices):
        SOLVED = "solved", _("Solved")
        PARTIAL = "partial", _("Partly solved")
        IN_PROGRESS = "in_progress", _("Being solved")
        PLANNED = "planned", _("Planned")
        LATER = "later", _("Later, conditions are lacking")
        REFERENCE = "reference", _("Kept for reference")
        NOT_FEASIBLE = "not_feasible", _("Not feasible")
        ABOVE_POWERS = "above_powers", _("Above the department's powers")

    scheme = models.ForeignKey(
        CategoryScheme, models.CASCADE, related_name="categories", verbose_name=_("scheme")
    )
    code = models.CharField(_("code"), max_length=10, help_text=_("As printed, such as A or 甲."))
    label = models.CharField(_("label"), max_length=100, help_text=_("What it means, in words."))
    meaning = models.CharField(_("fixed meaning"), max_length=15, choices=Meaning)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    needs_commitment = models.BooleanField(_("needs a commitment"), default=False)
    needs_due_date = models.BooleanField(_("needs a due date"), default=False)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["scheme", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"],
                name="category_once",
                violation_error_message=_("The scheme already has a category of that code."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.printed} {self.label}"

    @property
    def printed(self) -> str:
        """As a letter prints it: B类, 甲类; words stay as they are."""
        return f"{self.code}类" if len(self.code) == 1 else self.code


class RatingScale(Sighted, Recorded):
    """The words with which deputies rate (满意度), such as 满意, 基本满意, 不满意."""

    assembly = models.ForeignKey(
        Assembly, models.PROTECT, related_name="rating_scales", verbose_name=_("assembly")
    )
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = ValidityQuerySet.as_manager()

    choosing = {"assembly": "act_for"}

    class Meta:
        verbose_name = _("rating scale")
        verbose_name_plural = _("rating scales")
        ordering = ["assembly", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "name"],
                name="rating_scale_once",
                violation_error_message=_("This assembly already has a scale of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Rating(Sighted, Recorded):
    """One step of a scale, with the fixed meaning that the rules and reports act on."""

    class Meaning(models.TextChoices):
        SATISFIED = "satisfied", _("Satisfied")
        BASICALLY = "basically", _("Basically satisfied")
        UNSATISFIED = "unsatisfied", _("Unsatisfied")

    scale = models.ForeignKey(
        RatingScale, models.CASCADE, related_name="ratings", verbose_name=_("scale")
    )
    label = models.CharField(_("label"), max_length=30)
    meaning = models.CharField(_("fixed meaning"), max_length=15, choices=Meaning)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating step")
        verbose_name_plural = _("rating steps")
        ordering = ["scale", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "label"],
                name="rating_once",
                violation_error_message=_("The scale already has a step of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.label
