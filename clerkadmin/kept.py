"""Pages whose forms lose nothing: sent once, compared with what others wrote, kept as drafts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, models
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clerkadmin import drafts
from clerkadmin.forms import LongTextField, OnView
from clerkadmin.recorded import Recorded, StaleError
from clerkadmin.tokens import FORM_OF, form_marks, hand_in, is_a_form, is_form_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.options import InlineModelAdmin

    Page = ModelAdmin
    Below = InlineModelAdmin
else:
    Page = Below = object

# Somebody else was quicker: the second look at the row tells what they did.
OVERTAKEN = (StaleError, IntegrityError, OperationalError)


def kept_context(request: HttpRequest) -> dict[str, Any]:
    """What the templates of such a page need: the form's marks, and a draft to be taken up."""
    path = drafts.path_of(request)
    is_open = request.method == "GET" and drafts.DRAFT not in request.GET
    return {
        "form_marks": form_marks(request.user),
        "autosave_path": path,
        "draft": drafts.find(request.user, path) if is_open else None,
        "draft_url": drafts.with_draft(path),
    }


def keep_for_later(request: HttpRequest) -> bool:
    """Keep what was sent as a draft, where it came from a form of that account."""
    is_own = is_a_form(request.POST) and is_form_of(request.POST.get(FORM_OF, ""), request.user)
    path, fields = drafts.path_of(request), drafts.typed_in(request.POST)
    return is_own and drafts.keep(request.user, path, fields) is not None


def answered_once(request: HttpRequest, do: Any) -> HttpResponse:
    """Answer a POST by `do`: once for its token, and again where somebody else was quicker."""
    for _attempt in range(2):
        try:
            return hand_in(request, do)
        except OVERTAKEN:
            continue
        except (PermissionDenied, Http404):
            # Open when the form was filled, closed now: what was typed is not thrown away.
            if not keep_for_later(request):
                raise
            said = _("This page is closed for you now, nothing was saved. What you typed is here.")
            messages.warning(request, said)
            return redirect(reverse("admin:drafts"))
    keep_for_later(request)
    said = _("Somebody has just entered the same: nothing was saved. What you typed is kept.")
    messages.error(request, said)
    path = drafts.path_of(request)
    has_draft = drafts.find(request.user, path) is not None
    return redirect(drafts.with_draft(path) if has_draft else request.get_full_path())


class KeepsForms(Page):
    """A page of the admin whose form loses nothing."""

    change_form_template = "clerkadmin/change_form.html"
    formfield_overrides = {models.TextField: {"form_class": LongTextField}}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**kept_context(request), **(extra_context or {})}
        if request.method == "POST":
            view = super().changeform_view
            return answered_once(request, lambda: view(request, object_id, form_url, context))
        draft = self._asked_draft(request)
        if draft is None:
            return super().changeform_view(request, object_id, form_url, context)
        return self._shown(request, draft, object_id, form_url, context)

    def _asked_draft(self, request: HttpRequest) -> Any:
        is_asked = request.method == "GET" and drafts.DRAFT in request.GET
        return drafts.find(request.user, drafts.path_of(request)) if is_asked else None

    def _shown(
        self,
        request: HttpRequest,
        draft: Any,
        object_id: str | None,
        form_url: str,
        context: dict[str, Any],
    ) -> HttpResponse:
        """The page as if the draft had just been sent, but neither checked nor saved."""
        request.is_draft_on_view = True  # type: ignore[attr-defined]
        request.method, request.POST = "POST", drafts.as_sent(draft)  # type: ignore[misc,assignment]
        # Asked for, Django would read both anew from the request, which has neither.
        request._files = MultiValueDict()  # type: ignore[attr-defined]
        context = {**context, "taken_up": draft}
        try:
            return self._changeform_view(request, object_id, form_url, context)  # type: ignore[attr-defined]
        except PermissionDenied:
            return redirect(reverse("admin:drafts"))
        finally:
            request.method = "GET"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if not issubclass(form, OnView):
            # Django's own, of accounts: it too is filled with a draft without being saved.
            form = type(form.__name__, (OnView, form), {})
        _prepare(form, request, kwargs.get("fields") or ())
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _without_version(super().get_fields(request, obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A row that nothing changes is not written: its version is about what changed."""
        is_same = change and isinstance(obj, Recorded) and getattr(form, "is_unchanged", bool)()
        if not is_same:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        request.was_saved = True  # type: ignore[attr-defined]


def _without_version(names: Iterable[Any]) -> list[Any]:
    """Django lists every field of the form where a page names none: this one is not shown."""
    return [name for name in names if name != "version"]


def _prepare(form: Any, request: HttpRequest, told: Any) -> None:
    """The class was made for this request alone: it can be told what the page is about."""
    form.told = tuple(told)
    form.is_on_view = getattr(request, "is_draft_on_view", False)


class KeepsRows(Below):
    """Rows below a page's own: each with its version, none lost that another has deleted."""

    formfield_overrides = {models.TextField: {"form_class": LongTextField}}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _without_version(super().get_fields(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        if issubclass(self.model, Recorded) and self.has_change_permission(request, obj):
            name, options = fieldsets[-1]
            fieldsets[-1] = (name, {**options, "fields": [*options["fields"], "version"]})
        return fieldsets

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        # The version is a field of the form alone: Django refuses it as one of the row.
        fields = kwargs.pop("fields", [name for name in shown if name != "version"])
        formset = super().get_formset(request, obj, fields=fields, **kwargs)
        _prepare(formset.form, request, shown)
        return type(formset.__name__, (_KeptRows, formset), {})


class _KeptRows(BaseInlineFormSet):
    """Of a row that another has deleted, what was typed is offered as a new row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brought_back = 0
        if self.is_bound:
            self._bring_back()

    def _bring_back(self) -> None:
        total, initial = self._count("TOTAL_FORMS"), self._count("INITIAL_FORMS")
        if not 0 < initial <= total <= self.absolute_max:
            return
        there = {str(row.pk) for row in self.get_queryset()}
        model: Any = self.model
        key = model._meta.pk.name
        gone = [
            n
            for n in range(initial)
            if self.data.get(f"{self.prefix}-{n}-{key}", "").isdecimal()
            and self.data[f"{self.prefix}-{n}-{key}"] not in there
        ]
        if not gone:
            return
        # What both wanted gone is gone.
        wanted = [n for n in gone if f"{self.prefix}-{n}-DELETE" not in self.data]
        stay = [n for n in range(total) if n not in gone]
        rows = [self._row(n) for n in stay] + [
            {**self._row(n), key: [""], "version": [""]} for n in wanted
        ]
        self.data = self._renumbered(rows, initial=initial - len(gone))
        self.brought_back = len(wanted)

    def _count(self, name: str) -> int:
        text = self.data.get(f"{self.prefix}-{name}", "")
        return int(text) if text.isdecimal() and len(text) < 6 else 0

    def _row(self, number: int) -> dict[str, list[str]]:
        start = f"{self.prefix}-{number}-"
        data: Any = self.data
        return {
            name.removeprefix(start): values
            for name, values in data.lists()
            if name.startswith(start)
        }

    def _renumbered(self, rows: list[dict[str, list[str]]], *, initial: int) -> Any:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        start = f"{self.prefix}-"
        for name in list(data):
            if name.startswith(start) and name.removeprefix(start).partition("-")[0].isdecimal():
                del data[name]
        for number, row in enumerate(rows):
            for name, values in row.items():
                data.setlist(f"{self.prefix}-{number}-{name}", values)
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(initial)
        return data

    def clean(self) -> None:
        super().clean()
        if self.brought_back:
            raise ValidationError(
                ngettext(
                    "Somebody else has deleted a row meanwhile. What you typed in it stands below "
                    "as a new row: save again to enter it, or empty it.",
                    "Somebody else has deleted rows meanwhile. What you typed in them stands below "
                    "as new rows: save again to enter them, or empty them.",
                    self.brought_back,
                )
            )
