"""Mail that comes in: a reply lands in its dialog, a returned mail is remembered."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from chatdesk.conf import get_settings
from chatdesk.errors import ChatRefusal, Closed
from chatdesk.mail.incoming import Incoming, read_mail
from chatdesk.models import Conversation, Effect, ReceivedMail
from chatdesk.selectors.visitors import actor_of
from chatdesk.senders.refusals import is_about_address
from chatdesk.services.addresses import note_bounce
from chatdesk.services.conversations import begin_conversation
from chatdesk.services.messages import MessageIntent, post_message
from chatdesk.wire.codes import MAX_TEXT_LENGTH

Outcome = ReceivedMail.Outcome

MOST_PARTS = 5


def receive_mail(raw: bytes, *, at: datetime) -> str:
    """Take one mail in and say what became of it; a known mail changes nothing.

    It is read as the visitor's word when its address is one that we signed, or when it
    answers a mail of ours from the very address that got it. Mail of programs is left
    out, so that two of them never talk to each other.
    """
    if len(raw) > get_settings().mail_in_limit:
        return Outcome.TOO_LARGE
    mail = read_mail(raw)
    known = ReceivedMail.objects.filter(identity=mail.identity).first()
    if known is not None:
        return known.outcome
    conversation = _find(mail)
    outcome, conversation = _take(mail, conversation, at)
    try:
        with transaction.atomic():
            ReceivedMail.objects.create(
                identity=mail.identity,
                conversation=conversation,
                outcome=outcome,
                received_at=at,
            )
    except IntegrityError:
        # Fetched twice at once: the words carry an identity too and stand there once.
        return outcome
    return outcome


def _find(mail: Incoming) -> Conversation | None:
    rows = Conversation.objects.select_related("visitor")
    if mail.thread is not None:
        return rows.filter(public_id=mail.thread).first()
    if not mail.sender:
        return None
    effects = Effect.objects.filter(
        public_id__in=mail.effects, target__iexact=mail.sender
    )
    pk = effects.values_list("conversation_id", flat=True).first()
    return rows.filter(pk=pk).first() if pk else None


def _take(
    mail: Incoming, conversation: Conversation | None, at: datetime
) -> tuple[str, Conversation | None]:
    if mail.bounces:
        for bounce in mail.bounces:
            is_gone = is_about_address(bounce.reason, status=bounce.status)
            if is_gone and _was_mailed(bounce.email):
                note_bounce(email=bounce.email, reason=bounce.reason, at=at)
        return Outcome.BOUNCE, conversation
    if mail.is_automatic:
        return Outcome.AUTOMATIC, conversation
    if conversation is None:
        return Outcome.UNKNOWN, None
    if not mail.text:
        return Outcome.EMPTY, conversation
    try:
        return Outcome.POSTED, _post(mail, conversation, at)
    except ChatRefusal:
        return Outcome.REFUSED, conversation


def _was_mailed(email: str) -> bool:
    """Tell whether we wrote there: a forged report must not silence strangers."""
    return Effect.objects.filter(target__iexact=email).exists()


def _post(mail: Incoming, conversation: Conversation, at: datetime) -> Conversation:
    try:
        _post_parts(mail, conversation, at)
    except Closed:
        # It ended too long ago to go on: the words begin a new one.
        conversation, _ = begin_conversation(
            visitor=conversation.visitor, language=conversation.language, at=at
        )
        _post_parts(mail, conversation, at)
    return conversation


def _post_parts(mail: Incoming, conversation: Conversation, at: datetime) -> None:
    actor = actor_of(conversation.visitor)
    # Made of the mail's identity, so that words posted before a crash stay once.
    name = UUID(hex=mail.identity[:32])
    for number, part in enumerate(_parts(mail.text)):
        intent = MessageIntent(
            conversation_id=conversation.pk,
            actor=actor,
            cmid=uuid5(name, str(number)),
            text=part,
        )
        post_message(intent, at=at)


def _parts(text: str) -> list[str]:
    """Return a long mail as several messages; what is still too long is cut."""
    cut = [
        text[start : start + MAX_TEXT_LENGTH]
        for start in range(0, len(text), MAX_TEXT_LENGTH)
    ]
    return [part for part in cut[:MOST_PARTS] if part.strip()]
