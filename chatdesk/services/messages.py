"""Messages and notes: what a word of a visitor or an operator means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from chatdesk.actors import Actor, OperatorActor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import ChatRefusal, Closed, Forbidden, NotFound
from chatdesk.models import AuthorKind, Conversation, Entry
from chatdesk.selectors.availability import is_anyone_online
from chatdesk.services.answers import owe_answer
from chatdesk.services.letter_tasks import settle_letter
from chatdesk.services.locks import lock_visitor
from chatdesk.services.log import (
    ADMITTED,
    Admission,
    Appended,
    Draft,
    Line,
    append_entries,
)
from chatdesk.services.owners import note_facts
from chatdesk.services.waiting import start_waiting, stop_waiting
from chatdesk.wire.codes import MAX_TEXT_LENGTH
from chatdesk.wire.decode import clean_text

PREVIEW_LENGTH = 160


@dataclass(frozen=True, slots=True)
class MessageIntent:
    """Somebody pressed Send; ``cmid`` was made once for that press."""

    conversation_id: int
    actor: Actor
    cmid: UUID
    text: str
    is_note: bool = False
    prev_cmid: UUID | None = None


def post_messages(
    intents: Sequence[MessageIntent], *, at: datetime, wait: bool = True
) -> list[Appended | ChatRefusal]:
    """Write messages and notes together; answer each in its place.

    ``wait`` is that of ``append_entries``.

    A visitor's message starts the clock, brings a dialog closed a short while ago back
    to life and is refused in one that ended for good. An operator's message needs the
    dialog to be his and stops the clock. A note is seen by staff only and moves
    nothing.
    """
    results: dict[int, Appended | ChatRefusal] = {}
    drafts: dict[int, Draft] = {}
    for place, intent in enumerate(intents):
        try:
            drafts[place] = draft_of(intent)
        except ChatRefusal as refusal:
            results[place] = refusal
    if drafts:
        written = append_entries(list(drafts.values()), at=at, wait=wait)
        results.update(zip(drafts, written, strict=True))
    return [results[place] for place in range(len(intents))]


def post_message(intent: MessageIntent, *, at: datetime) -> Appended:
    """Write one message or note; raises its refusal."""
    (result,) = post_messages([intent], at=at)
    if isinstance(result, ChatRefusal):
        raise result
    return result


def draft_of(intent: MessageIntent) -> Draft:
    """Return what a message or note wants written; raises what its text is not."""
    text = clean_text(intent.text, max_length=MAX_TEXT_LENGTH)
    kind = Entry.Kind.NOTE if intent.is_note else Entry.Kind.MESSAGE
    return Draft(
        conversation_id=intent.conversation_id,
        author_kind=intent.actor.author_kind,
        author_id=intent.actor.id,
        cmid=intent.cmid,
        kind=kind,
        admit=_rule_for(intent, text),
        text=text,
        staff_only=intent.is_note,
        prev_cmid=intent.prev_cmid,
    )


def _rule_for(intent: MessageIntent, text: str) -> partial[Admission]:
    match intent.actor:
        case VisitorActor() if not intent.is_note:
            return partial(_admit_visitor, intent.actor, text)
        case OperatorActor() if intent.is_note:
            return partial(_admit_note)
        case OperatorActor():
            return partial(admit_operator, intent.actor, text)
        case _:
            raise Forbidden


def _admit_visitor(
    actor: VisitorActor, text: str, conversation: Conversation, at: datetime
) -> Admission:
    if conversation.visitor_id != actor.id:
        raise NotFound
    leading: tuple[Line, ...] = ()
    if conversation.is_closed:
        _reopen(conversation, at)
        conversation.route_at = at
        leading = (Line(Entry.Kind.REOPENED, uuid4()),)
    elif conversation.status == Conversation.Status.NEW:
        conversation.status = Conversation.Status.WAITING
        conversation.begun_online = is_anyone_online(at=at)
        conversation.first_message_at = at
        conversation.route_at = at
    _show_latest(conversation, AuthorKind.VISITOR, text)
    start_waiting(conversation, at=at)
    return Admission(leading=leading) if leading else ADMITTED


def _reopen(conversation: Conversation, at: datetime) -> None:
    closed_at = conversation.closed_at
    if closed_at is None or at - closed_at > get_settings().reopen_within:
        raise Closed
    lock_visitor(conversation.visitor_id)
    others = Conversation.objects.filter(visitor_id=conversation.visitor_id)
    if others.exclude(status=Conversation.Status.CLOSED).exists():
        raise Closed
    conversation.status = Conversation.Status.WAITING
    conversation.operator = None
    conversation.closed_at = None
    conversation.outcome = ""


def admit_operator(
    actor: OperatorActor, text: str, conversation: Conversation, at: datetime
) -> Admission:
    """Let an operator say something: it answers, and stops the clock.

    ``text`` is what lists show of it. Raises ``Closed``, or ``Forbidden`` for a dialog
    that is not his.
    """
    if conversation.is_closed:
        raise Closed
    if not conversation.is_held_by(actor.id):
        raise Forbidden
    if conversation.first_answered_at is None:
        conversation.first_answered_at = at
        conversation.first_answered_by_id = actor.id
    if conversation.is_to_follow:
        note_facts(conversation, followed_at=at, followed_by_id=actor.user_id)
    _show_latest(conversation, AuthorKind.OPERATOR, text)
    stop_waiting(conversation)
    if conversation.letter_due_at is not None:
        settle_letter(conversation, operator_id=actor.id, at=at)
    elif conversation.reply_email and conversation.follow_at is None:
        owe_answer(conversation, at=at)
    return ADMITTED


def _admit_note(_conversation: Conversation, _at: datetime) -> Admission:
    return ADMITTED


def _show_latest(conversation: Conversation, author: AuthorKind, text: str) -> None:
    conversation.preview = text[:PREVIEW_LENGTH]
    conversation.preview_author = author
