"""Copies of a conversation by mail: asked for by the visitor, sent by the worker."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy, override
from email_validator import EmailNotValidError, validate_email

from chatdesk.actors import Actor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import (
    Forbidden,
    InvalidAddress,
    NotFound,
    RateLimited,
    SwitchedOff,
)
from chatdesk.limits import allow
from chatdesk.mail.transcript import LONGEST_COPY, compose_transcript
from chatdesk.models import (
    AuthorKind,
    Conversation,
    Effect,
    Entry,
    Operator,
    Visitor,
)
from chatdesk.selectors.mail import own_address
from chatdesk.selectors.shop_lines import SAID, prices_now, said_text
from chatdesk.senders.smtp import send_mail
from chatdesk.services.addresses import confirm_address, send_code
from chatdesk.services.effects import Kind, NotNeeded, Promise
from chatdesk.services.log import Admission, Appended, Draft, append


@dataclass(frozen=True, slots=True)
class _Wish:
    """A visitor wants a copy at one address."""

    actor: VisitorActor
    email: str
    cmid: UUID

    def admit(self, conversation: Conversation, at: datetime) -> Admission:
        if conversation.visitor_id != self.actor.id:
            raise NotFound
        if conversation.first_answered_at is None:
            raise Forbidden
        # Counted here, under the lock, so that the same wish sent again is not counted.
        self._count("copies-of", str(self.actor.id))
        self._count("copies-to", self.email.lower())
        copy = Promise(
            kind=Kind.TRANSCRIPT_MAIL,
            conversation_id=conversation.pk,
            key=f"transcript:{conversation.public_id.hex}:{self.cmid}",
            due_at=at,
            target=self.email,
        )
        return Admission(promises=(copy,))

    def _count(self, name: str, key: str) -> None:
        wait = allow(name=name, key=key, rate=get_settings().transcript_rate)
        if wait is not None:
            raise RateLimited(retry_after=wait)


def request_transcript(  # noqa: PLR0913 - all by keyword, all needed
    *,
    conversation_id: int,
    actor: Actor,
    email: str,
    at: datetime,
    cmid: UUID | None = None,
    code: str = "",
    network_address: str = "",
) -> Appended | None:
    """Promise a copy to one address; the log notes for staff that it was asked for.

    An address that is neither that of the visitor's login nor proven gets a code first,
    so that nobody can mail strangers: then the answer is None, and the copy is promised
    when the same is asked for with the ``code``.

    Raises ``InvalidAddress`` for what is not exactly one, ``NotFound`` for somebody
    else's conversation, ``Forbidden`` before a person has answered, because else anyone
    could have the shop mail anything to anybody, and ``RateLimited`` when the visitor
    or the address has had its share.
    """
    if not isinstance(actor, VisitorActor):
        raise Forbidden
    if not get_settings().mail_copies:
        raise SwitchedOff
    wish = _Wish(actor=actor, email=_one_address(email), cmid=cmid or uuid4())
    if not _is_proven(wish, conversation_id, code, at):
        conversation = _may_copy(actor, conversation_id)
        send_code(
            conversation=conversation,
            email=wish.email,
            network_address=network_address,
            at=at,
        )
        return None
    return append(
        Draft(
            conversation_id=conversation_id,
            author_kind=actor.author_kind,
            author_id=actor.id,
            cmid=wish.cmid,
            kind=Entry.Kind.TRANSCRIPT,
            admit=wish.admit,
            staff_only=True,
        ),
        at=at,
    )


def _is_proven(wish: _Wish, conversation_id: int, code: str, at: datetime) -> bool:
    if code:
        _may_copy(wish.actor, conversation_id)
        confirm_address(visitor_id=wish.actor.id, email=wish.email, code=code, at=at)
        return True
    visitor = Visitor.objects.select_related("user").get(pk=wish.actor.id)
    return bool(own_address(visitor, wish.email))


def _may_copy(actor: VisitorActor, conversation_id: int) -> Conversation:
    """Return the dialog; raises what forbids to copy it."""
    own = Conversation.objects.filter(pk=conversation_id, visitor_id=actor.id)
    conversation = own.first()
    if conversation is None:
        raise NotFound
    if conversation.first_answered_at is None:
        raise Forbidden
    return conversation


def send_transcript(effect: Effect) -> None:
    """Mail the copy that an effect names; raises ``NotNeeded`` without any words."""
    _send(effect, is_for_shop=False)


def send_shop_copy(effect: Effect) -> None:
    """Mail the shop a copy of a dialog that has ended."""
    _send(effect, is_for_shop=True)


def _send(effect: Effect, *, is_for_shop: bool) -> None:
    conversation = Conversation.objects.select_related("storefront").get(effects=effect)
    newest = Entry.objects.filter(
        conversation=conversation,
        kind__in=(Entry.Kind.MESSAGE, *SAID),
        staff_only=False,
    ).order_by("-seq")[: LONGEST_COPY + 1]
    messages = list(reversed(newest))
    if not messages:
        raise NotNeeded("The conversation holds no message.")
    language = settings.LANGUAGE_CODE if is_for_shop else conversation.language
    with override(language or None):
        _put_into_words(conversation, messages)
    speakers = {
        entry.author_id
        for entry in messages
        if entry.author_kind == AuthorKind.OPERATOR
    }
    names = dict(Operator.objects.filter(pk__in=speakers).values_list("pk", "name"))
    send_mail(
        compose_transcript(
            effect=effect,
            conversation=conversation,
            messages=messages,
            names=names,
            is_for_shop=is_for_shop,
        )
    )


def _put_into_words(conversation: Conversation, messages: list[Entry]) -> None:
    """Say what cards of the shop show: the price at sending, and that of now."""
    prices = prices_now(conversation, messages)
    for entry in messages:
        if entry.kind in SAID:
            entry.text = said_text(entry, prices)


def _one_address(email: str) -> str:
    try:
        # Non-ASCII names before the @ need servers that few shops have.
        parsed = validate_email(
            email.strip(), check_deliverability=False, allow_smtputf8=False
        )
    except EmailNotValidError as error:
        raise InvalidAddress(_problem_of(email.strip())) from error
    return parsed.normalized


def _problem_of(address: str) -> LazyText:
    name, _, domain = address.partition("@")
    if not address:
        return gettext_lazy("Please write an e-mail address.")
    if re.search(r"[\s,;]", address):
        return gettext_lazy("Please write one address, without spaces and commas.")
    if address.count("@") != 1 or not name:
        return gettext_lazy("An e-mail address looks like name@example.com.")
    if not name.isascii():
        return gettext_lazy("Before the @ there can be Latin letters only.")
    if "." not in domain.strip("."):
        return gettext_lazy("After the @ something is missing, such as .com")
    return gettext_lazy("There is a mistake in this address. Please check it.")
