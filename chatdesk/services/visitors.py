"""Visitors: who writes, and what staff note down about him."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chatdesk.actors import OperatorActor
from chatdesk.doorbell.listeners import Bell
from chatdesk.doorbell.ring import ring
from chatdesk.models import Conversation, Storefront, Visitor
from chatdesk.selectors.visitors import get_visitor


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What the visitor's browser says about the page on which he writes."""

    url: str = ""
    title: str = ""
    referrer: str = ""
    language: str = ""
    user_agent: str = ""


def make_visitor(
    *, storefront: Storefront, user_id: int | None, page: PageSeen, at: datetime
) -> Visitor:
    """Make a visitor; called when the first message is about to be sent."""
    return Visitor.objects.create(
        storefront=storefront,
        user_id=user_id,
        language=page.language[:35],
        user_agent=page.user_agent[:300],
        page_url=_without_query(page.url),
        page_title=page.title[:300],
        referrer=_without_query(page.referrer),
        created_at=at,
        latest_seen_at=at,
    )


def recognise_visitor(*, public_id: UUID | None, user_id: int | None) -> Visitor:
    """Return the visitor behind a cookie and a login of the shop.

    Who wrote as a stranger and then signed in is tied to his login from now on, for
    good: two customers never become one. Raises ``NotFound``.
    """
    visitor = get_visitor(public_id=public_id, user_id=user_id)
    if user_id is not None and visitor.user_id is None:
        strangers = Visitor.objects.filter(pk=visitor.pk, user=None)
        if not strangers.update(user_id=user_id):
            # Somebody signed in from another tab between our look and our word.
            return get_visitor(public_id=public_id, user_id=user_id)
        visitor.user_id = user_id
    return visitor


def note_page(*, visitor_id: int, page: PageSeen, at: datetime) -> None:
    """Remember the page a known visitor is on now."""
    Visitor.objects.filter(pk=visitor_id).update(
        page_url=_without_query(page.url),
        page_title=page.title[:300],
        latest_seen_at=at,
    )


def note_seen(*, visitor_ids: list[int], at: datetime) -> None:
    """Remember that visitors' sockets were heard from."""
    Visitor.objects.filter(pk__in=visitor_ids).update(latest_seen_at=at)


def write_card(
    *, visitor_id: int, actor: OperatorActor, name: str | None, contact: str | None
) -> Visitor:
    """Store what staff learned; ``None`` leaves a field as it is.

    Rows of the operators' list that show the name are sent anew.
    """
    visitor = Visitor.objects.get(pk=visitor_id)
    visitor.name = visitor.name if name is None else name.strip()
    visitor.contact = visitor.contact if contact is None else contact.strip()
    visitor.save(update_fields=["name", "contact"])
    rows = Conversation.objects.in_progress().filter(visitor=visitor)
    bells = [Bell(row.pk, row.public_id.hex, row.head) for row in rows]
    transaction.on_commit(lambda: ring(bells), robust=True)
    return visitor


def _without_query(url: str) -> str:
    # Query strings carry tokens and search terms that nobody agreed to hand over.
    return url.split("?", 1)[0].split("#", 1)[0][:1000]
