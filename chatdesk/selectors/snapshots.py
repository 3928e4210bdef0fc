"""What a client starts from, and how rows become objects of the wire."""

from datetime import datetime

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.models import AuthorKind, Conversation, Entry, Operator
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.conversations import list_for_visitor, list_past
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.inbox import AUTHORS, list_rows
from chatdesk.selectors.letters import letter_of
from chatdesk.selectors.log import Span, entries_before, marks_of, visible
from chatdesk.selectors.operators import card_of, get_desk
from chatdesk.selectors.own_commission import own_commission
from chatdesk.selectors.own_day import own_day
from chatdesk.selectors.regulation import owes_confirmation, rules_in_force
from chatdesk.selectors.storefronts import may_peek
from chatdesk.selectors.visitors import card
from chatdesk.wire import objects
from chatdesk.wire.objects import to_ms

THREAD_ENTRIES = 50
PAST_DIALOGS = 10
VISITOR_DIALOGS = 5


def entry_of(entry: Entry, *, staff: bool) -> objects.Entry:
    """Return an entry as this audience sees it; that it may was decided before.

    What an operator thinks of how the dialog ended is for staff only.
    """
    is_operator = entry.author_kind == AuthorKind.OPERATOR
    return objects.Entry(
        seq=entry.seq,
        kind=entry.kind,
        author=AUTHORS[entry.author_kind],
        at=to_ms(entry.at),
        cmid=entry.cmid.hex,
        by=str(entry.author_id) if is_operator else None,
        text=entry.text,
        data=entry.data if staff or entry.is_alike_for_all else None,
    )


def entries_of(span: Span, *, staff: bool) -> tuple[objects.Entry, ...]:
    """Return the entries of a span that this audience may see."""
    return tuple(
        entry_of(entry, staff=staff) for entry in visible(span.entries, staff=staff)
    )


def conversation_of(
    conversation: Conversation, *, epoch: str
) -> objects.ConversationForVisitor:
    """Return a conversation as its visitor sees it."""
    operator, closed_at = conversation.operator, conversation.closed_at
    return objects.ConversationForVisitor(
        id=conversation.public_id.hex,
        epoch=epoch,
        status=conversation.status,
        head=conversation.head,
        created_at=to_ms(conversation.created_at),
        operator=None if operator is None else card_of(operator),
        closed_at=None if closed_at is None else to_ms(closed_at),
        thumb=conversation.thumb or None,
        reopens_until=None
        if closed_at is None
        else to_ms(closed_at + get_settings().reopen_within),
    )


def visitor_session(
    *, actor: VisitorActor | None, at: datetime
) -> objects.VisitorSession:
    """Return what a widget starts from; without an actor there is no history."""
    epoch = current_epoch()
    conversations = (
        list_for_visitor(actor=actor, limit=VISITOR_DIALOGS) if actor else []
    )
    return objects.VisitorSession(
        visitor=str(actor.id) if actor else "",
        epoch=epoch,
        server_time=to_ms(at),
        availability=get_availability(at=at),
        conversations=tuple(
            conversation_of(each, epoch=epoch) for each in conversations
        ),
    )


def operator_session(*, actor: OperatorActor, at: datetime) -> objects.OperatorSession:
    """Return what a workspace starts from."""
    desk = get_desk(operator_id=actor.id, at=at)
    rules, operator = rules_in_force(), desk.operator
    return objects.OperatorSession(
        operator=card_of(desk.operator),
        status=desk.operator.status,
        capacity=desk.operator.capacity,
        load=desk.load,
        is_manager=actor.is_manager,
        epoch=current_epoch(),
        server_time=to_ms(at),
        goal_s=int(rules.goal_s),
        limit_s=int(rules.limit_s),
        quiet_s=int(get_settings().quiet_after.total_seconds()),
        sneak_peek=may_peek(),
        day=own_day(operator_id=actor.id, at=at),
        reason=operator.away_reason,
        back_at=None if operator.back_at is None else to_ms(operator.back_at),
        away_reasons=get_settings().away_reasons,
        has_rules=rules.version > 0 or bool(operator.duties),
        owes_confirmation=owes_confirmation(operator_id=actor.id),
        earned=own_commission(actor=actor, at=at),
    )


def thread(*, conversation: Conversation) -> objects.Thread:
    """Return the newest part of one conversation as staff see it."""
    (row,) = list_rows(public_ids=[conversation.public_id.hex])
    span = entries_before(
        conversation_id=conversation.pk,
        before=conversation.head + 1,
        limit=THREAD_ENTRIES,
    )
    return objects.Thread(
        conversation=row,
        epoch=current_epoch(),
        marks=marks_of(conversation_ids=[conversation.pk])[conversation.pk],
        visitor=card(conversation.visitor),
        operators=_operators_of(conversation),
        entries=entries_of(span, staff=True),
        covers_from=span.first,
        covers_to=span.last,
        past=tuple(_past(each) for each in _earlier(conversation)),
        first_reply_s=conversation.first_reply_s,
        letter=letter_of(conversation),
    )


def _operators_of(conversation: Conversation) -> tuple[objects.OperatorCard, ...]:
    authors = Entry.objects.filter(
        conversation=conversation, author_kind=AuthorKind.OPERATOR
    ).values("author_id")
    rows = Operator.objects.filter(pk__in=authors).order_by("pk")
    return tuple(card_of(row) for row in rows)


def _earlier(conversation: Conversation) -> list[Conversation]:
    return list_past(conversation=conversation, limit=PAST_DIALOGS)


def _past(conversation: Conversation) -> objects.PastDialog:
    answered_by = conversation.first_answered_by
    begun_at = conversation.first_message_at or conversation.created_at
    return objects.PastDialog(
        conv=conversation.public_id.hex,
        preview=conversation.preview,
        at=to_ms(begun_at),
        operator="" if answered_by is None else answered_by.name,
        thumb=conversation.thumb or None,
    )
