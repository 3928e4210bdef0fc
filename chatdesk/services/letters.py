"""Letters: what is left while nobody is there, in the same thread as all else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from chatdesk.actors import VisitorActor
from chatdesk.conf import get_settings
from chatdesk.contacts import (
    MAX_CONTACT_LENGTH,
    Contact,
    ContactKind,
    recognise_contact,
)
from chatdesk.errors import ChatRefusal, Closed, EmptyLetter, NotFound
from chatdesk.models import Conversation, Entry, Letter, Operator, Visitor
from chatdesk.selectors.letter_owner import pick_owner
from chatdesk.selectors.letters import letter_due_at
from chatdesk.selectors.mail import own_address
from chatdesk.selectors.routing import route_of
from chatdesk.services.effects import Kind, Promise
from chatdesk.services.log import (
    ADMITTED,
    Admission,
    Appended,
    Draft,
    append,
    append_entries,
)
from chatdesk.services.messages import MessageIntent, draft_of
from chatdesk.services.routing import draft_of_department
from chatdesk.services.waiting import stop_waiting
from chatdesk.wire.objects import to_ms

WORDS = "words"


@dataclass(frozen=True, slots=True)
class LetterIntent:
    """Somebody pressed *Send question*; ``cmid`` was made once for that press."""

    conversation_id: int
    actor: VisitorActor
    cmid: UUID
    text: str = ""
    contact: str = ""


def leave_letter(intent: LetterIntent, *, at: datetime) -> Appended:
    """Make the visitor's dialog a letter, with further words if there are any.

    The letter is a task with a deadline. Any contact is taken, none too; left again,
    the letter keeps its deadline and takes the new contact. Raises ``EmptyLetter``
    where there is no word at all, ``TooLarge`` for more than one message holds.
    """
    drafts = []
    words = uuid5(intent.cmid, WORDS) if intent.text.strip() else None
    if words is not None:
        message = MessageIntent(
            intent.conversation_id, intent.actor, words, intent.text
        )
        drafts.append(draft_of(message))
    task = _task_of(intent.conversation_id, at)
    giving = _Giving(intent.actor, _cut(intent.contact), task)
    drafts.append(giving.draft(intent.conversation_id, intent.cmid, after=words))
    said = len(drafts)
    drafts.extend(task.routing)
    *_, left = map(_granted, append_entries(drafts, at=at)[:said])
    return left


def leave_contact(  # noqa: PLR0913 - all by keyword, all needed
    *,
    conversation_id: int,
    actor: VisitorActor,
    contact: str,
    at: datetime,
    cmid: UUID | None = None,
) -> Appended:
    """Note where a waiting visitor would like to be answered; nothing else changes."""
    giving = _Giving(actor, _cut(contact))
    return append(giving.draft(conversation_id, cmid or uuid4()), at=at)


def _cut(contact: str) -> str:
    return contact.replace("\0", "").strip()[:MAX_CONTACT_LENGTH]


def _granted(result: Appended | ChatRefusal) -> Appended:
    if isinstance(result, ChatRefusal):
        raise result
    return result


@dataclass(frozen=True, slots=True)
class _Task:
    """By when a letter is to be answered and by whom; ``routing`` notes why there."""

    due_at: datetime
    owner: Operator | None = None
    routing: tuple[Draft, ...] = ()

    @property
    def owner_id(self) -> int | None:
        """The key of whoever is to answer."""
        return None if self.owner is None else self.owner.pk


def _task_of(conversation_id: int, at: datetime) -> _Task:
    """Return the task that the letter is already, else where the rules send it.

    Looked up before the dialog is locked: a rule may ask the shop.
    """
    rows = Conversation.objects.select_related("visitor")
    row = rows.filter(pk=conversation_id).first()
    if row is None:
        return _Task(due_at=letter_due_at(at=at))
    if row.letter_due_at is not None:
        letter = row.letters.select_related("owner").order_by("-pk").first()
        return _Task(row.letter_due_at, None if letter is None else letter.owner)
    department_id = row.department_id
    found = None if department_id else route_of(row).department_id
    department_id = department_id or found
    due_at = letter_due_at(at=at, department_id=department_id)
    owner = pick_owner(row, department_id=department_id, due_at=due_at)
    routing = () if found is None else (draft_of_department(row, found),)
    return _Task(due_at, owner, routing)


@dataclass(frozen=True, slots=True)
class _Giving:
    """A visitor says where to answer him; with a task it makes a letter."""

    actor: VisitorActor
    text: str
    task: _Task | None = None

    @property
    def contact(self) -> Contact:
        return recognise_contact(self.text)

    def draft(
        self, conversation_id: int, cmid: UUID, *, after: UUID | None = None
    ) -> Draft:
        # What both sides see: the kind, and what was written, not what we think of it.
        data: dict[str, Any] = {"kind": self.contact.kind, "contact": self.text}
        if self.task is not None:
            data["due_at"] = to_ms(self.task.due_at)
            data["owner"] = self.task.owner.name if self.task.owner else ""
        return Draft(
            conversation_id=conversation_id,
            author_kind=self.actor.author_kind,
            author_id=self.actor.id,
            cmid=cmid,
            kind=Entry.Kind.LETTER if self.task else Entry.Kind.CONTACT,
            admit=self.admit,
            data=data,
            prev_cmid=after,
        )

    def admit(self, conversation: Conversation, at: datetime) -> Admission:
        if conversation.visitor_id != self.actor.id:
            raise NotFound
        if conversation.is_closed:
            raise Closed
        if conversation.status == Conversation.Status.NEW:
            raise EmptyLetter
        own = self._keep_contact(conversation)
        if self.task is None:
            return ADMITTED
        letter = self._keep_letter(conversation, self.task, at)
        if not own or not get_settings().mail_letter_copies:
            return ADMITTED
        copy = Promise(
            kind=Kind.LETTER_COPY,
            conversation_id=conversation.pk,
            key=f"letter-copy:{letter.pk}",
            due_at=at,
            target=own,
        )
        return Admission(promises=(copy,))

    def _keep_letter(
        self, conversation: Conversation, task: _Task, at: datetime
    ) -> Letter:
        due_at = task.due_at
        stop_waiting(conversation)
        conversation.letter_due_at = due_at
        Conversation.objects.filter(pk=conversation.pk).update(letter_due_at=due_at)
        where = {
            "contact": self.text,
            "contact_kind": self.contact.kind,
            "is_junk": self.contact.is_junk,
        }
        letter, _ = Letter.objects.update_or_create(
            conversation=conversation,
            state=Letter.State.OPEN,
            defaults=where,
            create_defaults={
                **where,
                "owner_id": conversation.operator_id or task.owner_id,
                "left_at": at,
                "due_at": due_at,
                "alert_at": due_at,
            },
        )
        return letter

    def _keep_contact(self, conversation: Conversation) -> str:
        """Remember where to answer; return an address that is proven to be his own.

        One that he only typed gets what operators answer, and nothing that he wrote.
        """
        contact = self.contact
        visitor = Visitor.objects.select_related("user").get(pk=conversation.visitor_id)
        typed = contact.value if contact.kind == ContactKind.EMAIL else ""
        if contact.is_junk:
            return ""
        own = own_address(visitor, typed)
        target = typed or own
        if target:
            conversation.reply_email = target
            rows = Conversation.objects.filter(pk=conversation.pk)
            rows.update(reply_email=target)
        if self.text:
            visitor.contact = self.text
            visitor.save(update_fields=["contact"])
        return own
