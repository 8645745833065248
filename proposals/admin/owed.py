"""Filters of lists that the numbers of the desk lead to: the same queries count and list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from proposals import owing


class OwedFilter(admin.SimpleListFilter):
    """How it stands with the letter of a part."""

    title = _("reply")
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Not sent yet")),
            ("late", _("Overdue")),
            ("answered", _("Sent")),
            ("in_time", _("Sent in time")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "open":
            return owing.open_parts(queryset)
        if self.value() == "late":
            return owing.late_parts(queryset, on=today)
        if self.value() == "answered":
            return owing.answered_parts(queryset, on=today)
        if self.value() == "in_time":
            return owing.answered_parts(queryset, on=today).filter(owing.in_time())
        return queryset


class OpinionOwedFilter(admin.SimpleListFilter):
    title = _("date")
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "late":
            return owing.late_opinions(queryset, on=timezone.localdate())
        return queryset


class OfDepartment(admin.SimpleListFilter):
    """Shown only where an address asks for one: there may be hundreds to choose from."""

    title = _("department")
    parameter_name = "of"
    path = "department"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = self.value() or ""
        # A number that no database takes names no department.
        if not (asked.isdecimal() and len(asked) <= 9):
            return []
        return [(str(row.pk), str(row)) for row in Department.objects.filter(pk=asked)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        chosen = [key for key, _name in self.lookup_choices]
        return queryset.filter(**{f"{self.path}__in": chosen})


class OfAssignedDepartment(OfDepartment):
    path = "assignment__department"


class OfLeadDepartment(OfDepartment):
    path = "lead_department"
