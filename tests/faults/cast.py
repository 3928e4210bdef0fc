"""Fills the prepared database: who talks, who leads which dialog, and their cookies."""

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.models import Conversation
from chatdesk.services.conversations import take_conversation
from tests.factories import actor_of_operator, make_conversation, make_operator
from tests.sockets import session_of, visitor_cookie

# A word of every message, and of nothing else.
SECRET = "samovar"
TABS_OF_EVERY_SECOND_VISITOR = 2
CAPACITY = 3


@dataclass(frozen=True)
class Part:
    """One tab of one person: who it is, what opens it, what it follows."""

    tab: str
    author: str
    side: str
    cookie: str
    convs: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """Everybody of a round."""

    parts: tuple[Part, ...]
    ghost: Part
    heads: dict[str, int]
    contested: tuple[str, ...]
    guests: tuple[Part, ...]


def make_cast(*, conversations: int, contested: int) -> Cast:
    """Make dialogs, two to an operator; every second visitor has two tabs open."""
    Group.objects.get_or_create(name=get_settings().manager_group)
    desks = [
        make_operator(name=f"Desk {number}", capacity=CAPACITY)
        for number in range(-(-conversations // 2))
    ]
    led: dict[int, list[str]] = {desk.pk: [] for desk in desks}
    parts: list[Part] = []
    for number in range(conversations):
        desk = desks[number // 2]
        conversation = make_conversation()
        take_conversation(
            conversation_id=conversation.pk,
            actor=actor_of_operator(desk),
            at=timezone.now(),
        )
        conv = conversation.public_id.hex
        led[desk.pk].append(conv)
        cookie = visitor_cookie(conversation.visitor)
        author = f"v{conversation.visitor_id}"
        tabs = TABS_OF_EVERY_SECOND_VISITOR if number % 2 else 1
        parts += [
            Part(f"{author}.{tab}", author, "visitor", cookie, (conv,))
            for tab in range(tabs)
        ]
    for desk in desks:
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(desk)}"
        convs = tuple(led[desk.pk])
        parts.append(Part(f"o{desk.pk}.0", f"o{desk.pk}", "operator", cookie, convs))
    guests = [_guest(make_conversation()) for _ in range(contested)]
    ghost = make_operator(name="Ghost")
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(ghost)}"
    heads = {
        public_id.hex: head
        for public_id, head in Conversation.objects.values_list("public_id", "head")
    }
    return Cast(
        parts=tuple(parts),
        ghost=Part(f"o{ghost.pk}.0", f"o{ghost.pk}", "operator", cookie, ()),
        heads=heads,
        contested=tuple(conv for guest in guests for conv in guest.convs),
        guests=tuple(guests),
    )


def _guest(conversation: Conversation) -> Part:
    author, conv = f"v{conversation.visitor_id}", conversation.public_id.hex
    cookie = visitor_cookie(conversation.visitor)
    return Part(f"{author}.0", author, "visitor", cookie, (conv,))


def new_cmid() -> str:
    """Return the id of a new intent."""
    return uuid4().hex
