"""What pages tell of looks at them, and what operators see of visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication

from chatdesk import clock
from chatdesk.api.authentication import require_json, require_same_origin
from chatdesk.api.base import ChatView, answer, done, read_id
from chatdesk.api.operator import OperatorView
from chatdesk.api.operator_conversation import DeskConversationView
from chatdesk.api.throttling import RequestThrottle
from chatdesk.insight.browser import key_of_visitor, read_browser
from chatdesk.insight.consent import is_watched
from chatdesk.insight.seen import Begun, Browser, Looked
from chatdesk.selectors.visits import live_visits, visit_card, visit_of_conversation
from chatdesk.services.visits import track_visit
from chatdesk.wire.answers import Done
from chatdesk.wire.visits import LiveVisits, PostLook, VisitAnswer

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request
    from rest_framework.response import Response

    from chatdesk.models import Conversation, Visitor
    from chatdesk.services.visitors import PageSeen


class OwnPageAuthentication(BaseAuthentication):
    """Asks no database who it is, but lets only pages of the site itself speak."""

    def authenticate(self, request: Request) -> None:
        """Refuse what another site made the browser send."""
        require_same_origin(request._request)
        require_json(request._request)


class LookView(ChatView):
    """A page says for how long it was visible; kept where a visit may be kept."""

    authentication_classes = (OwnPageAuthentication,)
    permission_classes = ()
    throttle_classes = (RequestThrottle,)
    body = PostLook
    answers = {200: Done}

    def post(self, request: Request) -> Response:
        body, browser = self.read(PostLook), read_browser(request._request)
        if browser is not None:
            look = Looked(
                browser=browser,
                at=clock.now(),
                path=body.path,
                visible_s=body.seconds,
                zone=body.zone,
                is_leaving=body.leaving,
            )
            track_visit(look)
        return done()


class LiveView(OperatorView):
    """The visitors on the site now."""

    answers = {200: LiveVisits}

    def get(self, request: Request) -> Response:
        return answer(live_visits.get())


class LiveVisitView(OperatorView):
    """One of them in full."""

    answers = {200: VisitAnswer}

    def get(self, request: Request, visit: str) -> Response:
        found = visit_card(read_id(visit), at=clock.now())
        return answer(VisitAnswer(visit=found))


class ConversationVisitView(DeskConversationView):
    """The visit of the visitor of a dialog: the one that goes on, else his latest."""

    answers = {200: VisitAnswer}

    def get(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        found = visit_of_conversation(row, at=clock.now())
        return answer(VisitAnswer(visit=found))


def note_beginning(
    request: HttpRequest,
    *,
    conversation: Conversation,
    visitor: Visitor,
    page: PageSeen,
) -> None:
    """Keep on which page a dialog began; the visit is his from now on.

    The page belongs to the dialog, so it is kept even where visits are not.
    """
    if not is_watched():
        return
    browser = read_browser(request)
    track_visit(
        Begun(
            browser=Browser(keys=()) if browser is None else browser,
            at=conversation.created_at,
            conversation_id=conversation.pk,
            visitor_id=visitor.pk,
            visitor_key=key_of_visitor(visitor.public_id) if browser else "",
            path=page.url,
            title=page.title,
        )
    )
