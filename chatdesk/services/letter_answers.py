"""Letters that are answered by messenger or phone, and not in the dialog."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from chatdesk.actors import OperatorActor
from chatdesk.errors import Closed, Forbidden, NotFound
from chatdesk.models import Conversation, Entry, Letter
from chatdesk.services.letter_tasks import settle_elsewhere
from chatdesk.services.log import ADMITTED, Admission, Appended, Draft, append
from chatdesk.services.owners import note_facts


def answer_elsewhere(
    *, conversation_id: int, actor: OperatorActor, cmid: UUID, at: datetime
) -> Appended:
    """Note that a letter was answered where its author asked for; staff read where.

    Raises ``Forbidden`` for whoever does not lead the dialog, ``Closed`` for an ended
    one, and ``NotFound`` where no letter is open.
    """
    letter = (
        Letter.objects.filter(conversation=conversation_id).order_by("-left_at").first()
    )
    if letter is None or not letter.contact:
        raise NotFound
    kind = letter.get_contact_kind_display()
    draft = Draft(
        conversation_id=conversation_id,
        author_kind=actor.author_kind,
        author_id=actor.id,
        cmid=cmid,
        kind=Entry.Kind.NOTE,
        admit=partial(_admit, actor),
        text=_("Letter answered: %(kind)s, %(contact)s")
        % {"kind": kind, "contact": letter.contact},
        staff_only=True,
    )
    return append(draft, at=at)


def _admit(actor: OperatorActor, conversation: Conversation, at: datetime) -> Admission:
    if conversation.is_closed:
        raise Closed
    if not conversation.is_held_by(actor.id):
        raise Forbidden
    if conversation.letter_due_at is None:
        raise NotFound
    settle_elsewhere(conversation, operator_id=actor.id, at=at)
    if conversation.left_at is not None:
        note_facts(conversation, left_at=None)
    return ADMITTED
