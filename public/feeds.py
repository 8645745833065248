"""Atom feeds: what is new on the public pages, for those who leave no address.

A feed tells what its page tells, from the same rows: what is withdrawn is gone at the next request.
It carries no Last-Modified: days are all that is known of a change, and a reader that asks only
whether there was one since would be told no where something was withdrawn.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from notifications.links import absolute

from .timeline import Line

MOST_ENTRIES = 50
# Atom wants a date of a feed without entries too, and the same one at every request.
SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)
# What may not stand in XML 1.0, whatever is written into a letter.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened on a day, or changed then. `name` tells it apart for good."""

    name: str
    title: str
    url: str
    on: date
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Where it is found, the page that tells the same, and what is new there."""

    address: str
    page: str
    title: str
    subtitle: str
    entries: Iterable[Entry]


class DatedAtom(Atom1Feed):
    """Changed when its newest entry was; one without entries is never new."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=SINCE_EVER)


def atom_response(request: HttpRequest, feed: Feed) -> HttpResponseBase:
    """The feed, newest first; nothing but "not modified" for who has just this one."""
    body = _document(feed).encode()
    response = HttpResponse(body, content_type=DatedAtom.content_type)
    response["ETag"] = etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=etag, response=response) or response


def _document(feed: Feed) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    atom = DatedAtom(
        title=_clean(f"{feed.title} · {settings.SITE_NAME}"),
        link=absolute(feed.page),
        description=None,
        subtitle=_clean(feed.subtitle) or None,
        language="zh-Hans" if language.startswith("zh") else language,
        author_name=settings.SITE_NAME,
        feed_url=absolute(feed.address),
        feed_guid=_tag(feed.address),
    )
    newest = sorted(feed.entries, key=lambda entry: entry.on, reverse=True)[:MOST_ENTRIES]
    seen: Counter[str] = Counter()
    for entry in newest:
        seen[entry.name] += 1
        again = f"+{seen[entry.name]}" if seen[entry.name] > 1 else ""
        atom.add_item(
            title=_clean(entry.title),
            link=absolute(entry.url),
            description=_clean(_text(entry)),
            unique_id=_tag(f"{entry.name}{again}"),
            updateddate=timezone.make_aware(datetime.combine(entry.on, time())),
        )
    return str(atom.writeString("utf-8"))


def _text(entry: Entry) -> str:
    lines = [Line(line.text, absolute(line.url) if line.url else "") for line in entry.lines]
    return render_to_string("public/_feed_entry.html", {"lines": lines}).strip()


def _tag(name: str) -> str:
    """A name for good (RFC 4151): the site may come to speak https, or another port."""
    return iri_to_uri(f"tag:{settings.EMAIL_DOMAIN},2026:{name}") or ""


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)
