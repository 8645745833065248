"""The page of what somebody has typed and not saved, and the address where drafts are kept."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access.sight import Sighted
from clerkadmin import drafts
from clerkadmin.lookups import is_key
from clerkadmin.models import FormDraft
from clerkadmin.tokens import TOKEN, is_spent


@require_http_methods(["GET", "HEAD", "POST"])
def drafts_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """GET: the own drafts. POST: keep one (`_draft_of`), or forget it (`_discard`)."""
    if request.method == "POST":
        return _discarded(request) if "_discard" in request.POST else _kept(request)
    own = FormDraft.objects.filter(user=request.user.pk).order_by("-saved_at")
    shown = [
        (draft, _page_of(draft), drafts.with_draft(draft.path), drafts.words(draft))
        for draft in own
    ]
    context = {**context, "title": _("Typed and not saved"), "drafts": shown}
    return TemplateResponse(request, "clerkadmin/drafts.html", context)


def _page_of(draft: FormDraft) -> str:
    """Which page it was typed on: what kind of row it shows, and the row where there is one."""
    path, _mark, query = draft.path.partition("?")
    try:
        match = resolve(path)
        app, model_name, *_rest = f"{match.url_name}__".split("_")
        model: Any = apps.get_model(app, model_name)
    except (Resolver404, LookupError):
        return ""
    kind = str(capfirst(str(model._meta.verbose_name)))
    key = match.kwargs.get("object_id") or query.removeprefix("ids=")
    if not is_key(key) or not issubclass(model, Sighted):
        return kind
    row = model._default_manager.visible_to(draft.user).filter(pk=key).first()
    return f"{kind} · {row}" if row else kind


def _kept(request: HttpRequest) -> JsonResponse:
    """Called by clerkadmin.js; what it says stands beside the form."""
    if is_spent(request.POST.get(TOKEN, "")):
        # On its way while the form itself was saved.
        return JsonResponse({"said": ""})
    path = request.POST.get("_draft_of", "")
    draft = drafts.keep(request.user, path, drafts.typed_in(request.POST))
    if draft is None:
        said = _("Not kept: this is too long for a draft. Save it.")
        return JsonResponse({"said": said}, status=413)
    at = time_format(localtime(draft.saved_at), "H:i")
    return JsonResponse({"said": _("Draft kept at %s, not saved yet.") % at})


def _discarded(request: HttpRequest) -> HttpResponse:
    path = request.POST["_discard"]
    drafts.drop(request.user, path)
    messages.info(request, _("What had been typed was discarded."))
    is_back = drafts.is_of_a_desk(path) and "_stay" not in request.POST
    return redirect(path if is_back else reverse("admin:drafts"))
