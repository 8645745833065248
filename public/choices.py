"""What the filters offer: only what occurs in published rows, read in one query."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from .models import PublicAssembly, PublicDepartment, PublicProposal, PublicSession

Choices = list[tuple[str, str]]


def _rows(kind: str, queryset: QuerySet[Any], value: Any, label: Any, rank: Any) -> QuerySet[Any]:
    text = CharField()
    return queryset.order_by().values_list(
        Value(kind, output_field=text),
        Cast(value, text),
        Cast(label, text),
        Cast(rank, text),
    )


def filter_choices() -> dict[str, Choices]:
    """The choices of assembly, session, department, topic and category, as (value, label)."""
    sessions = PublicSession.objects.all()
    topics = PublicProposal.objects.exclude(topic="")
    categories = PublicProposal.objects.exclude(category="")
    departments = PublicDepartment.objects.all()
    rows = _rows("assembly", PublicAssembly.objects.all(), F("slug"), F("name"), Value("")).union(
        _rows(
            "session",
            sessions,
            Concat("assembly_id", Value("/"), "key", output_field=CharField()),
            F("label"),
            F("opens_on"),
        ),
        _rows("topic", topics.distinct(), F("topic"), F("topic"), Value("")),
        _rows("category", categories.distinct(), F("category"), F("category"), Value("")),
        _rows("department", departments, F("slug"), F("short_name"), Value("")),
        all=True,
    )
    found: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for kind, value, label, rank in rows:
        found[kind].append((rank or "", value, label))
    choices = {
        kind: [(value, label) for _rank, value, label in sorted(found[kind])]
        for kind in ("assembly", "session", "topic", "category", "department")
    }
    choices["session"].reverse()
    choices["department"].sort(key=lambda choice: choice[1])
    return choices
