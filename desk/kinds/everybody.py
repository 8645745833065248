"""What can wait for anybody who works here."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from desk import sentences
from desk.kinds.kind import Kind
from desk.rows import unread_letters, unread_messages
from intake.models import LetterDraft
from notifications.models import Message

OF_EVERYBODY: tuple[Kind, ...] = (
    Kind(
        name="letter",
        model=LetterDraft,
        right="review",
        title=_("Letters to check"),
        button=_("Check"),
        sentence=sentences.letter,
        rows=unread_letters,
        due=None,
        of="",
        view="letter",
        said=F("name"),
        who=F("key"),
        query="state__exact=open",
    ),
    Kind(
        name="message",
        model=Message,
        right="",
        title=_("Messages not read yet"),
        button=_("Read message"),
        sentence=sentences.message,
        rows=unread_messages,
        due=None,
        of="",
        view="message",
        said=F("subject"),
        since=TruncDate("created_at"),
    ),
)
