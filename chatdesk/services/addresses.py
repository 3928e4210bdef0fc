"""A visitor's addresses: proven by a code, doubted when mail comes back."""

import hashlib
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from chatdesk.conf import get_settings
from chatdesk.errors import RateLimited, WrongCode
from chatdesk.limits import allow
from chatdesk.mail.code import compose_code
from chatdesk.models import ConfirmedAddress, Conversation, Effect, MailAddress
from chatdesk.senders.smtp import send_mail
from chatdesk.services.effects import Kind, NotNeeded, Promise, promise_effects
from chatdesk.tokens import code_of

CODE_LIVES = timedelta(minutes=30)
BETWEEN_CODES = timedelta(hours=1)
CODES_A_DAY = "3/d"
MOST_TRIES = 5
REASON_LENGTH = 300
BOUNCE_COUNTS = timedelta(days=30)
TO_VISITORS = (Kind.TRANSCRIPT_MAIL, Kind.ANSWER_MAIL, Kind.LETTER_COPY)


def send_code(
    *, conversation: Conversation, email: str, network_address: str, at: datetime
) -> None:
    """Mail six digits to an address that nobody has proven yet.

    An address gets one an hour, whoever asks and from wherever: asked for again by the
    same visitor, the code on its way counts; anybody else has to wait. Raises
    ``RateLimited``.
    """
    email = email.lower()
    with transaction.atomic():
        if _is_on_its_way(conversation, email, at):
            return
        _count(email, network_address)
        ConfirmedAddress.objects.update_or_create(
            visitor_id=conversation.visitor_id,
            email=email,
            defaults={"nonce": uuid4(), "tries": 0, "sent_at": at},
        )
        promise_effects([_promise(conversation, email, at)], at=at)


def _is_on_its_way(conversation: Conversation, email: str, at: datetime) -> bool:
    recent = ConfirmedAddress.objects.filter(
        email=email, sent_at__gt=at - BETWEEN_CODES
    ).values_list("visitor_id", "sent_at")
    for visitor_id, sent_at in recent:
        if visitor_id == conversation.visitor_id and at - sent_at < CODE_LIVES:
            return True
        wait = sent_at + BETWEEN_CODES - at
        raise RateLimited(retry_after=wait.total_seconds())
    return False


def _count(email: str, network_address: str) -> None:
    rates = (
        ("codes-from", network_address, get_settings().code_rate),
        ("codes-to", email, CODES_A_DAY),
    )
    for name, key, rate in rates:
        wait = allow(name=name, key=key, rate=rate)
        if wait is not None:
            raise RateLimited(retry_after=wait)


def _promise(conversation: Conversation, email: str, at: datetime) -> Promise:
    # Two that ask in the same moment have one key, so that one mail is owed.
    digest = hashlib.sha256(email.encode()).hexdigest()[:32]
    hour = int(at.timestamp() // BETWEEN_CODES.total_seconds())
    return Promise(
        kind=Kind.ADDRESS_CODE,
        conversation_id=conversation.pk,
        key=f"code:{digest}:{hour}",
        due_at=at,
        target=email,
    )


def confirm_address(*, visitor_id: int, email: str, code: str, at: datetime) -> None:
    """Take an address for the visitor's own if the code is right.

    A code has five tries and half an hour. Raises ``WrongCode``.
    """
    rows = ConfirmedAddress.objects.filter(
        visitor_id=visitor_id,
        email=email.lower(),
        sent_at__gt=at - CODE_LIVES,
        tries__lt=MOST_TRIES,
    )
    # The try is counted before it is looked at, so that tries side by side all count.
    if not rows.update(tries=F("tries") + 1):
        raise WrongCode
    row = ConfirmedAddress.objects.get(visitor_id=visitor_id, email=email.lower())
    if not compare_digest(code_of(row.nonce).encode(), code.strip().encode()):
        raise WrongCode
    # A code opens once; the address stays proven.
    ConfirmedAddress.objects.filter(pk=row.pk).update(
        confirmed_at=at, nonce=uuid4(), tries=MOST_TRIES
    )
    MailAddress.objects.filter(email=email.lower()).delete()


def mail_code(effect: Effect) -> None:
    """Mail the code that an effect names."""
    conversation = Conversation.objects.select_related("storefront").get(effects=effect)
    row = ConfirmedAddress.objects.filter(
        visitor_id=conversation.visitor_id, email=effect.target, tries__lt=MOST_TRIES
    ).first()
    if row is None:
        raise NotNeeded("The address is proven already.")
    send_mail(
        compose_code(effect=effect, conversation=conversation, code=code_of(row.nonce))
    )


def note_bounce(*, email: str, reason: str, at: datetime) -> None:
    """Remember that mail to an address came back, and why."""
    shown = " ".join(reason.split())[:REASON_LENGTH]
    printable = "".join(letter for letter in shown if letter.isprintable())
    MailAddress.objects.update_or_create(
        email=email.lower(), defaults={"reason": printable, "bounced_at": at}
    )


def pass_over_bounced(effect: Effect) -> None:
    """Raise ``NotNeeded`` for a mail to a visitor's address that refused one of late.

    A code is mailed always, because it clears the address; so is what was promised
    before it refused, when a manager tries that again.
    """
    if effect.kind not in TO_VISITORS:
        return
    promised_at = effect.promised_at
    row = MailAddress.objects.filter(
        email=effect.target.lower(),
        bounced_at__gt=promised_at - BOUNCE_COUNTS,
        bounced_at__lte=promised_at,
    ).first()
    if row is not None:
        raise NotNeeded(f"Mail to this address came back: {row.reason}")
