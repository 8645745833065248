"""From which class of address a deputy rates, and the alarm where it is a clerk's (警示).

A rating that was pressed out of a deputy, or given in the deputy's name, comes from where clerks
sit. The deputies' office is told and asks the deputy; the department never learns of it, and
nobody is told the address.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import RatingAlarm, SignIn
from accounts.networks import address_of, network_of
from departments.models import Department
from measures.models import CommitmentFeedback
from notifications.models import Message
from notifications.nudges import people_of
from notifications.outbox import tell
from proposals.models import AddressClass, Feedback

# An address at which a clerk was seen so lately is where clerks sit.
LATELY = timedelta(days=30)


def class_of(request: HttpRequest) -> str:
    """From where the account acts: clerks' offices, a network that it has used before, another."""
    if is_of_offices(request) or clerk_at(request) is not None:
        return AddressClass.OFFICE
    return AddressClass.OWN if _is_own(request) else AddressClass.OTHER


def is_of_offices(request: HttpRequest) -> bool:
    """Whether the address lies in a network that the site knows as the offices'."""
    address = address_of(request)
    return bool(address) and any(
        ip_address(address) in network for network in settings.OFFICE_NETWORKS
    )


def clerk_at(request: HttpRequest) -> Any:
    """Whoever works here and was signed in at the same address lately; None if nobody was."""
    address = address_of(request)
    if not address:
        return None
    seen = SignIn.objects.filter(
        address=address, seen_at__gte=timezone.now() - LATELY, user__is_staff=True
    )
    others = seen.exclude(user=request.user.pk).select_related("user").order_by("-seen_at")
    latest = others.first()
    return latest.user if latest else None


def _is_own(request: HttpRequest) -> bool:
    network = network_of(request)
    before = SignIn.objects.filter(user=request.user.pk, network=network, began_at__lt=_midnight())
    return bool(network) and before.exists()


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def watch(request: HttpRequest, rating: Feedback | CommitmentFeedback) -> RatingAlarm | None:
    """Raise the alarm where a deputy's own account has rated from where clerks sit.

    Called in the transaction of the rating. Of a rating that is changed while its alarm is open
    there is one alarm.
    """
    clerk = clerk_at(request)
    if clerk is None and not is_of_offices(request):
        return None
    account: Any = request.user
    is_promise = isinstance(rating, CommitmentFeedback)
    about = {"commitment_feedback" if is_promise else "feedback": rating}
    alarm, is_new = RatingAlarm.objects.get_or_create(
        **about, settled_on=None, defaults={"account": account, "clerk": clerk}
    )
    if is_new:
        _tell_office(alarm)
    return alarm  # type: ignore[no-any-return]


def _tell_office(alarm: RatingAlarm) -> None:
    """Those of the assembly's deputies' office, and of them who may see it."""
    offices = alarm.proposal.session.assembly.offices.filter(kind=Department.Kind.DEPUTIES)
    people = {user.pk: user for office in offices for user in people_of(office)}
    # In the language of the site: whoever rated may read it in another.
    with override(settings.LANGUAGE_CODE):
        for user in people.values():
            if RatingAlarm.objects.visible_to(user).filter(pk=alarm.pk).exists():
                _tell(user, alarm)


def _tell(user: Any, alarm: RatingAlarm) -> None:
    path = reverse("admin:accounts_ratingalarm_change", args=[alarm.pk])
    subject = _("Rating from a clerk's address: %(proposal)s") % {"proposal": alarm.proposal}
    text = _(
        "A rating of %(deputy)s came from an address at which clerks work. Ask the deputy, without "
        "the department, whether it is their own, and write down what came of it."
    )
    tell(
        user,
        Message.Kind.ALARM,
        key=f"alarm {alarm.pk} {user.pk}",
        subject=" ".join(subject.split()),
        text=text % {"deputy": alarm.rating.deputy},
        path=path,
    )
