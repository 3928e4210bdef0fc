"""A visitor: who stands behind a cookie, and what staff know of him."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from chatdesk.actors import VisitorActor
from chatdesk.errors import NotFound
from chatdesk.models import Conversation, Visitor
from chatdesk.wire.objects import VisitorCard, to_ms


def get_visitor(*, public_id: UUID | None, user_id: int | None) -> Visitor:
    """Return the visitor of a cookie, else the latest one of the shop's login.

    One who is tied to a login is found only for that same login: after somebody else
    signs in on a shared computer, there is nothing of him here. Raises ``NotFound``.
    """
    if public_id is not None:
        visitor = Visitor.objects.filter(public_id=public_id).first()
        if visitor is not None and visitor.user_id in (None, user_id):
            return visitor
    if user_id is not None:
        own = Visitor.objects.filter(user_id=user_id)
        visitor = own.order_by("-latest_seen_at", "-pk").first()
        if visitor is not None:
            return visitor
    raise NotFound


def customers_of(visitor_ids: Collection[int]) -> dict[int, AbstractBaseUser | None]:
    """Return which of these visitors exist, each with the login he is tied to."""
    rows = Visitor.objects.filter(pk__in=visitor_ids).values_list("pk", "user_id")
    tied = dict(rows)
    wanted = set(filter(None, tied.values()))
    users = get_user_model()._default_manager.in_bulk(wanted) if wanted else {}
    return {pk: users.get(user_id) for pk, user_id in tied.items()}


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
