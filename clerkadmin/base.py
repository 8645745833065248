"""The classes that every page of the admin is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst, smart_split, unescape_string_literal

from clerkadmin.changes import changes_of_form, changes_of_formset, tell
from clerkadmin.exports import ExportsList
from clerkadmin.forms import ClerkForm
from clerkadmin.gate import Gated, GatedPages
from clerkadmin.history import TellsHistory
from clerkadmin.kept import KeepsForms, KeepsRows
from clerkadmin.lookups import allowed_lookups
from clerkadmin.paging import CappedPaginator

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    Page = admin.ModelAdmin
else:
    Page = object


def _joined(rows: QuerySet, paths: bool | Sequence[str]) -> QuerySet:
    return rows.select_related(*paths) if isinstance(paths, (list, tuple)) and paths else rows


def _unquoted(word: str) -> str:
    is_quoted = len(word) > 1 and word[0] in "\"'" and word[0] == word[-1]
    return unescape_string_literal(word) if is_quoted else word


class Headed(Page):
    """A list is headed by what it lists, and a page by what it shows: no more is to be said."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        if not found.is_popup:
            found.title = capfirst(str(self.opts.verbose_name_plural))
        return found

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if change and not context.get("is_popup"):
            context["title"] = capfirst(self.opts.verbose_name)
        return super().render_change_form(request, context, add, change, form_url, obj)


class ClerkAdmin(Headed, KeepsForms, TellsHistory, GatedPages, ExportsList, admin.ModelAdmin):
    """Nothing is deleted, no list counts all rows, no address filters by what is not shown."""

    form = ClerkForm
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Joined wherever rows are fetched: lists, choices while typing, the page itself.
    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = ()
    # Long texts, fetched only where they are shown.
    heavy_fields: Sequence[str] = ()
    # What a word of a search may mean beyond the search fields, such as a number as printed.
    word_readers: Sequence[Callable[[str], Q]] = ()

    # Who did it, filled in and not asked for: {field for the account: the field that it signs}.
    signed_fields: Mapping[str, str] = {}

    class Media:
        css = {"all": ["clerkadmin.css"]}
        js = ["clerkadmin.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.seen(request).defer(*self.heavy_fields)
        return _joined(rows, self.list_select_related)

    def seen(self, request: HttpRequest) -> QuerySet:
        """What the person may see: lists, choices while typing and pages begin from here."""
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]

    def rows_for(self, request: HttpRequest, right: str) -> QuerySet:
        """The rows with which the person may do that: a move by its name."""
        rows = super().get_queryset(request).editable_by(request.user, right)  # type: ignore[attr-defined]
        return _joined(rows.defer(*self.heavy_fields), self.list_select_related)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if allowed and obj is not None and obj.pk is not None:
            return self.rows_for(request, "change").filter(pk=obj.pk).exists()
        return allowed

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Every word must be found: in a search field, or by one of the readers."""
        if not self.word_readers:
            return super().get_search_results(request, queryset, search_term)
        may_repeat = False
        for word in smart_split(search_term):
            found, repeats = super().get_search_results(request, queryset, word)
            for read in self.word_readers:
                meant = read(_unquoted(word))
                if meant:
                    found |= queryset.filter(meant)
            queryset, may_repeat = found, may_repeat or repeats
        return queryset, may_repeat

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *self.signed_fields]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        for account, signed in self.signed_fields.items():
            if signed in form.changed_data:
                setattr(obj, account, request.user)
        super().save_model(request, obj, form, change)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        filters = self.get_list_filter(request) if request else self.list_filter
        return lookup in allowed_lookups(self.model, filters)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The last step of saving: tell what was changed, the rows below included."""
        super().save_related(request, form, formsets, change)
        self.check_saved(request, [form.instance], "change" if change else "add")
        for formset in formsets:
            self.check_saved(request, formset.new_objects, "add")
            self.check_saved(request, [row for row, _fields in formset.changed_objects], "change")
        changes = changes_of_form(form, is_change=change)
        for formset in formsets:
            changes += changes_of_formset(formset)
        if changes:
            tell(changes, cast("AbstractBaseUser", request.user))


class ReadOnlyAdmin(ClerkAdmin):
    """Rows that the application writes: they can be looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ClerkInline(KeepsRows, Gated, admin.TabularInline):
    """Rows below a page's own. They stay unless `can_delete` is set."""

    form = ClerkForm
    extra = 0
    can_delete = False
    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]
        return _joined(rows, self.list_select_related)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.can_delete and self.may(request, "delete")


class AppendOnlyInline(ClerkInline):
    """Rows that are added and then stay as they are."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(AppendOnlyInline):
    """Rows written elsewhere, shown with a link to their own page where there is one."""

    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
