"""Ratings: a thumb that the visitor may change for a while."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from chatdesk.actors import VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import Closed, Invalid, NotFound
from chatdesk.models import Conversation, Entry, Rating
from chatdesk.services.log import ADMITTED, Admission, Appended, Draft, append


def rate_conversation(  # noqa: PLR0913 - all by keyword, all needed
    *,
    conversation_id: int,
    actor: VisitorActor,
    thumb: str,
    comment: str,
    at: datetime,
    cmid: UUID | None = None,
) -> Appended:
    """Store the visitor's like or dislike with an optional sentence.

    It may be changed until a day after closing; then ``Closed``. Raises ``Invalid`` for
    a thumb that is none and ``NotFound`` for somebody else's conversation.
    """
    if thumb not in Rating.Thumb.values or "\0" in comment:
        raise Invalid
    given = {"thumb": thumb, "comment": comment.strip()}
    return append(
        Draft(
            conversation_id=conversation_id,
            author_kind=actor.author_kind,
            author_id=actor.id,
            cmid=cmid or uuid4(),
            kind=Entry.Kind.RATED,
            admit=partial(_admit_rating, actor, given),
            data=given,
        ),
        at=at,
    )


def _admit_rating(
    actor: VisitorActor, given: dict[str, str], conversation: Conversation, at: datetime
) -> Admission:
    if conversation.visitor_id != actor.id:
        raise NotFound
    if conversation.status == Conversation.Status.NEW:
        raise Closed
    closed_at = conversation.closed_at
    if closed_at is not None and at - closed_at > get_settings().rating_changeable:
        raise Closed
    conversation.thumb = given["thumb"]
    Rating.objects.update_or_create(
        conversation=conversation,
        defaults={
            "operator_id": conversation.operator_id
            or conversation.first_answered_by_id,
            "rated_at": at,
            **given,
        },
    )
    return ADMITTED
