"""What a visitor may say and do in his own conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chatdesk import clock
from chatdesk.api.base import answer, done, read_id, read_key, require_key
from chatdesk.api.permissions import IsKnown
from chatdesk.api.throttling import MessageThrottle, RequestThrottle, address_of
from chatdesk.api.twins import ConversationView, MarksTwin, MessageTwin
from chatdesk.api.visitor import VisitorView
from chatdesk.limits import allow_typing
from chatdesk.selectors.conversations import get_for_visitor
from chatdesk.selectors.storefronts import may_peek
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation
from chatdesk.services.letters import LetterIntent, leave_contact, leave_letter
from chatdesk.services.ratings import rate_conversation
from chatdesk.services.transcripts import request_transcript
from chatdesk.services.typing import share_sign, share_typing
from chatdesk.wire.answers import CopyAnswer, Done, PostTyping
from chatdesk.wire.frames import (
    PostClose,
    PostContact,
    PostLetter,
    PostRating,
    PostTranscript,
)

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
            at=clock.now(),
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
            at=clock.now(),
        )
        return done()


class TranscriptView(OwnConversationView):
    """Promises a copy by mail."""

    body = PostTranscript
    answers = {202: CopyAnswer}

    def post(self, request: Request, conversation: str) -> Response:
        body = self.read(PostTranscript)
        promised = request_transcript(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            email=body.email,
            code=body.code,
            network_address=address_of(request._request),
            cmid=read_key(request),
            at=clock.now(),
        )
        return answer(CopyAnswer(needs_code=promised is None), status=202)


class LetterView(OwnConversationView):
    """Leaves a letter; sent again with the same key, it is the same letter."""

    throttle_classes = (RequestThrottle, MessageThrottle)
    body = PostLetter
    answers = {200: Done, 201: Done}

    def post(self, request: Request, conversation: str) -> Response:
        cmid, body = require_key(request), self.read(PostLetter)
        intent = LetterIntent(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            cmid=cmid,
            text=body.text,
            contact=body.contact,
        )
        left = leave_letter(intent, at=clock.now())
        return done(status=200 if left.is_repeat else 201)


class ContactView(OwnConversationView):
    """Notes where a waiting visitor would like to be answered."""

    throttle_classes = (RequestThrottle, MessageThrottle)
    body = PostContact
    answers = {200: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body = self.read(PostContact)
        leave_contact(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            contact=body.contact,
            cmid=read_key(request),
            at=clock.now(),
        )
        return done()


class TypingView(OwnConversationView):
    """Relays a typing sign or a draft; too many are dropped without a word."""

    body = PostTyping
    answers = {202: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body, row = self.read(PostTyping), self.find(conversation)
        if allow_typing(visitor_id=self.actor.id, public_id=row.public_id) is None:
            public_id, at = row.public_id.hex, clock.now()
            if body.text is not None and may_peek():
                share_typing(
                    public_id=public_id, actor=self.actor, text=body.text, at=at
                )
            else:
                share_sign(public_id=public_id, actor=self.actor, at=at)
        return done(status=202)
