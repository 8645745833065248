"""The history of a row: who changed what and when, before and after; scoped like the row's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clerkadmin.conflicts import name_of
from clerkadmin.lookups import is_key
from clerkadmin.recorded import Recorded
from clerkadmin.states import Names, State, label_of, said, states_of, told_fields
from clerkadmin.texts import Piece, compare

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin
else:
    Base = object

A_PAGE = 20
# Written by a move into the record's reason, so that the history calls it by its label.
MOVE = "move:"


@dataclass(frozen=True)
class FieldChange:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Entry:
    """One time that somebody wrote the row."""

    who: str
    when: datetime
    what: str
    changes: list[FieldChange]


class TellsHistory(Base):
    """A page's own history, in the fields that the page shows to this person."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if not isinstance(row, Recorded):
            return super().history_view(request, object_id, extra_context)
        entries, following = self._entries(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "opts": self.opts,
            "row": row,
            "entries": entries,
            "following": following,
            "is_first": "before" not in request.GET,
            "media": self.media,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "clerkadmin/history.html", context)

    def _entries(self, request: HttpRequest, row: Recorded) -> tuple[list[Entry], int | None]:
        """A page of entries, the newest first, and where the next page begins."""
        shown = flatten_fieldsets(self.get_fieldsets(request, row))
        fields = told_fields(type(row), shown)
        records = self._records(request, row)
        states = states_of(records, fields)
        names = Names()
        for state in states:
            for field in fields:
                names.want(field, state[field.name])
        entries = []
        for place, record in enumerate(records[:A_PAGE]):
            before = states[place + 1] if place + 1 < len(states) else None
            changes = _changes(fields, before, states[place], names)
            what = self._called(record)
            if changes or what:
                entries.append(
                    Entry(name_of(record.history_user), record.history_date, what, changes)
                )
        has_more = len(records) > A_PAGE
        return entries, records[A_PAGE - 1].history_id if has_more else None

    def _records(self, request: HttpRequest, row: Recorded) -> list[Any]:
        """One more than a page: the state before the oldest entry."""
        records = row.told_history().select_related("history_user")
        before = request.GET.get("before", "")
        if is_key(before):
            records = records.filter(history_id__lt=before)
        return list(records.order_by("-history_id")[: A_PAGE + 1])

    def _called(self, record: Any) -> str:
        reason = record.history_change_reason or ""
        if reason.startswith(MOVE):
            name = reason.removeprefix(MOVE)
            moves = getattr(self, "moves", ())
            return next((str(move.label) for move in moves if move.name == name), "")
        return _("Entered") if record.history_type == "+" else ""


def _changes(
    fields: Sequence[models.Field], before: State | None, after: State, names: Names
) -> list[FieldChange]:
    """What a record changed; of the first all that was entered."""
    found = []
    for field in fields:
        new = after[field.name]
        old = before[field.name] if before is not None else None
        if old == new or (before is None and new in (None, "", [])):
            continue
        was = said(field, old, names) if before is not None else ""
        found.append(FieldChange(label_of(field), compare(was, said(field, new, names))))
    return found
