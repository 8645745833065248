"""The table of rights in the admin: in the place of Django's permissions, for pages and their rows.

What somebody may not see answers as what does not exist: 404, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.db.models.options import Options
from django.http import Http404, HttpRequest, HttpResponse

from access.sight import Sighted, may_choose, person_of


class Gated:
    """What pages and the rows below them have in common: both ask the table, and nobody else."""

    opts: Options
    admin_site: admin.AdminSite

    def may(self, request: HttpRequest, right: str) -> bool:
        """Whether there can be a row with which the person may do that."""
        return person_of(request.user).may(self.opts.label_lower, right)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "view") or self.may(request, "change")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "change")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet:
        """What can be chosen, from the form as by a forged number: only what they may work with."""
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        related = db_field.remote_field.model
        if issubclass(related, Sighted):
            chosen = may_choose(request.user, db_field)
            return chosen if rows is None else rows.filter(pk__in=chosen.order_by().values("pk"))
        if related in self.admin_site._registry:
            page = self.admin_site.get_model_admin(related)
            found = page.get_queryset(request)
            return found if page.has_view_permission(request) else found.none()
        return related._default_manager.none()


class GatedPages(Gated):
    """The pages of one kind of row."""

    # Its address would tell whether a row exists.
    view_on_site: Any = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_view_permission(request, obj)
        return allowed and (obj is None or obj.pk is None or self._sees(request, obj))

    def _sees(self, request: HttpRequest, obj: Model) -> bool:
        return self.get_queryset(request).filter(pk=obj.pk).exists()  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Options, object_id: str
    ) -> HttpResponse:
        """Django leads to the index with a notice: the same answer for all, but not a 404."""
        raise Http404

    def check_saved(self, request: HttpRequest, saved: Iterable[Model], right: str) -> None:
        """After a form was saved: no row left what the person may do that with; or all is undone.

        The fields offer nothing else: so this answers forged forms alone.
        """
        by_kind: dict[type[Model], set[Any]] = {}
        for row in saved:
            if isinstance(row, Sighted):
                by_kind.setdefault(type(row), set()).add(row.pk)
        for kind, keys in by_kind.items():
            allowed = kind._default_manager.editable_by(request.user, right)  # type: ignore[attr-defined]
            if allowed.filter(pk__in=keys).count() < len(keys):
                raise Http404


class ChoicesWhileTyping(AutocompleteJsonView):
    """Django's, for the fields of forms alone, and with what they may choose there."""

    def process_request(self, request: HttpRequest) -> tuple[Any, ...]:
        term, model_admin, field, to_field_name = super().process_request(request)
        if not isinstance(field, ForeignKey | ManyToManyField):
            raise PermissionDenied
        # PostgreSQL refuses the sign that ends a string in C.
        return term.replace("\0", ""), model_admin, field, to_field_name

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if not issubclass(rows.model, Sighted):
            return rows
        chosen = may_choose(self.request.user, self.source_field)
        return rows.filter(pk__in=chosen.order_by().values("pk"))
