"""A move, such as sending a letter: a button of the page and an action of the list.

Both lead to one page that shows what is about to happen, asks for what the move needs, and does it
on POST by calling one function. What the model refuses is shown as its message. A move that is
closed now is named below the buttons, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clerkadmin import drafts
from clerkadmin.base import ClerkAdmin
from clerkadmin.conflicts import Conflict, differences_since
from clerkadmin.forms import CHANGED_MEANWHILE, VersionField, version_in
from clerkadmin.history import MOVE
from clerkadmin.kept import answered_once, kept_context
from clerkadmin.lookups import is_key
from clerkadmin.recorded import Recorded, StaleError
from clerkadmin.refilling import typed_words

if TYPE_CHECKING:
    Page = ClerkAdmin
else:
    Page = object

# In the address of a move: where the person came from, and is led back to.
FROM, DESK = "from", "desk"


class MoveForm(forms.Form):
    """What a move asks for: the day at least. `rows` are those that it is about to be done with.

    A move that asks for more has a form of its own; its fields are handed to `run` by their names.
    """

    on = forms.DateField(label=_("On"), widget=AdminDateWidget)
    version = VersionField()

    # The fields that the row's page shows to this person, to tell what another has changed.
    told: Sequence[str] = ()
    conflict: Conflict | None = None

    def __init__(self, *args: Any, rows: Sequence[Any], user: Any, **kwargs: Any) -> None:
        self.rows, self.user = rows, user
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate
        if len(rows) == 1 and isinstance(rows[0], Recorded):
            self.fields["version"].initial = rows[0].version
        else:
            self.fields.pop("version")

    def facts(self) -> dict[str, Any]:
        """What was asked for, as `run` takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def compare(self) -> None:
        """Whether the row is still what was decided about: once it was told, it may be."""
        seen = version_in(self.data.get(self.add_prefix("version")))
        if not self.is_bound or "version" not in self.fields or not seen:
            return
        row = self.rows[0]
        if seen == row.version:
            return
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        self.data = data
        data[self.add_prefix("version")] = str(row.version)
        found = differences_since(row, seen, self.told)
        for difference in found:
            if difference.name in self.fields and difference.name == "text":
                difference.mine = typed_words(self[difference.name])
        if found:
            self.conflict = Conflict(row, found)
            self.add_error(None, ValidationError(CHANGED_MEANWHILE, code="conflict"))

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return on


class ReasonForm(MoveForm):
    """A move with its reason in writing."""

    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 4}))


class TextForm(MoveForm):
    """A move that takes a whole text; `text_of` is what stands there before."""

    text = forms.CharField(
        label=_("text"), strip=False, widget=forms.Textarea(attrs={"rows": 30, "cols": 90})
    )

    def text_of(self, row: Any) -> str:
        return str(row.text)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) == 1:
            self.fields["text"].initial = self.text_of(self.rows[0])

    def clean_text(self) -> str:
        # A browser sends other line ends than it was given.
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


@dataclass(frozen=True, kw_only=True)
class Move:
    """`run(row, on=, by=, **what its form asks for)` raises ValidationError if it cannot be.

    `guard(row)` says why the move is closed now, in a clerk's words; empty: it is open.
    `doubts(row)` says what may have been forgotten: it is shown, and the move stays possible.
    `is_shown(row)` is False where the move means nothing for the row: not even its guard is told.
    Who may do it is in the table of rights, under the move's name.
    """

    name: str
    label: str | Promise
    explanation: str | Promise
    run: Callable[..., Any]
    guard: Callable[[Any], str | Promise] = lambda row: ""
    form: type[MoveForm] = MoveForm
    is_shown: Callable[[Any], bool] = lambda row: True
    doubts: Callable[[Any], Sequence[str | Promise]] = lambda row: ()
    # For one row at a time: what it asks for is about that row alone.
    is_single: bool = False


class WithMoves(Page):
    """What pages with moves have: `moves` names them, `rows_for` says with which rows."""

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
        """The moves that somebody in that role can make with several rows at once."""
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        for move in self.moves:
            if not move.is_single and self.may(request, move.name):
                ask: Any = partial(_ask, move=move)
                actions[move.name] = (ask, move.name, str(move.label))
        return actions

    def move_url(self, move: Move, keys: Sequence[object]) -> str:
        """The page that asks before it is done."""
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_move"
        address = reverse(name, args=[move.name])
        return f"{address}?{urlencode({'ids': ','.join(str(key) for key in keys)})}"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**self._offer(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _offer(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """The moves of the page: those open now, and those closed with the reason."""
        possible, closed = [], []
        row: Any = self.get_object(request, object_id)
        for move in self.moves if row is not None else ():
            if not self.may(request, move.name) or not move.is_shown(row):
                continue
            if not self.rows_for(request, move.name).filter(pk=row.pk).exists():
                continue
            why = move.guard(row)
            if why:
                closed.append({"label": move.label, "why": why})
            else:
                possible.append({"url": self.move_url(move, [row.pk]), "label": move.label})
        return {"moves": possible, "closed_moves": closed}

    def move_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask, and on POST do it: once, however often the button is pressed."""
        move = next((move for move in self.moves if move.name == name), None)
        if move is None:
            raise Http404
        if request.method == "POST":
            return answered_once(request, lambda: self._answer(request, move))
        draft = None
        if drafts.DRAFT in request.GET:
            draft = drafts.find(request.user, drafts.path_of(request))
        return self._answer(request, move, draft=draft)

    def _answer(self, request: HttpRequest, move: Move, *, draft: Any = None) -> HttpResponse:
        rows = self._asked_for(request, move)
        data: tuple[Any, Any] = (None, None)
        if request.method == "POST":
            data = (request.POST, request.FILES)
        elif draft is not None:
            data = (drafts.as_sent(draft), None)
        form = move.form(*data, rows=rows, user=request.user)
        form.told = flatten_fieldsets(self.get_fieldsets(request, rows[0]))
        if request.method == "POST" and self._is_ready(form):
            facts, is_alone = form.facts(), len(rows) == 1
            self._hold_above(rows)
            refusals = [self._do(request, move, row, facts, is_alone=is_alone) for row in rows]
            request.was_saved = not all(refusals)  # type: ignore[attr-defined]
            if not (len(rows) == 1 and refusals[0]):
                for row, refusal in zip(rows, refusals, strict=True):
                    if refusal:
                        self.message_user(request, f"{row}{_(': ')}{refusal}", messages.ERROR)
                return redirect(self._back(request, rows))
            # What was typed stays on the page.
            form.add_error(None, refusals[0])
        context = {
            **self.admin_site.each_context(request),
            **kept_context(request),
            "taken_up": draft,
            "opts": self.opts,
            "title": move.label,
            "move": move,
            "rows": [
                (row, move.guard(row), move.doubts(row), above)
                for row, above in zip(rows, _above(rows, request.user), strict=True)
            ],
            "form": form,
            "back": self._back(request, rows),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "clerkadmin/move.html", context)

    def _is_ready(self, form: MoveForm) -> bool:
        """Filled in, and the row still as it was when the page was opened."""
        if form.is_valid():
            form.compare()
        return form.is_valid()

    def keys_chosen(self, request: HttpRequest, rows: QuerySet) -> list[Any]:
        """The keys of what was chosen in the list: as many as are done at once, which is said."""
        keys = list(rows.values_list("pk", flat=True)[: self.list_per_page + 1])
        if len(keys) > self.list_per_page:
            said = _("No more than %(most)d at a time: these are the first.")
            self.message_user(request, said % {"most": self.list_per_page}, messages.WARNING)
        return keys[: self.list_per_page]

    def rows_named(self, request: HttpRequest, right: str) -> QuerySet:
        """The rows named in the address, of those with which the person may do that."""
        keys = [key for key in request.GET.get("ids", "").split(",") if is_key(key)]
        return self.rows_for(request, right).filter(pk__in=keys[: self.list_per_page])

    def _asked_for(self, request: HttpRequest, move: Move) -> list[Model]:
        """The rows named in the address, of those with which the person may do it; or 404."""
        # In one order for everybody: two who move the same rows never wait for each other.
        rows = list(self.rows_named(request, move.name).order_by("pk"))
        if not rows or (move.is_single and len(rows) > 1):
            raise Http404
        return rows

    def _do(
        self,
        request: HttpRequest,
        move: Move,
        row: Model,
        facts: dict[str, Any],
        *,
        is_alone: bool,
    ) -> str:
        """One row; a refusal concerns that row alone and is answered in words."""
        try:
            with transaction.atomic():
                if is_alone:
                    self._hold(row)
                row._change_reason = f"{MOVE}{move.name}"  # type: ignore[attr-defined]
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

    def _hold_above(self, rows: Sequence[Model]) -> None:
        """Lock what moves of these rows lock first, in one order for everybody."""
        above = {one for row in rows if isinstance(row, Recorded) for one in row.above()}
        for kind in {type(one) for one in above}:
            keys = [one.pk for one in above if isinstance(one, kind)]
            locked = kind._base_manager.filter(pk__in=keys).select_for_update(no_key=True)
            list(locked.order_by("pk").values_list("pk"))

    def _hold(self, row: Model) -> None:
        """Keep the row from others until the move is done: it is what was decided about."""
        if not isinstance(row, Recorded):
            return
        rows = type(row)._base_manager.filter(pk=row.pk).select_for_update(no_key=True)
        if list(rows.values_list("version", flat=True)) != [row.version]:
            raise StaleError

    def _back(self, request: HttpRequest, rows: Sequence[Model]) -> str:
        """The desk, for who came from it; the row's page, where the row is still seen; the list."""
        if request.GET.get(FROM) == DESK:
            return reverse(f"{self.admin_site.name}:index")
        if len(rows) == 1 and self.get_queryset(request).filter(pk=rows[0].pk).exists():
            return _page(rows[0])
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        return reverse(f"{name}_changelist")


class MovesAdmin(WithMoves, ClerkAdmin):
    """Pages with moves, of rows behind the gate."""


def _ask(model_admin: WithMoves, request: HttpRequest, rows: Any, *, move: Move) -> HttpResponse:
    return redirect(model_admin.move_url(move, model_admin.keys_chosen(request, rows)))


def _above(rows: Sequence[Any], user: Any) -> list[list[tuple[Any, str]]]:
    """What each row belongs to, such as a part to its proposal, of what the person may see.

    Each with the address of its page.
    """
    above = [list(row.above()) if isinstance(row, Recorded) else [] for row in rows]
    seen: dict[type[Any], set[Any]] = {}
    kinds: set[Any] = {type(one) for found in above for one in found}
    for kind in kinds:
        keys = [one.pk for found in above for one in found if isinstance(one, kind)]
        shown = kind._default_manager.visible_to(user).filter(pk__in=keys).order_by()
        seen[kind] = set(shown.values_list("pk", flat=True))
    return [[(one, _page(one)) for one in found if one.pk in seen[type(one)]] for found in above]


def _page(row: Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])
