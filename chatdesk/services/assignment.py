"""Who leads a dialog, changed by staff: handed over, refused, taken over.

Each is one draft under the conversation's lock, so two who act at once get one owner.
"""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from chatdesk.actors import SYSTEM, Actor, OperatorActor
from chatdesk.conf import get_settings
from chatdesk.errors import AlreadyTaken, Closed, Forbidden, Invalid, NoPlaceThere
from chatdesk.models import Conversation, Entry, Operator
from chatdesk.selectors.operators import get_desk
from chatdesk.services.log import (
    ADMITTED,
    Admission,
    Appended,
    Draft,
    Line,
    Rule,
    append,
    append_entries,
)
from chatdesk.services.owners import (
    NOTE_LENGTH,
    Reason,
    forget_offer,
    give_to,
    note_facts,
)
from chatdesk.wire.decode import clean_text

AT_ONCE = 200


def offer_conversation(  # noqa: PLR0913 - all by keyword, all needed
    *,
    conversation_id: int,
    actor: OperatorActor,
    to_id: int,
    note: str,
    at: datetime,
) -> Conversation:
    """Ask a colleague to take a dialog over; it stays with its owner until he accepts.

    Raises ``Forbidden`` for whoever neither leads it nor manages, and ``NoPlaceThere``
    for a colleague who cannot take it now.
    """
    note = clean_text(note, max_length=NOTE_LENGTH) if note.strip() else ""
    desk = get_desk(operator_id=to_id, at=at)
    if not desk.has_place or not desk.operator.is_active:
        raise NoPlaceThere
    data = {
        "name": actor.name,
        "to": desk.operator.name,
        "to_id": str(to_id),
        "note": note,
    }
    rule = partial(_admit_offer, actor, to_id, note)
    draft = _draft(conversation_id, actor, Entry.Kind.OFFERED, rule, data)
    return append(draft, at=at).conversation


def accept_offer(
    *, conversation_id: int, actor: OperatorActor, at: datetime
) -> Conversation:
    """Take over what was offered; raises ``CapacityFull`` or ``AlreadyTaken``."""
    rule = partial(_admit_accept, actor)
    return append(_taking(conversation_id, actor, rule), at=at).conversation


def decline_offer(
    *, conversation_id: int, actor: OperatorActor, at: datetime
) -> Conversation:
    """Refuse an offer, or take back one's own; the dialog stays with its owner."""
    rule = partial(_admit_decline, actor)
    data = {"name": actor.name}
    draft = _draft(conversation_id, actor, Entry.Kind.DECLINED, rule, data)
    return append(draft, at=at).conversation


def take_over_conversation(
    *, conversation_id: int, actor: OperatorActor, reason: str, at: datetime
) -> Conversation:
    """Let a manager lead what a colleague leads; staff read why.

    Raises ``Forbidden`` for others and ``Invalid`` without a reason.
    """
    if not actor.is_manager:
        raise Forbidden
    if not reason.strip():
        raise Invalid
    words = clean_text(reason, max_length=NOTE_LENGTH)
    rule = partial(_admit_take_over, actor, words)
    return append(_taking(conversation_id, actor, rule), at=at).conversation


def return_offers(*, at: datetime) -> int:
    """End the offers that nobody answered in time; return how many."""
    rows = Conversation.objects.in_progress().filter(offered_until__lte=at)
    names = dict(rows.values_list("pk", "offered_to__name")[:AT_ONCE])
    if not names:
        return 0
    drafts = [
        _draft(
            pk,
            SYSTEM,
            Entry.Kind.DECLINED,
            _admit_late_offer,
            {"name": name or "", "reason": "unanswered"},
        )
        for pk, name in names.items()
    ]
    written = append_entries(drafts, at=at, wait=False)
    return sum(isinstance(each, Appended) for each in written)


def routed(how: Reason, **facts: Any) -> Line:
    """Return the line in which staff read who got a dialog, from whom and why."""
    return Line(
        Entry.Kind.ROUTED, uuid4(), data={"how": how.value, **facts}, staff_only=True
    )


def _draft(  # noqa: PLR0913, PLR0917 - private, in one place
    conversation_id: int,
    actor: Actor,
    kind: Entry.Kind,
    rule: Rule,
    data: dict[str, Any],
) -> Draft:
    return Draft(
        conversation_id=conversation_id,
        author_kind=actor.author_kind,
        author_id=actor.id,
        cmid=uuid4(),
        kind=kind,
        admit=rule,
        data=data,
        staff_only=kind != Entry.Kind.TAKEN,
    )


def _taking(conversation_id: int, actor: OperatorActor, rule: Rule) -> Draft:
    kind = Entry.Kind.TAKEN
    return _draft(conversation_id, actor, kind, rule, {"name": actor.name})


def _admit_offer(  # noqa: PLR0913, PLR0917 - private, in one place
    actor: OperatorActor,
    to_id: int,
    note: str,
    conversation: Conversation,
    at: datetime,
) -> Admission:
    if conversation.status != Conversation.Status.OPEN:
        raise Closed
    if conversation.operator_id != actor.id and not actor.is_manager:
        raise Forbidden
    if conversation.operator_id == to_id:
        raise AlreadyTaken
    note_facts(
        conversation,
        offered_to=Operator(pk=to_id),
        offered_until=at + get_settings().offer_within,
        offer_note=note,
    )
    return ADMITTED


def _admit_accept(
    actor: OperatorActor, conversation: Conversation, at: datetime
) -> Admission:
    if conversation.offered_to_id != actor.id:
        owner = conversation.operator
        raise AlreadyTaken(detail=owner.name if owner else "")
    note, former = conversation.offer_note, conversation.operator
    give_to(conversation, actor.id, Reason.HANDED, at=at, note=note)
    return Admission(
        leading=(
            routed(
                Reason.HANDED,
                to=actor.name,
                note=note,
                **{"from": former.name if former else ""},
            ),
        )
    )


def _admit_decline(
    actor: OperatorActor, conversation: Conversation, _at: datetime
) -> Admission:
    parties = (conversation.offered_to_id, conversation.operator_id)
    if conversation.offered_to_id is None:
        raise Closed
    if actor.id not in parties and not actor.is_manager:
        raise Forbidden
    forget_offer(conversation)
    return ADMITTED


def _admit_late_offer(conversation: Conversation, at: datetime) -> Admission:
    until = conversation.offered_until
    if until is None or until > at:
        raise Closed
    forget_offer(conversation)
    return ADMITTED


def _admit_take_over(
    actor: OperatorActor, reason: str, conversation: Conversation, at: datetime
) -> Admission:
    former = conversation.operator
    if conversation.status != Conversation.Status.OPEN or former is None:
        raise Closed
    if former.pk == actor.id:
        raise AlreadyTaken
    give_to(conversation, actor.id, Reason.TAKEN_OVER, at=at, note=reason)
    line = routed(
        Reason.TAKEN_OVER, to=actor.name, note=reason, **{"from": former.name}
    )
    return Admission(leading=(line,))
