"""What the workspace may ask about the operator himself and his list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone

from chatdesk.api.authentication import OperatorAuthentication
from chatdesk.api.base import ChatView, answer, read_number
from chatdesk.api.permissions import IsKnown
from chatdesk.errors import Invalid
from chatdesk.selectors.canned import list_canned
from chatdesk.selectors.inbox import list_closed, list_inbox
from chatdesk.selectors.operators import get_desk
from chatdesk.selectors.snapshots import operator_session
from chatdesk.services.presence import choose_status
from chatdesk.wire.answers import InboxPage, PresenceState
from chatdesk.wire.frames import PostPresence
from chatdesk.wire.objects import CannedReply, OperatorSession

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

    from chatdesk.actors import OperatorActor

PAGE = 50
LONGEST_LANGUAGE = 35


class OperatorView(ChatView):
    """A view of the operator's side."""

    authentication_classes = (OperatorAuthentication,)
    permission_classes = (IsKnown,)
    security = {"operator": [], "csrf": []}

    @property
    def actor(self) -> OperatorActor:
        """Return the operator who acts."""
        return cast("OperatorActor", self.request.auth)


class SessionView(OperatorView):
    """What the workspace starts from."""

    answers = {200: OperatorSession}

    def get(self, request: Request) -> Response:
        return answer(operator_session(actor=self.actor, at=timezone.now()))


class InboxView(OperatorView):
    """The list of dialogs: all unfinished ones, or a page of finished ones."""

    answers = {200: InboxPage}
    query = {"tab": "string", "before": "integer"}

    def get(self, request: Request) -> Response:
        tab = request.GET.get("tab") or "open"
        before = read_number(request.GET, "before")
        if tab == "open":
            return answer(InboxPage(rows=tuple(list_inbox())))
        if tab != "closed":
            raise Invalid
        rows, following = list_closed(before=before, limit=PAGE)
        return answer(InboxPage(rows=tuple(rows), next=following))


class PresenceView(OperatorView):
    """The switch: online, away, offline."""

    body = PostPresence
    answers = {200: PresenceState}

    def post(self, request: Request) -> Response:
        at, actor = timezone.now(), self.actor
        choose_status(actor=actor, status=self.read(PostPresence).status, at=at)
        desk = get_desk(operator_id=actor.id, at=at)
        return answer(
            PresenceState(
                status=desk.operator.status,
                load=desk.load,
                capacity=desk.operator.capacity,
            )
        )


class CannedView(OperatorView):
    """Prepared answers, shared and the operator's own."""

    answers = {200: list[CannedReply]}
    query = {"language": "string"}

    def get(self, request: Request) -> Response:
        language = request.GET.get("language", "")
        if len(language) > LONGEST_LANGUAGE or "\0" in language:
            raise Invalid
        return answer(list_canned(operator_id=self.actor.id, language=language))
