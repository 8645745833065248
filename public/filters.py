"""What a reader can ask of a list. Values outside the choices are told, never obeyed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from .choices import Choices
from .folding import folded
from .models import (
    OPEN_STATES,
    PublicCommitment,
    PublicDeputy,
    PublicHandling,
    PublicProposal,
    PublicSupport,
)
from .promises import LOOKS, found_under

WORDS_AT_MOST = 100
NUMBER = re.compile(r"第?\s*0*(\d+)\s*号?")


class PublicFilter(django_filters.FilterSet):
    """A filter whose choices come from what is published, on a day."""

    def __init__(
        self, data: Any, queryset: QuerySet[Any], *, choices: dict[str, Choices], today: date
    ) -> None:
        super().__init__(data, queryset)
        self.today = today
        for name, values in choices.items():
            if name in self.filters:
                self.filters[name].extra["choices"] = values

    @property
    def asked(self) -> dict[str, Any]:
        """The conditions that were understood."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def narrowing(self) -> dict[str, Any]:
        """The conditions that were understood, without the order."""
        return {name: value for name, value in self.asked.items() if name != "sort"}

    def chosen(self) -> int:
        """How many conditions are in force, the order not counted."""
        return len(self.narrowing)

    @property
    def query(self) -> str:
        """The conditions as they stand in an address: always in the same order."""
        return urlencode(sorted(self.narrowing.items()))

    def told(self, *, typed: str = "") -> list[str]:
        """The conditions in words, as the form shows them; what was typed may be called `typed`."""
        return [
            str(dict(self.filters[name].extra.get("choices", ())).get(value, typed or value))
            for name, value in self.narrowing.items()
        ]

    def fields(self) -> dict[str, dict[str, Any]]:
        """Name -> choices and the value in force: what the template writes into the form."""
        asked = self.asked
        return {
            name: {"choices": each.extra.get("choices", ()), "value": asked.get(name, "")}
            for name, each in self.filters.items()
        }


def words_of(text: str) -> list[str]:
    return text.split()[:8]


class ProposalFilter(PublicFilter):
    q = django_filters.CharFilter(method="find", max_length=WORDS_AT_MOST)
    assembly = django_filters.ChoiceFilter(field_name="assembly_id", choices=())
    session = django_filters.ChoiceFilter(method="of_session", choices=())
    topic = django_filters.ChoiceFilter(choices=())
    department = django_filters.ChoiceFilter(method="handled_by", choices=())
    role = django_filters.ChoiceFilter(
        method="handled_as",
        choices=[
            ("lead", _("Lead department")),
            ("co_handling", _("Co-handling department")),
            ("separate", _("Separate handling")),
            ("sole", _("Sole handling")),
        ],
    )
    category = django_filters.ChoiceFilter(choices=())
    status = django_filters.ChoiceFilter(choices=PublicProposal.Status.choices)
    promises = django_filters.ChoiceFilter(
        method="with_promises",
        choices=[
            ("any", _("With promises")),
            ("open", _("With open promises")),
            ("overdue", _("With overdue promises")),
            ("disputed", _("With disputed promises")),
            ("none", _("Answered without a promise")),
        ],
    )
    sort = django_filters.ChoiceFilter(
        method="in_order",
        choices=[
            ("new", _("Newest change first")),
            ("replied", _("Newest reply first")),
            ("number", _("By number")),
        ],
    )

    class Meta:
        model = PublicProposal
        fields: list[str] = []

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        typed = folded(value).strip()
        number = NUMBER.fullmatch(typed)
        if number:
            same = Q(number__iregex=rf"^0*{re.escape(number[1])}$")
            return queryset.filter(same | Q(folded_title__contains=typed))
        for word in words_of(typed):
            queryset = queryset.filter(folded_title__contains=word)
        return queryset

    def of_session(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        assembly, key = value.split("/", 1)
        return queryset.filter(session__assembly=assembly, session__key=key)

    def handled_by(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        handlings = PublicHandling.objects.filter(proposal=OuterRef("pk"), department=value)
        if "role" in self.asked:
            handlings = handlings.filter(role=self.asked["role"])
        return queryset.filter(Exists(handlings))

    def handled_as(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if "department" in self.asked:
            return queryset  # the department's own role: already asked for above
        handlings = PublicHandling.objects.filter(proposal=OuterRef("pk"), role=value)
        return queryset.filter(Exists(handlings))

    def with_promises(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "any":
            return queryset.filter(commitment_count__gt=0)
        if value == "none":
            return queryset.filter(reply_count__gt=0, commitment_count=0)
        promises = PublicCommitment.objects.filter(reply__proposal=OuterRef("pk"))
        condition = {
            "open": Q(state__in=OPEN_STATES),
            "overdue": found_under("overdue", today=self.today),
            "disputed": found_under("disputed", today=self.today),
        }[value]
        return queryset.filter(Exists(promises.filter(condition)))

    def in_order(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        order: dict[str, tuple[Any, ...]] = {
            "new": ("-changed_on", "-id"),
            "replied": (F("replied_on").desc(nulls_last=True), "-id"),
            "number": (
                F("session__opens_on").desc(nulls_last=True),
                "session",
                Length("number"),
                "number",
                "id",
            ),
        }
        return queryset.order_by(*order[value])


class CommitmentFilter(PublicFilter):
    q = django_filters.CharFilter(method="find", max_length=WORDS_AT_MOST)
    state = django_filters.ChoiceFilter(
        method="in_state", choices=[("open", _("All that are open")), *LOOKS.items()]
    )
    session = django_filters.ChoiceFilter(method="of_session", choices=())
    department = django_filters.ChoiceFilter(method="of_department", choices=())
    part = django_filters.ChoiceFilter(
        method="with_part", choices=[("keeper", _("Keeps it")), ("supporter", _("Supports it"))]
    )
    due_from = django_filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")
    sort = django_filters.ChoiceFilter(
        method="in_order",
        choices=[
            ("new", _("Newest change first")),
            ("due", _("Earliest date first")),
            ("latest", _("Latest date first")),
        ],
    )

    class Meta:
        model = PublicCommitment
        fields: list[str] = []

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in words_of(value):
            found = Q(text__icontains=word) | Q(text__icontains=folded(word))
            queryset = queryset.filter(found)
        return queryset

    def of_session(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        assembly, key = value.split("/", 1)
        return queryset.filter(
            reply__proposal__session__assembly=assembly, reply__proposal__session__key=key
        )

    def of_department(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        keeps = Q(department=value)
        supports = Exists(PublicSupport.objects.filter(commitment=OuterRef("pk"), department=value))
        part = self.asked.get("part")
        if part == "keeper":
            return queryset.filter(keeps)
        return queryset.filter(supports if part == "supporter" else keeps | supports)

    def with_part(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        # The department's own part: already asked for above. Every promise has a keeper.
        if value == "keeper" or "department" in self.asked:
            return queryset
        return queryset.filter(Exists(PublicSupport.objects.filter(commitment=OuterRef("pk"))))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "open":
            return queryset.filter(state__in=OPEN_STATES)
        return queryset.filter(found_under(value, today=self.today))

    def in_order(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        order: dict[str, tuple[Any, ...]] = {
            "new": ("-changed_on", "name"),
            "due": (F("due_on").asc(nulls_last=True), "name"),
            "latest": (F("due_on").desc(nulls_last=True), "name"),
        }
        return queryset.order_by(*order[value])


class DeputyFilter(PublicFilter):
    q = django_filters.CharFilter(method="find", max_length=WORDS_AT_MOST)
    assembly = django_filters.ChoiceFilter(field_name="assembly_id", choices=())

    class Meta:
        model = PublicDeputy
        fields: list[str] = []

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        typed = folded(value).strip()
        found = Q(name__icontains=value) | Q(group__icontains=value)
        return queryset.filter(found | Q(name__icontains=typed) | Q(group__icontains=typed))
