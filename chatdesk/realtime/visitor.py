"""A visitor's socket: what he may say, and what he is greeted with."""

from functools import partial
from typing import TYPE_CHECKING, cast

from chatdesk.actors import VisitorActor
from chatdesk.errors import RateLimited
from chatdesk.limits import allow_message
from chatdesk.realtime.authentication import find_visitor, session_key_of
from chatdesk.realtime.connection import intent_of, to_uuid
from chatdesk.realtime.talk import Talk
from chatdesk.selectors.conversations import get_for_visitor
from chatdesk.threads import readers
from chatdesk.wire import frames

if TYPE_CHECKING:
    from chatdesk.models import Conversation


class VisitorConnection(Talk):
    """One tab of one visitor."""

    is_staff = False

    def find_actor(self) -> VisitorActor | None:
        """Return the visitor of the cookie."""
        self.session_key = session_key_of(self.scope)
        return find_visitor(self.scope)

    def get_conversation(self, public_id: str) -> "Conversation":
        """Return one of his own conversations."""
        return get_for_visitor(public_id=to_uuid(public_id), actor=self._visitor)

    def on_send(self, frame: frames.Send) -> None:
        """Hand a message to the writer; the answer follows the commit."""
        visitor = self._visitor.public_id
        wait = allow_message(visitor=visitor, run=readers().submit)
        if wait is not None:
            raise RateLimited(retry_after=round(wait, 1))
        intent = intent_of(
            frame,
            follow=self.follow_of(frame.conv),
            actor=self.actor,
            is_note=frame.kind == "note",
        )
        self.process.writer.put(intent, partial(self.answer, frame.conv, frame.cmid))

    async def greet(self, hello: frames.Hello) -> None:
        """Tell whether anyone is there, then replay."""
        self.process.tabs.add(self._visitor.public_id, self)
        self.push(self.process.availability_text)
        await self.on_hello(hello)
        for conv in self.follows:
            text = self.process.line.text_for(conv)
            if text:
                self.push(text)

    async def leave(self) -> None:
        """Make room for another tab."""
        self.process.tabs.discard(self._visitor.public_id, self)
        await super().leave()

    @property
    def _visitor(self) -> VisitorActor:
        return cast("VisitorActor", self.actor)
