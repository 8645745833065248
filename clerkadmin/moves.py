"""A move, such as sending a letter: a button of the page and an action of the list.

Both lead to one page that shows what is about to happen, asks for the day and the reason, and does
it on POST by calling one method of the model. What the model refuses is shown as its message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ClerkAdmin
from clerkadmin.lookups import is_key

Choices = Sequence[tuple[str, "str | Promise"]]


@dataclass(frozen=True, kw_only=True)
class Move:
    """`run(row, on=, by=, [reason=], [choice=], [text=])` raises ValidationError if it cannot be.

    `text_of(row)` is the text that the move asks to be mended: it is then for one row at a time.
    `doubts(row)` says what may have been forgotten: it is shown, and the move stays possible.
    """

    name: str
    label: str | Promise
    explanation: str | Promise
    run: Callable[..., None]
    is_possible: Callable[[Any], bool]
    needs_reason: bool = False
    choices: Choices = ()
    text_of: Callable[[Any], str] | None = None
    doubts: Callable[[Any], Sequence[str | Promise]] = lambda row: ()


class MoveForm(forms.Form):
    """The day, and where the move asks for them a choice, a text and the reason."""

    on = forms.DateField(label=_("On"), widget=AdminDateWidget)
    choice = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("text"), strip=False, widget=forms.Textarea(attrs={"rows": 30, "cols": 90})
    )
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, move: Move, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.choices:
            self.fields["choice"].choices = move.choices  # type: ignore[attr-defined]
        else:
            del self.fields["choice"]
        if not move.text_of:
            del self.fields["text"]
        if not move.needs_reason:
            del self.fields["reason"]

    def clean_text(self) -> str:
        # A browser sends other line ends than it was given.
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return on


class MovesAdmin(ClerkAdmin):
    """Pages with moves: `moves` names them."""

    change_form_template = "clerkadmin/change_form.html"
    moves: Sequence[Move] = ()

    def get_urls(self) -> list[URLPattern]:
        move = path(
            "move/<slug:name>/",
            self.admin_site.admin_view(self.move_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_move",
        )
        return [move, *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if self.has_change_permission(request) and IS_POPUP_VAR not in request.GET:
            for move in (move for move in self.moves if not move.text_of):
                actions[move.name] = (partial(_ask, move=move), move.name, str(move.label))  # type: ignore[assignment]
        return actions

    def move_url(self, move: Move, keys: Sequence[Any]) -> str:
        address = reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_move",
            args=[move.name],
        )
        return f"{address}?{urlencode({'ids': ','.join(str(key) for key in keys)})}"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        possible = []
        if row is not None and self.has_change_permission(request, row):
            possible = [
                {"url": self.move_url(move, [row.pk]), "label": move.label}
                for move in self.moves
                if move.is_possible(row)
            ]
        context = {"moves": possible, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def move_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask, and on POST do it."""
        move = next((move for move in self.moves if move.name == name), None)
        if move is None:
            raise Http404
        rows = self._asked_for(request)
        data = request.POST if request.method == "POST" else None
        if move.text_of and len(rows) > 1:
            raise Http404
        initial = {"on": timezone.localdate(), "text": move.text_of and move.text_of(rows[0])}
        form = MoveForm(move, data, initial=initial)
        if form.is_valid():
            refusals = [self._do(request, move, row, form.cleaned_data) for row in rows]
            if not (len(rows) == 1 and refusals[0]):
                for row, refusal in zip(rows, refusals, strict=True):
                    if refusal:
                        self.message_user(request, f"{row}：{refusal}", messages.ERROR)
                return redirect(self._back(rows))
            # What was typed stays on the page.
            form.add_error(None, refusals[0])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": move.label,
            "move": move,
            "rows": [(row, move.doubts(row)) for row in rows],
            "form": form,
            "back": self._back(rows),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "clerkadmin/move.html", context)

    def _asked_for(self, request: HttpRequest) -> list[Model]:
        """The rows named in the address, of those that the person may change."""
        keys = [key for key in request.GET.get("ids", "").split(",") if is_key(key)]
        rows = list(self.get_queryset(request).filter(pk__in=keys[: self.list_per_page]))
        if not rows:
            raise Http404
        if not all(self.has_change_permission(request, row) for row in rows):
            raise PermissionDenied
        return rows

    def _do(self, request: HttpRequest, move: Move, row: Model, facts: dict[str, Any]) -> str:
        """One row; a refusal concerns that row alone and is answered in words."""
        try:
            with transaction.atomic():
                move.run(row, by=request.user, **facts)
        except ValidationError as error:
            return " ".join(error.messages)
        except IntegrityError:
            # The last guard: somebody else was quicker, or a rule that only the database knows.
            return str(_("The database refused this. Look at the page again."))
        self.log_change(request, row, str(move.label))
        done = _("%(row)s: %(move)s – done.") % {"row": row, "move": move.label}
        self.message_user(request, done, messages.SUCCESS)
        return ""

    def _back(self, rows: Sequence[Model]) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        if len(rows) == 1:
            return reverse(f"{name}_change", args=[rows[0].pk])
        return reverse(f"{name}_changelist")


def _ask(model_admin: MovesAdmin, request: HttpRequest, rows: Any, *, move: Move) -> HttpResponse:
    keys = rows.values_list("pk", flat=True)[: model_admin.list_per_page]
    return redirect(model_admin.move_url(move, list(keys)))
