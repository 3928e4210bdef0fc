"""What becomes of those who were left without an answer."""

from datetime import datetime
from functools import partial
from uuid import uuid4

from django.db import transaction

from chatdesk.actors import OperatorActor, StaffActor
from chatdesk.errors import Stale
from chatdesk.models import Conversation, Entry
from chatdesk.services.audit import FOLLOWED, record_act
from chatdesk.services.log import ADMITTED, Admission, Draft, append
from chatdesk.services.owners import note_facts


def finish_follow_up(
    *, conversation_id: int, actor: OperatorActor | StaffActor, at: datetime
) -> bool:
    """Take a dialog off the list of those left without an answer.

    For whoever wrote or called by another way; an answer in the dialog does it by
    itself. Who and when stand in the log, for staff only, and in the audit. Returns
    whether it was on the list: of two who say so at once, one is written down.
    """
    draft = Draft(
        conversation_id=conversation_id,
        author_kind=actor.author_kind,
        author_id=actor.id,
        cmid=uuid4(),
        kind=Entry.Kind.FOLLOWED,
        admit=partial(_admit, actor.user_id),
        data={"name": actor.name},
        staff_only=True,
    )
    try:
        with transaction.atomic():
            append(draft, at=at)
            record_act(
                user_id=actor.user_id,
                conversation_id=conversation_id,
                act=FOLLOWED,
                at=at,
            )
    except Stale:
        return False
    return True


def _admit(user_id: int, conversation: Conversation, at: datetime) -> Admission:
    if not conversation.is_to_follow:
        raise Stale
    note_facts(conversation, followed_at=at, followed_by_id=user_id)
    return ADMITTED
