"""What a visitor may say and do in his own conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone

from chatdesk.api.base import done, read_id, read_key
from chatdesk.api.permissions import IsKnown
from chatdesk.api.throttling import MessageThrottle, RequestThrottle
from chatdesk.api.twins import ConversationView, MarksTwin, MessageTwin
from chatdesk.api.visitor import VisitorView
from chatdesk.limits import allow_typing
from chatdesk.selectors.conversations import get_for_visitor
from chatdesk.selectors.storefronts import may_peek
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation
from chatdesk.services.ratings import rate_conversation
from chatdesk.services.transcripts import request_transcript
from chatdesk.services.typing import share_sign, share_typing
from chatdesk.wire.answers import Done, PostTyping
from chatdesk.wire.frames import PostClose, PostRating, PostTranscript

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

    from chatdesk.actors import VisitorActor
    from chatdesk.models import Conversation, Visitor


class OwnConversationView(VisitorView, ConversationView):
    """A view of one conversation of a visitor who is known."""

    permission_classes = (IsKnown,)

    @property
    def actor(self) -> VisitorActor:
        """Return the visitor as one who acts."""
        return actor_of(cast("Visitor", self.visitor))

    def find(self, conversation: str) -> Conversation:
        """Return the visitor's own conversation; raises ``NotFound``."""
        return get_for_visitor(public_id=read_id(conversation), actor=self.actor)


class MessagesView(MessageTwin, OwnConversationView):
    """A visitor's message."""

    throttle_classes = (RequestThrottle, MessageThrottle)


class MarksView(MarksTwin, OwnConversationView):
    """A visitor's marks."""


class CloseView(OwnConversationView):
    """Ends the visitor's own conversation."""

    body = PostClose
    answers = {200: Done}

    def post(self, request: Request, conversation: str) -> Response:
        self.read(PostClose)
        close_conversation(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            cmid=read_key(request),
            at=timezone.now(),
        )
        return done()


class RatingView(OwnConversationView):
    """Stores a thumb and a sentence."""

    body = PostRating
    answers = {200: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body = self.read(PostRating)
        rate_conversation(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            thumb=body.thumb,
            comment=body.comment,
            cmid=read_key(request),
            at=timezone.now(),
        )
        return done()


class TranscriptView(OwnConversationView):
    """Promises a copy by mail."""

    body = PostTranscript
    answers = {202: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body = self.read(PostTranscript)
        request_transcript(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            email=body.email,
            cmid=read_key(request),
            at=timezone.now(),
        )
        return done(status=202)


class TypingView(OwnConversationView):
    """Relays a typing sign or a draft; too many are dropped without a word."""

    body = PostTyping
    answers = {202: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body, row = self.read(PostTyping), self.find(conversation)
        if allow_typing(visitor_id=self.actor.id, public_id=row.public_id) is None:
            public_id, at = row.public_id.hex, timezone.now()
            if body.text is not None and may_peek():
                share_typing(
                    public_id=public_id, actor=self.actor, text=body.text, at=at
                )
            else:
                share_sign(public_id=public_id, actor=self.actor, at=at)
        return done(status=202)
