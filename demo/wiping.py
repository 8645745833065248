"""The demo goes: its rows, whatever room they are in, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Q
from django.db.models.deletion import CASCADE, PROTECT, Collector, ProtectedError

from accounts.models import Invitation
from assemblies.models import Assembly, Deputy
from clerkadmin.recorded import Recorded
from demo.accounts import EMAIL, USERNAMES
from demo.files import table
from departments.models import Department
from following import forgetting
from following.models import Follow
from following.targets import targets_of
from intake.models import LetterDraft, LetterFile
from notifications.models import Message
from proposals.models import Proposal

Rows = dict[type[models.Model], set[int]]


@transaction.atomic
def wipe(*, on: date) -> int:
    """Delete the demo; answers how many departments and accounts real rows still need."""
    followed = _followed()
    # Off the public pages first, by the door that real proposals take: whoever listens hears it.
    for proposal in Proposal.objects.published().filter(session__assembly__is_demo=True):
        proposal.withhold(on=on, reason="演示数据清除")
    found: Rows = defaultdict(set)
    _gather(Assembly, set(_ids(Assembly.objects.filter(is_demo=True))), found)
    # And what was tried out: letters that the demo's departments have read in.
    tried = LetterDraft.objects.filter(department__slug__in=_slugs())
    _gather(LetterDraft, set(_ids(tried)), found)
    others = LetterDraft.objects.exclude(pk__in=found[LetterDraft]).values("letter_file")
    files = LetterFile.objects.filter(drafts__in=found[LetterDraft]).exclude(pk__in=others)
    _gather(LetterFile, set(_ids(files.distinct())), found)
    users = _users(found[Deputy])
    _delete_mails(found[Invitation])
    for model, ids in found.items():
        _delete_files(model, ids)
        # Past the guards of single rows: events are append-only, and stay so for everybody else.
        # The database checks the references when the transaction ends.
        models.QuerySet(model).filter(pk__in=ids)._raw_delete(DEFAULT_DB_ALIAS)
        _forget(model, ids)
    # The clerk's account first: it is what needs a department.
    left = _delete_unused(get_user_model().objects.filter(pk__in=users)) + _delete_departments()
    _end(followed)
    return left


def _gather(model: type[models.Model], ids: set[int], found: Rows) -> None:
    """Note these rows, and every row of any table that cannot be without them."""
    new = ids - found[model]
    if not new:
        return
    found[model] |= new
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        pointing = relation.field.name
        pointer = relation.field.model
        rows: models.QuerySet = models.QuerySet(pointer).filter(**{f"{pointing}__in": new})
        if relation.on_delete in (CASCADE, PROTECT):
            _gather(pointer, set(_ids(rows)), found)
        else:
            rows.update(**{pointing: None})


def _forget(model: type[models.Model], ids: set[int]) -> None:
    """The history of these rows goes with them: nothing in the database ties it to them."""
    if not issubclass(model, Recorded):
        return
    history = model.history.model
    records = history.objects.filter(**{f"{model._meta.pk.name}__in": ids})
    for field in history._history_m2m_fields:
        links = getattr(history, field.name).model
        models.QuerySet(links).filter(history__in=records)._raw_delete(DEFAULT_DB_ALIAS)
    models.QuerySet(history).filter(pk__in=records.values("pk"))._raw_delete(DEFAULT_DB_ALIAS)


def _delete_files(model: type[models.Model], ids: set[int]) -> None:
    """The files of these rows, once the rows are gone for good."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.FileField):
            rows: models.QuerySet = models.QuerySet(model).filter(pk__in=ids)
            # In no order: one that follows a row above would join it, and that is gone already.
            for name in (
                rows.exclude(**{field.name: ""}).order_by().values_list(field.name, flat=True)
            ):
                transaction.on_commit(partial(field.storage.delete, name))


def _slugs() -> list[str]:
    return [item["slug"] for item in table("world")["departments"]]


def _ids(rows: models.QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _delete_departments() -> int:
    departments = Department.objects.filter(slug__in=_slugs())
    departments.update(successor=None)
    return _delete_unused(departments)


def _users(deputies: Iterable[int]) -> list[int]:
    """The demo's own accounts, and those that its deputies have opened by an invitation."""
    own = Q(username__in=USERNAMES, email=EMAIL)
    used = Invitation.objects.filter(deputy__in=deputies, used_at__isnull=False)
    opened = Q(deputy__in=used.values("deputy"), clerkships=None)
    return _ids(get_user_model().objects.filter(own | opened).distinct())


def _delete_mails(invitations: Iterable[int]) -> None:
    """The mails of these invitations: no row leads from one to the other."""
    for pk in invitations:
        mails = Message.objects.filter(kind=Message.Kind.ACCOUNT, recipient=None)
        mails.filter(key__startswith=f"invitation {pk} ").delete()


def _followed() -> list[Follow]:
    """What visitors follow and is public now."""
    follows = list(Follow.objects.select_related("follower"))
    found = zip(follows, targets_of(follows), strict=True)
    return [follow for follow, target in found if target is not None]


def _end(follows: list[Follow]) -> None:
    """What is not public any more was the demo's."""
    for follow, target in zip(follows, targets_of(follows), strict=True):
        if target is None:
            forgetting.end(follow.follower, follow)


def _delete_unused(rows: models.QuerySet) -> int:
    """Delete those that no other row needs; answers how many are left."""
    left = 0
    for row in rows:
        collector = Collector(using=DEFAULT_DB_ALIAS, origin=row)
        try:
            collector.collect([row])
        except ProtectedError:
            left += 1
            continue
        gone = {model: {one.pk for one in found} for model, found in collector.data.items()}
        collector.delete()
        for model, ids in gone.items():
            _forget(model, ids)
    return left
