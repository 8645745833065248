"""What the filters offer: only what occurs in published rows, read in one query."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Cast, Concat

from .models import PublicAssembly, PublicDepartment, PublicProposal, PublicSession

Choices = list[tuple[str, str]]


def _rows(
    kind: str, queryset: QuerySet[Any], value: Any, label: Any, *, rank: Any, full: Any
) -> QuerySet[Any]:
    text = CharField()
    return queryset.order_by().values_list(
        Value(kind, output_field=text),
        Cast(value, text),
        Cast(label, text),
        Cast(rank, text),
        Cast(full, text),
    )


def filter_choices() -> dict[str, Choices]:
    """The choices of assembly, session, department, topic and category, as (value, label)."""
    sessions = PublicSession.objects.all()
    topics = PublicProposal.objects.exclude(topic="")
    categories = PublicProposal.objects.exclude(category="")
    departments = PublicDepartment.objects.all()
    session_key = Concat("assembly_id", Value("/"), "key", output_field=CharField())
    # 省人大十三届六次会议 in full: 福建省人民代表大会十三届六次会议.
    session_in_full = Func(
        "label",
        "assembly__short_name",
        "assembly__name",
        function="REPLACE",
        output_field=CharField(),
    )
    none = Value("")
    rows = _rows(
        "assembly", PublicAssembly.objects.all(), F("slug"), F("name"), rank=none, full=none
    ).union(
        _rows(
            "session", sessions, session_key, F("label"), rank=F("opens_on"), full=session_in_full
        ),
        _rows("topic", topics.distinct(), F("topic"), F("topic"), rank=none, full=none),
        _rows(
            "category", categories.distinct(), F("category"), F("category"), rank=none, full=none
        ),
        _rows(
            "department",
            departments,
            F("slug"),
            F("short_name"),
            rank=F("sort_key"),
            full=F("name"),
        ),
        all=True,
    )
    found: defaultdict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for kind, value, label, rank, full in rows:
        found[kind].append((rank or "", value, label, full))
    choices = {
        kind: _told_apart(sorted(found[kind]))
        for kind in ("assembly", "session", "topic", "category", "department")
    }
    choices["session"].reverse()
    return choices


def _told_apart(rows: list[tuple[str, str, str, str]]) -> Choices:
    """The choices by their short labels, and by the full ones where a short label occurs twice."""
    times = Counter(label for _rank, _value, label, _full in rows)
    return [
        (value, full if full and times[label] > 1 else label) for _rank, value, label, full in rows
    ]
