"""The deputies' invitations and the alarms of ratings, as the deputies' office works with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import inviting
from accounts.invitation_office import A_PAGE, choose_page, renew_page
from accounts.models import Invitation, RatingAlarm
from accounts.models.invitation import InvitationState
from clerkadmin.base import ReadOnlyAdmin
from clerkadmin.moves import Move, MoveForm, MovesAdmin

CANCEL = Move(
    name="cancel",
    label=_("Cancel the invitation"),
    explanation=_(
        "The link does not work any more, wherever it is. The deputy can be invited anew."
    ),
    run=lambda invitation, **_facts: inviting.cancel(invitation),
    guard=Invitation.why_not_cancel,
    is_shown=lambda invitation: invitation.state != InvitationState.USED,
)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, state.label) for state in InvitationState]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        state = self.value()
        if state not in InvitationState.values:
            return queryset
        rows: Any = queryset
        return rows.in_state(state, at=timezone.now())  # type: ignore[no-any-return]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin, MovesAdmin):
    """Deputies are invited here; what they do with it is theirs."""

    moves = [CANCEL]
    actions = ["renew"]
    # A congress begins with hundreds.
    list_per_page = list_max_show_all = A_PAGE
    list_display = [
        "deputy",
        "group",
        "email",
        "standing",
        "invited_at",
        "expires_at",
        "inviter",
    ]
    list_filter = [StateFilter]
    list_select_related = ["deputy", "deputy__assembly", "invited_by"]
    search_fields = ["deputy__name", "deputy__delegation", "deputy__sector"]
    ordering = ["-invited_at", "-pk"]
    fields = [
        "deputy",
        "email",
        "standing",
        "invited_at",
        "invited_by",
        "expires_at",
        "used_at",
        "cancelled_at",
    ]

    @admin.display(description=_("state"))
    def standing(self, invitation: Invitation) -> Any:
        return invitation.state.label

    @admin.display(description=_("invited by"), ordering="invited_by")
    def inviter(self, invitation: Invitation) -> str:
        person = invitation.invited_by
        return person.get_full_name() or person.get_username()

    @admin.display(description=_("delegation or sector"))
    def group(self, invitation: Invitation) -> str:
        return invitation.deputy.group

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["standing"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    def get_urls(self) -> list[URLPattern]:
        renew = path(
            "renew/",
            self.admin_site.admin_view(self.renew_view),
            name="accounts_invitation_renew",
        )
        return [renew, *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Whom to invite; the links that no mail carries are shown on the answer, once."""
        if not self.has_add_permission(request):
            raise Http404
        return choose_page(self, request)

    def has_renew_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "renew")

    @admin.action(description=_("Renew the invitation"), permissions=["renew"])
    def renew(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        return redirect(self._renew_url(self.keys_chosen(request, rows)))

    def renew_view(self, request: HttpRequest) -> HttpResponse:
        """Other links, in the place of those that were lost or have run out."""
        return renew_page(self, request)

    def _renew_url(self, keys: Iterable[int]) -> str:
        query = urlencode({"ids": ",".join(map(str, keys))})
        return f"{reverse('admin:accounts_invitation_renew')}?{query}"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"page_links": self._links(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _links(self, request: HttpRequest, object_id: str) -> list[dict[str, Any]]:
        invitation = self.get_object(request, object_id)
        if invitation is None or not self.may(request, "renew") or invitation.why_not_renew():
            return []
        return [{"url": self._renew_url([invitation.pk]), "label": _("Renew the invitation")}]


class OutcomeForm(MoveForm):
    outcome = forms.CharField(
        label=_("what came of it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whom you asked, and what they said: did the deputy rate freely?"),
    )


SETTLE = Move(
    name="settle",
    label=_("Settle the alarm"),
    explanation=_(
        "Ask the deputy, without the department, whether the rating is their own. "
        "The rating stays as it is; what came of it stands here."
    ),
    run=RatingAlarm.settle,
    guard=RatingAlarm.why_not_settle,
    is_shown=lambda alarm: alarm.settled_on is None,
    form=OutcomeForm,
    is_single=True,
)


class SettledFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Not settled yet")), ("yes", _("Settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(settled_on__isnull=self.value() == "no")


@admin.register(RatingAlarm)
class RatingAlarmAdmin(ReadOnlyAdmin, MovesAdmin):
    """For who can look into it: the deputies' office and the supervisor, never a department."""

    moves = [SETTLE]
    list_display = ["raised_at", "deputy", "about", "clerk", "settled_on", "settled_by"]
    list_filter = [SettledFilter]
    list_select_related = [
        "account",
        "clerk",
        "settled_by",
        "feedback__deputy",
        "feedback__reply__proposal",
        "commitment_feedback__deputy",
        "commitment_feedback__commitment__reply__proposal",
    ]
    heavy_fields = [
        f"{path}__{name}"
        for path in ("feedback__reply", "commitment_feedback__commitment__reply")
        for name in ("text", "abstract", "reading", "proposal__reason", "proposal__request")
    ]
    search_fields = ["account__deputy__name"]
    ordering = ["-raised_at", "-pk"]
    fieldsets = [
        (None, {"fields": ["raised_at", "deputy", "about", "rating", "account", "clerk"]}),
        (_("What came of it"), {"fields": ["settled_on", "settled_by", "outcome"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["deputy", "about", "rating"]

    @admin.display(description=_("deputy"))
    def deputy(self, alarm: RatingAlarm) -> str:
        return str(alarm.rating.deputy)

    @admin.display(description=_("proposal"))
    def about(self, alarm: RatingAlarm) -> str:
        return str(alarm.proposal)

    @admin.display(description=_("what was rated"))
    def rating(self, alarm: RatingAlarm) -> str:
        return str(alarm.feedback.reply if alarm.feedback else alarm.commitment_feedback.commitment)  # type: ignore[union-attr]
