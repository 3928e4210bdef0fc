"""What all mails of chatdesk share: sender, identity, language and time zone."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.encoding import punycode

from chatdesk.conf import get_settings
from chatdesk.models import Storefront
from chatdesk.tokens import sign_thread


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail before it is put together; ``template`` names a .txt and a .html."""

    effect_id: UUID
    to: list[str]
    subject: str
    template: str
    context: dict[str, Any]
    thread: UUID | None = None
    """The conversation into which replies to this mail are to come."""


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Return the mail with both parts.

    The Message-ID is made of the effect, so that a mail that had to be sent twice is
    shown once. Automatic replies are asked to stay away.
    """
    sender = _sender()
    reply_to = thread_address(letter.thread) if letter.thread else ""
    context = {
        "site_url": site_url(),
        "can_reply": bool(reply_to),
        **letter.context,
    }
    mail = EmailMultiAlternatives(
        subject=one_line(letter.subject),
        body=render_to_string(f"{letter.template}.txt", context),
        from_email=sender,
        to=letter.to,
        reply_to=[reply_to or sender],
        headers={
            "Message-ID": f"<{letter.effect_id}@{own_domain(sender)}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    page = render_to_string(f"{letter.template}.html", context)
    mail.attach_alternative(page, "text/html")
    return mail


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in ``language`` if the site has it, and in the site's own time zone."""
    try:
        known = translation.get_supported_language_variant(language)
    except LookupError:
        known = settings.LANGUAGE_CODE
    with (
        translation.override(known),
        timezone.override(timezone.get_default_timezone()),
    ):
        yield


def thread_address(public_id: UUID) -> str:
    """Return the address whose mail comes into this dialog, or nothing."""
    pattern = get_settings().mail_in_address
    return pattern.replace("{token}", sign_thread(public_id)) if pattern else ""


def site_url() -> str:
    """Return the shop's address for links, without a slash at its end, or nothing."""
    return get_settings().site_url.rstrip("/")


def shop_name(storefront: Storefront) -> str:
    """Return what the shop is called in mails."""
    return get_settings().site_name or storefront.name


def one_line(text: str) -> str:
    """Return ``text`` fit for a header: one line, without control characters."""
    line = " ".join(text.split())
    return "".join(each for each in line if unicodedata.category(each) != "Cc")


def _sender() -> str:
    return get_settings().from_email or settings.DEFAULT_FROM_EMAIL


def own_domain(sender: str) -> str:
    """Return the domain in the identities of our mails."""
    host = urlsplit(get_settings().site_url).hostname
    return punycode(host or parseaddr(sender)[1].rpartition("@")[2] or "localhost")
