"""Dates in lists and on pages: with the days left, the light, and whether they are certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from assemblies.thresholds import Thresholds, thresholds
from clerkadmin.base import ReadOnlyAdmin
from clerkadmin.lights import shown_date
from proposals.models import Assignment, CoHandlingOpinion, Contact, Proposal, Reply

if TYPE_CHECKING:
    from clerkadmin.base import ClerkAdmin

    Base = ClerkAdmin
else:
    Base = object

Column = Callable[[Any], SafeString]
Opinion = CoHandlingOpinion.State
# An opinion that nobody waits for any more.
GIVEN = (Opinion.SUBMITTED, Opinion.ACCEPTED, Opinion.WAIVED)


class Days:
    """One day's view of all dates: today, and when the lights of each assembly change."""

    @cached_property
    def today(self) -> Any:
        return timezone.localdate()

    @cached_property
    def lights(self) -> dict[int, Thresholds]:
        return thresholds(on=self.today)

    def shown(self, row: Any, field: str, *, is_done: bool) -> SafeString:
        at = self.lights.get(getattr(row, "of_assembly", 0), Thresholds())
        return shown_date(
            getattr(row, field),
            yellow_days=at.yellow,
            red_days=at.red,
            is_done=is_done,
            is_certain=field not in getattr(row, "unannounced", "").split(),
            today=self.today,
        )


class ShowsDates(Base):
    """`dates` names those that wait for somebody, and says of a row whether it is done.

    `assembly_path` leads from the row to the assembly whose rules say when the lights change;
    `date_facts` are annotations that the questions in `dates` need.
    """

    dates: Mapping[str, Callable[[Any], bool]] = {}
    assembly_path = "proposal__session__assembly_id"
    date_facts: Mapping[str, Any] = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.annotate(of_assembly=F(self.assembly_path), **self.date_facts)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = self._columns(request)
        return [columns.get(name, name) for name in super().get_list_display(request)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What cannot be typed is shown as in the list."""
        fieldsets = super().get_fieldsets(request, obj)
        columns = self._columns_of_page(request, obj)
        return [
            (title, {**options, "fields": [columns.get(name, name) for name in options["fields"]]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *self._columns_of_page(request, obj).values()]

    def _columns_of_page(self, request: HttpRequest, obj: Any) -> dict[Any, Column]:
        if obj is None:
            return {}
        if isinstance(self, ReadOnlyAdmin):
            return self._columns(request)
        typed = set(super().get_readonly_fields(request, obj))
        return {name: each for name, each in self._columns(request).items() if name in typed}

    def _columns(self, request: HttpRequest) -> dict[Any, Column]:
        """One function a date: the same ones for a whole request, as Django compares them."""
        made = request.__dict__.setdefault("_date_columns", {})
        if self.opts.label not in made:
            days = Days()
            made[self.opts.label] = {
                field: _column(days, field, is_done, _label(self.opts, field))
                for field, is_done in self.dates.items()
            }
        columns: dict[Any, Column] = made[self.opts.label]
        return columns


def _label(opts: Any, field: str) -> Any:
    return opts.get_field(field).verbose_name


def _column(days: Days, field: str, is_done: Callable[[Any], bool], label: Any) -> Column:
    @admin.display(description=label, ordering=field)
    def column(row: Any) -> SafeString:
        return days.shown(row, field, is_done=is_done(row))

    # The class of its cells is that of the field.
    column.__name__ = field
    return column


def _is_past(row: Any, field: str) -> bool:
    day = getattr(row, field)
    return day is not None and day < timezone.localdate()


# A part in a proposal: what was answered, given or talked about waits for nobody.
_sent = Reply.objects.filter(
    proposal=OuterRef("proposal"),
    department=OuterRef("department"),
    round__gte=OuterRef("round"),
    state=Reply.State.SENT,
).order_by()
_given = CoHandlingOpinion.objects.filter(
    assignment=OuterRef("pk"), round__gte=OuterRef("round"), state__in=GIVEN
).order_by()
_talks = Contact.objects.filter(
    proposal=OuterRef("proposal"), department=OuterRef("department")
).order_by()
PART_FACTS = {"has_answered": Exists(_sent) | Exists(_given), "has_talked": Exists(_talks)}


def _is_over(part: Assignment) -> bool:
    settled = part.proposal.state in Proposal.SETTLED
    return part.ended_on is not None or settled or bool(getattr(part, "has_answered", False))


PART_DATES: dict[str, Callable[[Any], bool]] = {
    # One date counts: of the new round, or the extended one, or the first.
    "due_on": lambda part: _is_over(part) or part.round > 1 or part.extended_to is not None,
    "extended_to": lambda part: _is_over(part) or part.round > 1,
    "redo_by": _is_over,
    # A time that is over is no delay: it can no more be returned.
    "return_by": lambda part: _is_over(part) or _is_past(part, "return_by"),
    "contact_by": lambda part: _is_over(part) or bool(getattr(part, "has_talked", False)),
}
