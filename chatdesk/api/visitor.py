"""What a visitor's page may ask before and while a conversation begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, cast

from django.conf import settings as host_settings
from django.db import transaction

from chatdesk import clock
from chatdesk.api.authentication import (
    NoAuthentication,
    VisitorAuthentication,
    user_id_of,
    visitor_cookie_of,
)
from chatdesk.api.base import ChatView, answer
from chatdesk.api.throttling import RequestThrottle, address_of
from chatdesk.api.visits import note_beginning
from chatdesk.conf import get_settings
from chatdesk.errors import NotFound, RateLimited
from chatdesk.limits import allow_start
from chatdesk.selectors.conversations import list_for_visitor
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.hours import hours_around
from chatdesk.selectors.recent import recent_availability
from chatdesk.selectors.snapshots import conversation_of, visitor_session
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.carts import note_shop_key
from chatdesk.services.conversations import begin_conversation
from chatdesk.services.visitors import PageSeen, make_visitor, note_page
from chatdesk.tokens import (
    is_worth_renewing,
    read_visitor_cookie,
    sign_visitor_cookie,
)
from chatdesk.wire.frames import PostSession
from chatdesk.wire.objects import (
    Availability,
    ConversationForVisitor,
    OpeningHours,
    VisitorSession,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rest_framework.permissions import BasePermission
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.throttling import BaseThrottle

    from chatdesk.models import Visitor

RECENT = 5


class VisitorView(ChatView):
    """A view of the visitor's side."""

    authentication_classes = (VisitorAuthentication,)
    permission_classes: Sequence[type[BasePermission]] = ()
    throttle_classes: Sequence[type[BaseThrottle]] = (RequestThrottle,)
    security = {"visitor": []}

    @property
    def visitor(self) -> Visitor | None:
        """Return the visitor of the cookie, if he is known."""
        return cast("Visitor | None", self.request.auth)


class StatusView(ChatView):
    """Whether anyone is there; asked by every page of the shop, so it knows nobody."""

    authentication_classes = (NoAuthentication,)
    permission_classes = ()
    throttle_classes = (RequestThrottle,)
    answers = {200: Availability}

    def get(self, request: Request) -> Response:
        return answer(recent_availability.get())


class HoursView(ChatView):
    """When the shop is there; asked where a letter is written, so it knows nobody."""

    authentication_classes = (NoAuthentication,)
    permission_classes = ()
    throttle_classes = (RequestThrottle,)
    answers = {200: OpeningHours}

    def get(self, request: Request) -> Response:
        return answer(hours_around(clock.now()))


class NothingView(ChatView):
    """What is no address of the API, told as the API tells things."""

    schema = None
    authentication_classes = (NoAuthentication,)
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse, whatever the method."""
        raise NotFound


class SessionView(VisitorView):
    """What the widget starts from. It makes nobody: who only looks leaves no trace."""

    body = PostSession
    answers = {200: VisitorSession}

    def post(self, request: Request) -> Response:
        at, visitor, body = clock.now(), self.visitor, self.read(PostSession)
        if visitor is None:
            response = answer(visitor_session(actor=None, at=at))
            _forget(response, request)
            return response
        note_page(visitor_id=visitor.pk, page=_page(request, body), at=at)
        note_shop_key(visitor=visitor, request=request._request)
        response = answer(visitor_session(actor=actor_of(visitor), at=at))
        cookie = visitor_cookie_of(request._request)
        if (
            is_worth_renewing(cookie)
            or read_visitor_cookie(cookie) != visitor.public_id
        ):
            _remember(response, visitor, request)
        return response


class ConversationsView(VisitorView):
    """Begins the visitor's conversation, or returns the one that is not finished."""

    body = PostSession
    answers = {200: ConversationForVisitor, 201: ConversationForVisitor}

    def post(self, request: Request) -> Response:
        at, known, body = clock.now(), self.visitor, self.read(PostSession)
        _count_start(request, known)
        with transaction.atomic():
            visitor = known or make_visitor(
                storefront=get_storefront(),
                user_id=user_id_of(request._request),
                page=_page(request, body),
                at=at,
            )
            conversation, created = begin_conversation(
                visitor=visitor, language=body.language, at=at
            )
        note_shop_key(visitor=visitor, request=request._request)
        if created:
            note_beginning(
                request._request,
                conversation=conversation,
                visitor=visitor,
                page=_page(request, body),
            )
        response = answer(
            conversation_of(conversation, epoch=current_epoch()),
            status=201 if created else 200,
        )
        _remember(response, visitor, request)
        return response


def _page(request: Request, body: PostSession) -> PageSeen:
    return PageSeen(
        url=body.page_url,
        title=body.page_title,
        referrer=body.referrer,
        language=body.language,
        user_agent=request.headers.get("User-Agent", ""),
    )


def _count_start(request: Request, visitor: Visitor | None) -> None:
    # A page that asks again for the conversation it has begun costs nothing.
    if visitor is not None:
        latest = list_for_visitor(actor=actor_of(visitor), limit=RECENT)
        if not all(each.is_closed for each in latest):
            return
    seconds = allow_start(address=address_of(request._request))
    if seconds is not None:
        raise RateLimited(retry_after=seconds)


def _remember(response: Response, visitor: Visitor, request: Request) -> None:
    settings = get_settings()
    response.set_cookie(
        settings.visitor_cookie,
        sign_visitor_cookie(visitor.public_id),
        max_age=settings.visitor_cookie_age,
        path=host_settings.SESSION_COOKIE_PATH,
        secure=request.is_secure() or host_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _forget(response: Response, request: Request) -> None:
    # It names somebody whose login has ended: on a shared computer, somebody else.
    if visitor_cookie_of(request._request):
        response.delete_cookie(
            get_settings().visitor_cookie,
            path=host_settings.SESSION_COOKIE_PATH,
            samesite="Lax",
        )
