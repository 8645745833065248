"""What was typed and not saved: kept by account and page, offered when the page is opened again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from clerkadmin.models import FormDraft, UploadedSheet

DRAFT = "draft"
KEPT_FOR = timedelta(days=30)
MOST, LARGEST = 50, 400_000
LONGEST_PATH = 500
# Where forms are filled in: below these addresses.
DESKS = ("admin:index", "desk:home")
# Not what was typed.
NOT_TYPED = (
    "csrfmiddlewaretoken",
    "_form_token",
    "_form_of",
    "_save",
    "_continue",
    "_addanother",
    "_saveasnew",
    "_draft_of",
    "_discard",
)

Fields = dict[str, list[str]]


def path_of(request: HttpRequest) -> str:
    """The page in whose name something is kept: its address, with the rows of a move."""
    ids = request.GET.get("ids", "")
    return storable(f"{request.path}?ids={ids}" if ids else request.path)


def storable(text: object) -> str:
    """As text that every database takes: without the end of a string in C, and half letters."""
    return str(text).replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def with_draft(path: str) -> str:
    """The address that shows the page filled with what is kept."""
    return f"{path}{'&' if '?' in path else '?'}{DRAFT}=1"


def is_of_a_desk(path: str) -> bool:
    """Whether that is the address of a page of the admin or of the deputies' desk, nothing else."""
    plain = path.partition("?")[0]
    is_short = len(path) <= LONGEST_PATH and path == storable(path)
    if not is_short or not plain.startswith(tuple(map(reverse, DESKS))):
        return False
    try:
        resolve(plain)
    except Resolver404:
        return False
    return True


def typed_in(posted: QueryDict) -> Fields:
    """The fields of a form that was sent, without passwords and what is not typed."""
    return {
        name: [str(value) for value in values]
        for name, values in posted.lists()
        if name not in NOT_TYPED and "password" not in name.lower()
    }


def keep(user: Any, path: str, fields: Mapping[str, Iterable[str]]) -> FormDraft | None:
    """Keep what was typed on that page, in place of what was kept before; None if it is too much.

    The oldest make room where somebody has very many; after a month anyone's are forgotten.
    """
    data = {"fields": {storable(name): [*map(storable, values)] for name, values in fields.items()}}
    if not is_of_a_desk(path) or len(json.dumps(data, ensure_ascii=False)) > LARGEST:
        return None
    draft, is_new = FormDraft.objects.update_or_create(
        user=user, path=path, defaults={"data": data}
    )
    if is_new:
        UploadedSheet.sweep()
        FormDraft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
        own = FormDraft.objects.filter(user=user).order_by("-saved_at", "-pk")
        surplus = list(own.values_list("pk", flat=True)[MOST : 2 * MOST])
        FormDraft.objects.filter(pk__in=surplus).delete()
    return draft


def find(user: Any, path: str) -> FormDraft | None:
    return FormDraft.objects.filter(user=user, path=path).first()


def taken_up(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before, where its address asks for it: to fill its form with."""
    if request.method == "POST" or DRAFT not in request.GET:
        return None
    draft = find(request.user, path_of(request))
    return as_sent(draft) if draft else None


def drop(user: Any, path: str) -> None:
    FormDraft.objects.filter(user=user, path=storable(path)).delete()


def as_sent(draft: FormDraft) -> QueryDict:
    """What is kept, as if it had just been sent."""
    sent = QueryDict(mutable=True)
    for name, values in draft.data.get("fields", {}).items():
        sent.setlist(name, values)
    return sent


def words(draft: FormDraft) -> list[tuple[str, str]]:
    """What is kept, to be read and copied where its page is closed: names of fields and texts."""
    return [
        (name, "\n".join(values))
        for name, values in draft.data.get("fields", {}).items()
        if any(value.strip() for value in values) and not _is_bookkeeping(name)
    ]


def _is_bookkeeping(name: str) -> bool:
    ends = ("version", "_FORMS", "-id", "_changelist_filters", "_popup")
    return name.endswith(ends) or "__prefix__" in name
