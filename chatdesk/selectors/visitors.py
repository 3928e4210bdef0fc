"""A visitor: who stands behind a cookie, and what staff know of him."""

from uuid import UUID

from chatdesk.actors import VisitorActor
from chatdesk.errors import NotFound
from chatdesk.models import Conversation, Visitor
from chatdesk.wire.objects import VisitorCard, to_ms


def get_visitor(*, public_id: UUID, user_id: int | None) -> Visitor:
    """Return the visitor of a cookie.

    One who is tied to the shop's login is found only for that same login: after
    somebody else signs in on a shared computer, there is nothing of him here. Raises
    ``NotFound``.
    """
    visitor = Visitor.objects.filter(public_id=public_id).first()
    if visitor is None or visitor.user_id not in (None, user_id):
        raise NotFound
    return visitor


def actor_of(visitor: Visitor) -> VisitorActor:
    """Return the visitor as one who acts."""
    return VisitorActor(id=visitor.pk, public_id=visitor.public_id)


def card(visitor: Visitor) -> VisitorCard:
    """Return what staff know of a visitor."""
    user = visitor.user
    return VisitorCard(
        id=str(visitor.pk),
        name=visitor.name,
        number=visitor.pk,
        contact=visitor.contact,
        email=visitor.email,
        language=visitor.language,
        device=visitor.user_agent,
        page_url=visitor.page_url,
        page_title=visitor.page_title,
        referrer=visitor.referrer,
        user="" if user is None else user.get_username(),
        first_seen_at=to_ms(visitor.created_at),
        latest_seen_at=to_ms(visitor.latest_seen_at),
        dialogs=Conversation.objects.begun().filter(visitor=visitor).count(),
    )
