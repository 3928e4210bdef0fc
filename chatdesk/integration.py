"""What a shop's own code may call."""

from django.http import HttpRequest
from django.utils import timezone

from chatdesk.conf import get_settings
from chatdesk.errors import NotFound
from chatdesk.selectors.archive import has_dialogs
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of, get_visitor
from chatdesk.services.canned import keep_canned_reply
from chatdesk.services.imports import import_dialogs, import_presence
from chatdesk.services.operators import enrol_operator
from chatdesk.services.past import PastDialog, PastEntry, PastPresence, PastVisitor
from chatdesk.services.storefronts import describe_storefront
from chatdesk.tokens import read_visitor_cookie

__all__ = [
    "PastDialog",
    "PastEntry",
    "PastPresence",
    "PastVisitor",
    "describe_storefront",
    "enrol_operator",
    "has_dialogs",
    "import_dialogs",
    "import_presence",
    "keep_canned_reply",
    "status",
    "unread_count",
]


def status() -> str:
    """Return ``online``, ``busy`` or ``away``: whether anybody would answer now."""
    return get_availability(at=timezone.now()).state


def unread_count(request: HttpRequest) -> int:
    """Return how many answers the person behind a request has not read yet.

    Costs no query for somebody who never wrote. Keep it out of pages that a shared
    cache holds: it is about one person.
    """
    cookie = request.COOKIES.get(get_settings().visitor_cookie, "")
    public_id = read_visitor_cookie(cookie)
    if public_id is None:
        return 0
    user = getattr(request, "user", None)
    user_id = user.pk if user is not None and user.is_authenticated else None
    try:
        visitor = get_visitor(public_id=public_id, user_id=user_id)
    except NotFound:
        return 0
    return unread_of_visitor(actor=actor_of(visitor))
