"""The holding text by an operator's own hand: a word that somebody comes, no answer.

It asks for patience as the ladder does at the limit, in the shop's words, and like that
it is marked as automatic and changes no clock: only a person's own words answer.
"""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from chatdesk.actors import SYSTEM, OperatorActor
from chatdesk.errors import Closed, Forbidden, Stale
from chatdesk.models import Conversation, Entry
from chatdesk.selectors.storefronts import automatic_text
from chatdesk.services.log import ADMITTED, Admission, Appended, Draft, append
from chatdesk.services.owners import note_facts


def hold_visitor(
    *,
    conversation: Conversation,
    actor: OperatorActor,
    at: datetime,
    cmid: UUID | None = None,
) -> Appended:
    """Send the holding text to a visitor who waits; the ladder then says it no more.

    By whoever leads the dialog; by anybody while it waits for anyone. Raises ``Stale``
    when the question has its answer or the text already, ``Forbidden`` for others'.
    """
    draft = Draft(
        conversation_id=conversation.pk,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=cmid or uuid4(),
        kind=Entry.Kind.AUTO,
        admit=partial(_admit, actor),
        text=automatic_text(
            conversation.storefront, "holding", language=conversation.language
        ),
        data={"step": "hold", "name": actor.name},
    )
    return append(draft, at=at)


def is_held_off(conversation: Conversation) -> bool:
    """Return whether the question that waits now was met with the holding text."""
    since, told = conversation.waiting_since, conversation.holding_at
    return since is not None and told is not None and told >= since


def _admit(actor: OperatorActor, conversation: Conversation, at: datetime) -> Admission:
    if conversation.is_closed:
        raise Closed
    if conversation.operator_id not in {None, actor.id}:
        raise Forbidden
    if conversation.waiting_since is None or is_held_off(conversation):
        raise Stale
    note_facts(conversation, holding_at=at)
    return ADMITTED
