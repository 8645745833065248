"""Following as a visitor does it: asking, reading the mail, clicking its link."""

from __future__ import annotations

import re

from django.test import Client

from following.models import Follow
from notifications.models import Message

EMAIL = "reader@example.org"
LINK = re.compile(r"http://localhost(/follow/\S+)")


def mails(email: str = EMAIL) -> list[Message]:
    """What was written to that address, the oldest first."""
    return list(Message.objects.filter(email=email, recipient=None).order_by("pk"))


def links(message: Message) -> list[str]:
    """The links of a mail that lead to the pages of following."""
    return LINK.findall(message.text)


def ask(what: str, email: str = EMAIL, *, client: Client | None = None):
    """Hand in the form; `what` is `proposal=…`, `department=…` or `search=…`."""
    return (client or Client()).post(f"/follow/?{what}", {"email": email})


def follow(what: str, email: str = EMAIL) -> str:
    """Ask and confirm; the address of the page where it can be ended."""
    ask(what, email)
    return Client().post(links(mails(email)[-1])[0]).headers["Location"]


def follows(email: str = EMAIL) -> list[str]:
    """What the address has confirmed."""
    rows = Follow.objects.confirmed().filter(follower__email=email)
    return list(rows.values_list("target", flat=True))
