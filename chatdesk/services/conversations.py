"""The life of a conversation: begun, taken, given back, closed."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from chatdesk.actors import SYSTEM, Actor, OperatorActor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import (
    AlreadyTaken,
    ChatRefusal,
    Closed,
    Forbidden,
    Invalid,
    NotFound,
)
from chatdesk.models import Conversation, Entry, Operator, Visitor
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.services.effects import Kind, Promise
from chatdesk.services.letter_tasks import drop_letter
from chatdesk.services.locks import lock_visitor
from chatdesk.services.log import (
    ADMITTED,
    Admission,
    Appended,
    Draft,
    append,
    append_entries,
)
from chatdesk.services.owners import Reason, end_assignment, give_to, note_facts
from chatdesk.services.waiting import seek_place, stop_waiting


def begin_conversation(
    *, visitor: Visitor, language: str, at: datetime
) -> tuple[Conversation, bool]:
    """Return the visitor's unfinished conversation, or a new one and True.

    Two tabs that ask at once get the same one: the database allows one unfinished
    conversation a visitor.
    """
    unfinished = Conversation.objects.filter(visitor=visitor).exclude(
        status=Conversation.Status.CLOSED
    )
    try:
        with transaction.atomic():
            lock_visitor(visitor.pk)
            return unfinished.get_or_create(
                defaults={
                    "storefront_id": visitor.storefront_id,
                    "visitor": visitor,
                    "language": language,
                    "created_at": at,
                }
            )
    except IntegrityError:
        return unfinished.get(), False


def take_conversation(
    *, conversation_id: int, actor: OperatorActor, at: datetime
) -> Conversation:
    """Make the operator the owner of a waiting conversation.

    Taking what is one's own changes nothing. Raises ``AlreadyTaken`` with the owner's
    name, ``CapacityFull`` or ``Closed``.
    """
    draft = _draft(
        conversation_id, actor, Entry.Kind.TAKEN, partial(_admit_take, actor)
    )
    try:
        return append(draft, at=at).conversation
    except AlreadyTaken:
        conversation = Conversation.objects.get(pk=conversation_id)
        if conversation.is_held_by(actor.id):
            return conversation
        raise


def release_conversation(
    *, conversation_id: int, actor: OperatorActor, at: datetime
) -> Conversation:
    """Give a conversation back to the waiting list; owner or manager only."""
    rule = partial(_admit_release, actor)
    draft = _draft(conversation_id, actor, Entry.Kind.RELEASED, rule, staff_only=True)
    return append(draft, at=at).conversation


def take_back_conversations(*, operator: Operator, at: datetime) -> int:
    """Let what an operator leads wait for anyone, because he may not answer any more.

    Staff read in the log why. Returns how many there were; one that he gave back or
    ended himself in this very moment is left alone.
    """
    held = Conversation.objects.filter(
        operator=operator, status=Conversation.Status.OPEN
    )
    drafts = [
        Draft(
            conversation_id=pk,
            author_kind=SYSTEM.author_kind,
            author_id=SYSTEM.id,
            cmid=uuid4(),
            kind=Entry.Kind.RELEASED,
            admit=partial(_admit_take_back, operator.pk),
            data={"name": operator.name, "reason": "dismissed"},
            staff_only=True,
        )
        for pk in held.order_by("pk").values_list("pk", flat=True)
    ]
    written = append_entries(drafts, at=at) if drafts else []
    return sum(isinstance(each, Appended) for each in written)


def close_conversation(  # noqa: PLR0913 - all by keyword, all needed
    *,
    conversation_id: int,
    actor: Actor,
    at: datetime,
    outcome: str = "",
    cmid: UUID | None = None,
) -> Appended:
    """End a conversation.

    An operator says how it ended (``Invalid`` without an outcome) and must lead it or
    be a manager; a visitor may end his own. Raises ``Closed`` when it has ended.
    """
    if isinstance(actor, OperatorActor) and outcome not in Conversation.Outcome.values:
        raise Invalid
    data = {"outcome": outcome} if isinstance(actor, OperatorActor) else None
    draft = Draft(
        conversation_id=conversation_id,
        author_kind=actor.author_kind,
        author_id=actor.id,
        cmid=cmid or uuid4(),
        kind=Entry.Kind.CLOSED,
        admit=partial(admit_close, actor, outcome),
        data=data,
    )
    return append(draft, at=at)


def _draft(  # noqa: PLR0913 - private, in one place
    conversation_id: int,
    actor: OperatorActor,
    kind: Entry.Kind,
    rule: partial[Admission],
    *,
    staff_only: bool = False,
) -> Draft:
    return Draft(
        conversation_id=conversation_id,
        author_kind=actor.author_kind,
        author_id=actor.id,
        cmid=uuid4(),
        kind=kind,
        admit=rule,
        data={"name": actor.name},
        staff_only=staff_only,
    )


def _admit_take(
    actor: OperatorActor, conversation: Conversation, at: datetime
) -> Admission:
    if conversation.is_closed:
        raise Closed
    if conversation.status == Conversation.Status.NEW:
        raise NotFound
    if conversation.operator_id is not None:
        raise _taken_by(conversation.operator_id)
    give_to(conversation, actor.id, Reason.TAKEN, at=at)
    return ADMITTED


def _taken_by(operator_id: int) -> ChatRefusal:
    name = Operator.objects.values_list("name", flat=True).get(pk=operator_id)
    return AlreadyTaken(detail=name)


def _admit_release(
    actor: OperatorActor, conversation: Conversation, at: datetime
) -> Admission:
    if conversation.status != Conversation.Status.OPEN:
        raise Closed
    if conversation.operator_id != actor.id and not actor.is_manager:
        raise Forbidden
    return _let_wait(conversation, at)


def _admit_take_back(
    operator_id: int, conversation: Conversation, at: datetime
) -> Admission:
    if not conversation.is_held_by(operator_id):
        raise Closed
    return _let_wait(conversation, at)


def _let_wait(conversation: Conversation, at: datetime) -> Admission:
    end_assignment(conversation, at=at)
    conversation.operator = None
    conversation.status = Conversation.Status.WAITING
    seek_place(conversation, at=at)
    return ADMITTED


def admit_close(
    actor: Actor, outcome: str, conversation: Conversation, at: datetime
) -> Admission:
    """End a dialog under its lock, for whoever may; what goes with it is promised."""
    match actor:
        case VisitorActor() if conversation.visitor_id != actor.id:
            raise NotFound
        case OperatorActor() if not (
            actor.is_manager or conversation.is_held_by(actor.id)
        ):
            raise Closed if conversation.is_closed else Forbidden
    if conversation.is_closed or conversation.status == Conversation.Status.NEW:
        raise Closed
    end_assignment(conversation, at=at)
    if _is_left(actor, conversation, at):
        note_facts(conversation, left_at=at, followed_at=None, followed_by_id=None)
    conversation.status = Conversation.Status.CLOSED
    conversation.closed_at = at
    conversation.outcome = outcome
    stop_waiting(conversation)
    if conversation.letter_due_at is not None:
        drop_letter(conversation, at=at)
    return _with_shop_copy(conversation, at)


def _with_shop_copy(conversation: Conversation, at: datetime) -> Admission:
    cause = f"shop-copy:{conversation.public_id.hex}:{conversation.head + 1}"
    copies = tuple(
        Promise(
            kind=Kind.SHOP_COPY,
            conversation_id=conversation.pk,
            key=f"{cause}:{number}",
            due_at=at,
            target=each,
        )
        for number, each in enumerate(get_settings().shop_copy_emails)
    )
    return Admission(promises=copies) if copies else ADMITTED


def _is_left(actor: Actor, conversation: Conversation, at: datetime) -> bool:
    # Staff who close a dialog have seen it. A last "thank you" needs no answer; a
    # question that never had one does, unless it was withdrawn within the limit.
    waited = conversation.waited_s(at)
    return (
        not isinstance(actor, OperatorActor)
        and conversation.first_answered_at is None
        and waited is not None
        and waited >= rules_in_force().limit_s
    )
