"""Things to test with, made through the services as a shop would make them."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.contacts import recognise_contact
from chatdesk.models import (
    CannedReply,
    ConfirmedAddress,
    Conversation,
    Letter,
    OpeningHours,
    Operator,
    Visitor,
)
from chatdesk.selectors.hours import forget_hours
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import (
    begin_conversation,
    close_conversation,
    take_conversation,
)
from chatdesk.services.log import Appended
from chatdesk.services.messages import MessageIntent, post_message, post_messages
from chatdesk.services.presence import connect_operator
from chatdesk.services.visitors import PageSeen
from chatdesk.services.visitors import make_visitor as _make_visitor

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

_numbers = count(1)


def make_visitor(*, name: str = "", user_id: int | None = None) -> Visitor:
    """Make a visitor who has just begun to write."""
    visitor = _make_visitor(
        storefront=get_storefront(),
        user_id=user_id,
        page=PageSeen(url="https://shop.example/kettle", title="Kettle"),
        at=timezone.now(),
    )
    if name:
        visitor.name = name
        visitor.save(update_fields=["name"])
    return visitor


def prove_address(visitor: Visitor, email: str) -> None:
    """Let the address be the visitor's own, as after a code."""
    ConfirmedAddress.objects.get_or_create(
        visitor=visitor,
        email=email.lower(),
        defaults={"sent_at": NOON, "confirmed_at": NOON},
    )


def make_operator(
    *, name: str = "Anna", capacity: int = 5, is_manager: bool = False
) -> Operator:
    """Make an operator whose user may answer."""
    number = next(_numbers)
    user = get_user_model().objects.create_user(
        username=f"operator{number}",
        email=f"operator{number}@shop.example",
        password="demo",
    )
    codenames = ["answer_conversations"]
    if is_manager:
        codenames.append("view_performance")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return Operator.objects.create(user=user, name=name, capacity=capacity)


def actor_of_operator(operator: Operator, *, is_manager: bool = False) -> OperatorActor:
    """Return an operator as one who acts."""
    return OperatorActor(
        id=operator.pk,
        user_id=operator.user_id,
        name=operator.name,
        is_manager=is_manager,
    )


def make_conversation(
    *,
    visitor: Visitor | None = None,
    operator: Operator | None = None,
    entries: Iterable[tuple[str, str]] = (("visitor", "Is it in stock?"),),
    at: datetime | None = None,
    closed_as: str = "",
) -> Conversation:
    """Make a conversation with these words; ``visitor`` or ``operator`` says each.

    An operator takes it before his first word. One second passes between entries.
    """
    moment = at or timezone.now()
    visitor = visitor or make_visitor()
    conversation, _ = begin_conversation(visitor=visitor, language="en", at=moment)
    for author, text in entries:
        moment += timedelta(seconds=1)
        actor: OperatorActor | VisitorActor = actor_of(visitor)
        if author == "operator":
            assert operator is not None
            actor = actor_of_operator(operator)
            take_conversation(conversation_id=conversation.pk, actor=actor, at=moment)
        say(conversation, actor, text, at=moment)
    if closed_as:
        assert operator is not None
        close_conversation(
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator, is_manager=True),
            outcome=closed_as,
            at=moment + timedelta(seconds=1),
        )
    rows = Conversation.objects.select_related("visitor", "operator")
    return rows.get(pk=conversation.pk)


def make_led_conversation(operator: Operator) -> Conversation:
    """Make a conversation that waits for the answer of the operator who took it."""
    conversation = make_conversation()
    take_conversation(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=timezone.now(),
    )
    return conversation


def say(
    conversation: Conversation,
    actor: OperatorActor | VisitorActor,
    text: str,
    *,
    at: datetime | None = None,
    cmid: UUID | None = None,
    is_note: bool = False,
) -> Appended:
    """Post one message or note."""
    intent = MessageIntent(
        conversation_id=conversation.pk,
        actor=actor,
        cmid=cmid or uuid4(),
        text=text,
        is_note=is_note,
    )
    return post_message(intent, at=at or timezone.now())


def fill(
    conversation: Conversation,
    actor: OperatorActor | VisitorActor,
    texts: Iterable[str],
    *,
    at: datetime | None = None,
) -> list[Appended]:
    """Post many messages with one commit."""
    intents = [
        MessageIntent(
            conversation_id=conversation.pk, actor=actor, cmid=uuid4(), text=text
        )
        for text in texts
    ]
    written = post_messages(intents, at=at or timezone.now())
    assert all(isinstance(each, Appended) for each in written)
    return [each for each in written if isinstance(each, Appended)]


def make_letter(
    conversation: Conversation, *, contact: str = "@marat_k", **fields: Any
) -> Letter:
    """Make a dialog a letter in the database, without a word in its log."""
    conversation.refresh_from_db(fields=["operator"])
    due_at = fields.setdefault("due_at", NOON + timedelta(hours=1))
    letter = Letter.objects.create(
        conversation=conversation,
        contact=contact,
        contact_kind=recognise_contact(contact).kind,
        **{"left_at": NOON, "owner_id": conversation.operator_id, **fields},
    )
    if letter.state == Letter.State.OPEN:
        rows = Conversation.objects.filter(pk=conversation.pk)
        rows.update(letter_due_at=due_at)
    return letter


def bring_online(operator: Operator, *, at: datetime | None = None) -> UUID:
    """Let the operator be connected; return the connection."""
    connection = uuid4()
    connect_operator(
        operator_id=operator.pk,
        connection=connection,
        process=uuid4(),
        at=at or timezone.now(),
    )
    return connection


def make_canned(*, shortcut: str = "hi", text: str = "Good day, {name}") -> CannedReply:
    """Make a canned reply that everybody may use."""
    return CannedReply.objects.create(shortcut=shortcut, title=shortcut, text=text)


def open_shop(
    *,
    weekdays: Iterable[int] = range(5),
    opens: time = time(9),
    closes: time = time(18),
    **fields: Any,
) -> None:
    """Give the shop, or a department in ``fields``, hours on some weekdays."""
    for weekday in weekdays:
        OpeningHours.objects.create(
            storefront=get_storefront(),
            weekday=weekday,
            opens=opens,
            closes=closes,
            **fields,
        )
    forget_hours()
