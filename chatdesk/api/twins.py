"""HTTP twins of frames that visitors and operators have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatdesk import clock
from chatdesk.api.base import ChatView, answer, done, require_key
from chatdesk.errors import Invalid
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.messages import MessageIntent, post_message
from chatdesk.wire.answers import Done
from chatdesk.wire.frames import PostMarks, PostMessage, Sent
from chatdesk.wire.objects import to_ms

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

    from chatdesk.actors import OperatorActor, VisitorActor
    from chatdesk.models import Conversation


class ConversationView(ChatView):
    """A view of one conversation, for somebody who may see it."""

    @property
    def actor(self) -> VisitorActor | OperatorActor:
        """Return who acts."""
        raise NotImplementedError

    def find(self, conversation: str) -> Conversation:
        """Return the conversation; raises ``NotFound`` for a foreign one too."""
        raise NotImplementedError


class MessageTwin(ConversationView):
    """Takes a message; sent again with the same key, it is the same message."""

    body = PostMessage
    answers = {200: Sent, 201: Sent}

    def post(self, request: Request, conversation: str) -> Response:
        cmid, body = require_key(request), self.read(PostMessage)
        intent = MessageIntent(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            cmid=cmid,
            text=body.body.text,
            is_note=body.kind == "note",
        )
        appended = post_message(intent, at=clock.now())
        sent = Sent(
            cmid=cmid.hex,
            conv=appended.conversation.public_id.hex,
            seq=appended.entry.seq,
            at=to_ms(appended.entry.at),
            dup=appended.is_repeat,
            mismatch=appended.is_mismatch,
        )
        return answer(sent, status=200 if appended.is_repeat else 201)


class MarksTwin(ConversationView):
    """Notes how far a page has applied and its reader has read."""

    body = PostMarks
    answers = {200: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body, row = self.read(PostMarks), self.find(conversation)
        if max(body.delivered, body.read) > row.head:
            raise Invalid
        move = MarkMove(
            conversation_id=row.pk,
            public_id=row.public_id.hex,
            author_kind=self.actor.author_kind,
            author_id=self.actor.id,
            delivered=body.delivered,
            read=body.read,
        )
        move_marks([move])
        return done()
