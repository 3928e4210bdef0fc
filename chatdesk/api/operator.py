"""What the workspace may ask about the operator himself and his list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chatdesk import clock
from chatdesk.api.authentication import OperatorAuthentication
from chatdesk.api.base import ChatView, answer, read_number
from chatdesk.api.permissions import IsKnown
from chatdesk.errors import Invalid
from chatdesk.selectors.canned import list_canned
from chatdesk.selectors.desk import desk_frames, log_frames
from chatdesk.selectors.inbox import list_closed, list_inbox, list_left
from chatdesk.selectors.letters import list_answered, list_open
from chatdesk.selectors.operators import get_desk
from chatdesk.selectors.regulation import regulation_of
from chatdesk.selectors.snapshots import operator_session
from chatdesk.services.activity import Tab, hear_workspace
from chatdesk.services.presence import Absence, choose_status
from chatdesk.services.regulation import acknowledge_regulation
from chatdesk.wire.answers import (
    InboxPage,
    LeftPage,
    LettersPage,
    PolledFrames,
    PostPoll,
    PresenceState,
)
from chatdesk.wire.frames import PostAcknowledgement, PostPresence
from chatdesk.wire.objects import CannedReply, OperatorSession, Regulation, from_ms

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
        return answer(operator_session(actor=self.actor, at=clock.now()))


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


class LettersView(OperatorView):
    """Letters: all that wait for an answer, or a page of those that have one."""

    answers = {200: LettersPage}
    query = {"state": "string", "before": "integer"}

    def get(self, request: Request) -> Response:
        state = request.GET.get("state") or "open"
        before = read_number(request.GET, "before")
        if state == "open":
            return answer(LettersPage(rows=tuple(list_open())))
        if state != "answered":
            raise Invalid
        rows, following = list_answered(before=before, limit=PAGE)
        return answer(LettersPage(rows=tuple(rows), next=following))


class PollView(OperatorView):
    """What the socket would bring, for a workspace whose network blocks sockets.

    Who asks is here: each question keeps his lease as a heartbeat would.
    """

    body = PostPoll
    answers = {200: PolledFrames}

    def post(self, request: Request) -> Response:
        at, actor, body = clock.now(), self.actor, self.read(PostPoll)
        tab = Tab(body.tab, idle_s=body.idle, is_hidden=body.hidden)
        hear_workspace(actor=actor, tab=tab, at=at)
        frames = (*desk_frames(actor=actor, at=at), *log_frames(places=body.resume))
        return answer(PolledFrames(frames=frames))


class LeftView(OperatorView):
    """A page of the dialogs that were left without an answer."""

    answers = {200: LeftPage}
    query = {"before": "string"}

    def get(self, request: Request) -> Response:
        return answer(list_left(before=request.GET.get("before", ""), limit=PAGE))


class PresenceView(OperatorView):
    """The switch: online, away, offline."""

    body = PostPresence
    answers = {200: PresenceState}

    def post(self, request: Request) -> Response:
        at, actor, body = clock.now(), self.actor, self.read(PostPresence)
        back_at = None if body.back_at is None else from_ms(body.back_at)
        absence = Absence(reason=body.reason, back_at=back_at)
        choose_status(actor=actor, status=body.status, at=at, absence=absence)
        desk = get_desk(operator_id=actor.id, at=at)
        return answer(
            PresenceState(
                status=desk.operator.status,
                load=desk.load,
                capacity=desk.operator.capacity,
                reason=desk.operator.away_reason,
                back_at=body.back_at if desk.operator.back_at else None,
            )
        )


class RegulationView(OperatorView):
    """The shop's rules of work; posting a version says that it was read."""

    body = PostAcknowledgement
    answers = {200: Regulation}

    def get(self, request: Request) -> Response:
        return answer(regulation_of(operator_id=self.actor.id, at=clock.now()))

    def post(self, request: Request) -> Response:
        version = self.read(PostAcknowledgement).version
        acknowledge_regulation(actor=self.actor, version=version, at=clock.now())
        return answer(regulation_of(operator_id=self.actor.id, at=clock.now()))


class CannedView(OperatorView):
    """Prepared answers, shared and the operator's own."""

    answers = {200: list[CannedReply]}
    query = {"language": "string"}

    def get(self, request: Request) -> Response:
        language = request.GET.get("language", "")
        if len(language) > LONGEST_LANGUAGE or "\0" in language:
            raise Invalid
        return answer(list_canned(operator_id=self.actor.id, language=language))
