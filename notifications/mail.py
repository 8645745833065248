"""A message as an e-mail: its text and a page of the same, and what mail programs want to know."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

from notifications.links import absolute, notices_address
from notifications.models import OF_DEPUTIES, OF_STAFF, Message


def mail_of(message: Message) -> EmailMultiAlternatives:
    """In the language in which it was written, with the way to what it is about."""
    with override(message.language or settings.LANGUAGE_CODE):
        context = _context(message)
        text = render_to_string("notifications/mail.txt", context).strip() + "\n"
        html = message.html or render_to_string("notifications/mail.html", context)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        from_email=_sender(),
        to=[message.email],
        headers=_headers(message),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _context(message: Message) -> dict[str, str]:
    address = absolute(message.path) if message.path else ""
    is_chosen = message.kind in (*OF_DEPUTIES, *OF_STAFF, Message.Kind.GATHERED)
    return {
        "subject": message.subject,
        "text": message.text,
        # Some texts say it themselves.
        "address": "" if address and address in message.text else address,
        "notices": notices_address() if is_chosen else "",
    }


def _sender() -> str:
    """Under the site's name, unless EMAIL_FROM brings another: nobody knows a bare address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.SITE_NAME, address))


def _headers(message: Message) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{message.message_id}@{settings.EMAIL_DOMAIN}>",
        # Nobody's holiday answer comes back (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe:
        # One click in the mail program ends it (RFC 8058).
        headers["List-Unsubscribe"] = f"<{absolute(message.unsubscribe)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
