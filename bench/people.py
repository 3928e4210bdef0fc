"""Fills the measured database: conversations taken by operators, and their cookies."""

from dataclasses import dataclass

from django.utils import timezone

from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    take_conversation,
)
from tests.sockets import session_of, visitor_cookie


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
