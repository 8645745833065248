"""Departments (承办单位), the names they are known by, and who works in them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from departments.roles import join_groups


class DepartmentQuerySet(SightedQuerySet):
    def valid(self, *, on: date) -> "DepartmentQuerySet":
        """Departments that exist on that day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        )

    def called(self, *names: str) -> "DepartmentQuerySet":
        """Departments with one of these as their name, short name or alias."""
        return self.filter(
            Q(name__in=names) | Q(short_name__in=names) | Q(aliases__name__in=names)
        ).distinct()


class Department(Sighted, Recorded):
    """A body that handles proposals, or the office that assigns them (交办单位)."""

    class Kind(models.TextChoices):
        HANDLING = "handling", _("Handling department")
        ASSIGNING = "assigning", _("Assigning office")
        DEPUTIES = "deputies", _("Deputies' office")
        SUPERVISING = "supervising", _("Supervising committee")
        ADMINISTERING = "administering", _("Administration of the site")

    name = models.CharField(_("name"), max_length=100, help_text=_("In full: 福建省财政厅."))
    short_name = models.CharField(
        _("short name"), max_length=50, blank=True, help_text=_("As lists print it: 省财政厅.")
    )
    slug = models.SlugField(
        _("name in addresses"),
        max_length=80,
        unique=True,
        allow_unicode=True,
        help_text=_("Part of permanent addresses: never changed."),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.HANDLING)
    region = models.CharField(
        _("region"), max_length=50, blank=True, help_text=_("Such as 福建省.")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
        help_text=_("Who keeps its promises since it was renamed, merged or dissolved."),
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "region"],
                name="department_once",
                violation_error_message=_("A department of that name is already there."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="department_ends_after_beginning",
                violation_error_message=_("A department cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="department_not_own_successor",
                violation_error_message=_("A department cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return Q(pk__in=seat.departments) if place == Where.OWN else super().sight(place, seat)

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = Department.objects.none() if self._state.adding else Department.objects.all()
        kinds = list(stored.filter(pk=self.pk).values_list("kind", flat=True))
        super().save(*args, **kwargs)
        # What kind it is decides the roles of those who work there.
        if kinds not in ([], [self.kind]):
            for clerk in self.clerks.select_related("user"):
                join_groups(clerk.user)


class DepartmentAlias(Sighted, Recorded):
    """Another name that letters use: 省人社厅 for 福建省人力资源和社会保障厅."""

    department = models.ForeignKey(
        Department, models.CASCADE, related_name="aliases", verbose_name=_("department")
    )
    name = models.CharField(_("name"), max_length=100, db_index=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"],
                name="department_alias_once",
                violation_error_message=_("The department already has this other name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Clerk(Sighted, Recorded):
    """A user's place in a department (经办人): it gives the account its role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="clerkships",
        verbose_name=_("account"),
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="clerks", verbose_name=_("department")
    )
    reviews = models.BooleanField(
        _("reviews and signs off"), default=False, help_text=_("Checks what the others enter.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("clerk")
        verbose_name_plural = _("clerks")
        ordering = ["department", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department"],
                name="clerk_once",
                violation_error_message=_("This account already works in the department."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.department})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        join_groups(self.user)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        user = self.user
        deleted = super().delete(*args, **kwargs)
        join_groups(user)
        return deleted
