"""What deputies write on the day the demo is loaded, and what came to their desks before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.utils import timezone

from accounts import alarms, inviting
from accounts.models import SignIn
from assemblies.models import Deputy
from demo.accounts import EMAIL
from demo.world import World
from notifications.models import Message
from proposals import submitting
from proposals.models import Event, Feedback, Proposal, Reply, Sponsorship

# Who has no account yet, and is invited on paper.
INVITED = ("yunping", "温令仪")
# An address that belongs to nobody (RFC 5737): there a clerk is seen, and a deputy has rated.
OFFICE_ADDRESS = "192.0.2.7"
# What happened in these days is news on the desks of the demo; what lies longer back is read.
NEWS = timedelta(days=3)
MORNING = time(9)


def write_drafts(items: Iterable[dict[str, Any]], world: World) -> None:
    """Begin each, with its papers; ask its co-sponsors, of whom some have answered."""
    for item in items:
        slug = item["assembly"]
        lead = world.deputies[slug, item["lead"]]
        texts = {name: item[name] for name in submitting.TEXTS}
        draft = submitting.begin(lead, by=lead.user, **texts)
        for name in item.get("attachments", []):
            submitting.attach(draft, paper(name))
        asked = [(world.deputies[slug, name], *said) for name, *said in item.get("asked", [])]
        if asked:
            submitting.ask(draft, [deputy for deputy, *_said in asked], by=lead.user)
        for deputy, answer, words in asked:
            _answer(draft, deputy, answer, words)


def _answer(draft: Proposal, deputy: Deputy, answer: str, words: str) -> None:
    sponsorship = Sponsorship.objects.get(proposal=draft, deputy=deputy)
    if answer == "confirmed":
        submitting.confirm(sponsorship, by=deputy.user)
    elif answer == "declined":
        submitting.decline(sponsorship, words=words, by=deputy.user)


def paper(name: str) -> SimpleUploadedFile:
    """A file as a deputy's browser hands it in."""
    text = f"{name.removesuffix('.txt')}\n\n（演示数据）\n"
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def rated_from_an_office(rating: Feedback, world: World) -> None:
    """The deputy's own account has rated where a clerk was seen before: the office is to ask."""
    account, clerk = rating.deputy.user, world.people.get("clerk")
    if account is None or clerk is None:
        return
    SignIn.objects.create(user=clerk, address=OFFICE_ADDRESS, ended_at=timezone.now())
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = OFFICE_ADDRESS
    request.user = account
    rating.address_class = alarms.class_of(request)
    rating.save(update_fields=["address_class"])
    alarms.watch(request, rating)


def invite(world: World) -> None:
    """One deputy has a link, and has not used it yet."""
    if world.congress is not None:
        inviting.invite(world.deputies[INVITED], "", by=world.congress)


def settle_messages(*, on: date) -> None:
    """Date each message by what it tells; what lies longer back was read."""
    for message in Message.objects.filter(recipient__email=EMAIL):
        day = _day_of(message.key) or on
        told = timezone.make_aware(datetime.combine(day, MORNING))
        message.created_at = message.next_try_at = min(told, timezone.now())
        if day < on - NEWS:
            message.read_at = message.created_at + timedelta(hours=10)
        message.save(update_fields=["created_at", "next_try_at", "read_at"])


def _day_of(key: str) -> date | None:
    """The day of the event or letter that the message tells; None where it tells of neither."""
    what, _space, rest = key.partition(" ")
    if what == "event":
        return Event.objects.get(pk=int(rest.split()[0])).on
    if what == "replied":
        return Reply.objects.get(pk=int(rest.split()[0])).sent_on
    return date.fromisoformat(rest.split()[2]) if what == "again" else None
