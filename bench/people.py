"""Fills the measured database: conversations taken by operators, and their cookies."""

from dataclasses import dataclass
from itertools import islice
from uuid import uuid4

from django.utils import timezone

from chatdesk.models import AuthorKind, Conversation, Entry
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    take_conversation,
)
from tests.sockets import session_of, visitor_cookie

LONG_DIALOG = 100
AT_ONCE = 2000


@dataclass(frozen=True)
class Pair:
    """A conversation, its visitor's cookie, and the number of its operator."""

    conv: str
    cookie: str
    operator: int


@dataclass(frozen=True)
class Cast:
    """Everybody who talks in the benchmark."""

    pairs: list[Pair]
    operator_cookies: list[str]


def make_cast(*, conversations: int, operators: int) -> Cast:
    """Make conversations, shared evenly among operators."""
    share = -(-conversations // operators)
    desks = [make_operator(capacity=min(50, share)) for _ in range(operators)]
    pairs = []
    for number in range(conversations):
        conversation = make_conversation()
        desk = number % operators
        take_conversation(
            conversation_id=conversation.pk,
            actor=actor_of_operator(desks[desk]),
            at=timezone.now(),
        )
        cookie = visitor_cookie(conversation.visitor)
        pairs.append(Pair(conversation.public_id.hex, cookie, desk))
    return Cast(pairs, [f"sessionid={session_of(desk)}" for desk in desks])


def store_messages(number: int) -> None:
    """Store messages of closed dialogs, so that the log is as long as an old shop's."""
    if not number:
        return
    visitor, at = make_visitor(), timezone.now()
    dialogs = (
        Conversation(
            storefront_id=visitor.storefront_id,
            visitor=visitor,
            status=Conversation.Status.CLOSED,
            head=LONG_DIALOG,
            created_at=at,
            first_message_at=at,
            closed_at=at,
        )
        for _ in range(-(-number // LONG_DIALOG))
    )
    while some := list(islice(dialogs, AT_ONCE)):
        Conversation.objects.bulk_create(some)
        Entry.objects.bulk_create(
            (
                Entry(
                    conversation=dialog,
                    seq=seq,
                    author_kind=AuthorKind.VISITOR,
                    author_id=visitor.pk,
                    cmid=uuid4(),
                    kind=Entry.Kind.MESSAGE,
                    text="Is the copper kettle in stock, and does it fit a hob?",
                    at=at,
                )
                for dialog in some
                for seq in range(1, LONG_DIALOG + 1)
            ),
            batch_size=AT_ONCE,
        )
