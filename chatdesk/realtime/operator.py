"""An operator's socket: the inbox, presence, and the threads he opens."""

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from chatdesk import clock
from chatdesk.actors import OperatorActor
from chatdesk.realtime.authentication import find_operator, session_key_of
from chatdesk.realtime.connection import intent_of, to_uuid
from chatdesk.realtime.encode import to_text
from chatdesk.realtime.talk import Talk
from chatdesk.realtime.team import presence_text
from chatdesk.selectors.conversations import get_for_operator
from chatdesk.selectors.inbox import list_inbox
from chatdesk.selectors.operators import Desk, get_desk
from chatdesk.services.activity import note_activity
from chatdesk.services.presence import connect_operator, linger, release_lease
from chatdesk.threads import in_database
from chatdesk.wire import frames
from chatdesk.wire.objects import InboxRow

if TYPE_CHECKING:
    from chatdesk.models import Conversation


class OperatorConnection(Talk):
    """One tab of one operator."""

    is_staff = True
    has_lease = False

    def find_actor(self) -> OperatorActor | None:
        """Return the operator of the session."""
        self.session_key = session_key_of(self.scope)
        return find_operator(self.scope)

    def get_conversation(self, public_id: str) -> "Conversation":
        """Return a conversation that staff may see."""
        actor = cast("OperatorActor", self.actor)
        return get_for_operator(public_id=to_uuid(public_id), actor=actor)

    def on_send(self, frame: frames.Send) -> None:
        """Hand an answer or a note to the writer; staff may write as they like."""
        intent = intent_of(
            frame,
            follow=self.follow_of(frame.conv),
            actor=self.actor,
            is_note=frame.kind == "note",
        )
        self.process.writer.put(intent, partial(self.answer, frame.conv, frame.cmid))

    async def greet(self, hello: frames.Hello) -> None:
        """Open the lease that says he is here, then send inbox, presence, replays."""
        self.touched_at = self.noted_at = time.monotonic() - hello.idle
        self.process.operators.add(self)
        rows, desk = await in_database(self._arrive, hello.idle)
        self.has_lease = True
        self.push(to_text(frames.Inbox(rows=tuple(rows), whole=True)))
        self.push(presence_text(desk))
        self.push(self.process.team.whole_text)
        self.push(self.process.availability_text)
        await self.on_hello(hello)

    async def leave(self) -> None:
        """Give the lease back; if this never runs, it runs out by itself."""
        await super().leave()
        self.process.operators.discard(self)
        if self.has_lease:
            give_back = linger if self.was_cut else release_lease
            await in_database(give_back, connection=self.id, at=clock.now())

    def on_ping(self, frame: frames.Ping) -> None:
        """Note when a person last touched this tab."""
        self.touched_at = max(self.touched_at, time.monotonic() - frame.idle)
        super().on_ping(frame)

    def _arrive(self, idle_s: int) -> tuple[list[InboxRow], Desk]:
        at = clock.now()
        connect_operator(
            operator_id=self.actor.id,
            connection=self.id,
            process=self.process.id,
            at=at,
        )
        if idle_s:
            # A tab that comes back by itself was not touched by that.
            note_activity(connections=[self.id], at=at - timedelta(seconds=idle_s))
        return list_inbox(), get_desk(operator_id=self.actor.id, at=at)
