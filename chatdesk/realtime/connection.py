"""One socket: a guard around everything that comes in, and the way out.

No frame raises out of here. Subclasses add one method a frame, so that a socket has no
way to say what it may not.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
from channels.consumer import AsyncConsumer
from django.db import DatabaseError, InterfaceError

from chatdesk import clock
from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.conf import get_settings
from chatdesk.errors import ChatRefusal, Invalid, NotFound, TooLarge
from chatdesk.limits import Budget
from chatdesk.realtime.authentication import Scope, has_own_origin
from chatdesk.realtime.encode import to_text
from chatdesk.realtime.outgoing import Outgoing, Send
from chatdesk.realtime.process import Process
from chatdesk.realtime.pump import Follow
from chatdesk.realtime.shortcut import find_shortcut
from chatdesk.services.messages import MessageIntent
from chatdesk.threads import in_database
from chatdesk.wire import frames
from chatdesk.wire.codes import MAX_FRAME_BYTES, PROTOCOL_VERSION, Goodbye
from chatdesk.wire.decode import Decoder
from chatdesk.wire.objects import to_ms

MOST_MALFORMED = 20

# How a page says goodbye that is left or closed; all else was not meant.
MEANT = frozenset({1000, 1001})

# What says hello waits for the database, and all behind it waits with it.
HELLO = b'"hello"'

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]


class _Tagged(msgspec.Struct):
    type: str


_frame_decoder: Decoder[frames.ClientFrame] = Decoder(frames.ClientFrame)
_ids = re.compile(r'"(cmid|conv)"\s*:\s*"([0-9a-f]{32})"')
_tag_decoder = msgspec.json.Decoder(_Tagged)
_methods = {
    frame: f"on_{frame.__struct_config__.tag}" for frame in frames.ClientFrame.__args__
}
_known_types = frozenset(frame.__struct_config__.tag for frame in _methods)


class ChatConnection(AsyncConsumer):  # type: ignore[misc]
    """What visitors' and operators' sockets share: life, guard and limits."""

    is_staff: ClassVar[bool]
    process: Process
    actor: VisitorActor | OperatorActor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket from its handshake to its end."""
        self.scope = scope
        self.id = uuid4()
        self.heard_at = self.opened_at = time.monotonic()
        # When a person last touched the tab, and what of that was written down.
        self.touched_at = self.noted_at = self.opened_at
        self.is_hidden = self.was_hidden = False
        self.has_said_hello = False
        self.is_alive = True
        # The network ended it, so that the client behind it may well be back soon.
        self.was_cut = False
        self._is_listening = False
        self._malformed = 0
        self._frames = Budget(get_settings().frame_rate)
        self.task = asyncio.current_task()
        await receive()
        if not has_own_origin(scope):
            await send({"type": "websocket.close", "code": int(Goodbye.ACCESS_GONE)})
            return
        await send({"type": "websocket.accept"})
        self._shortcut = find_shortcut(receive, send)
        if self._shortcut is not None:
            self._shortcut.divert(self._take)
        self._outgoing = Outgoing(send, self._shortcut)
        self.process = await Process.running()
        try:
            actor = await in_database(self.find_actor)
        except (DatabaseError, InterfaceError):
            logger.warning("Who opened a socket could not be asked of the database")
            self.end(Goodbye.RESTART)
            return
        if actor is None:
            self.end(Goodbye.AUTH_GONE)
            return
        self.actor = actor
        await self._serve(receive)

    def find_actor(self) -> VisitorActor | OperatorActor | None:
        """Return who opened this socket; called in a database thread."""
        raise NotImplementedError

    async def greet(self, hello: frames.Hello) -> None:
        """Send what a newly opened socket needs besides the welcome."""
        raise NotImplementedError

    async def leave(self) -> None:
        """Give back what the socket held."""
        raise NotImplementedError

    def push(self, text: str) -> None:
        """Send a frame without waiting; a reader that never reads is cut."""
        if not self.is_alive:
            return
        self._outgoing.text(text)
        if self._outgoing.is_overflowing:
            self._outgoing.cut(Goodbye.SLOW)
            self.end(Goodbye.SLOW)

    def end(self, code: Goodbye, *, reconnect_after: float | None = None) -> None:
        """Say goodbye, close the socket and stop serving it."""
        if not self.is_alive:
            return
        self.push(to_text(frames.Bye(code=code, reconnect_after=reconnect_after)))
        self.is_alive = False
        self._outgoing.close(code)
        if self.task is not None and self.task is not asyncio.current_task():
            self.task.cancel()

    def refuse(
        self, refusal: ChatRefusal, *, cmid: str | None = None, conv: str | None = None
    ) -> None:
        """Answer that something was not done, and whether to try again."""
        self.push(
            to_text(
                frames.Nack(
                    code=refusal.code,
                    cmid=cmid,
                    conv=conv,
                    final=refusal.is_final,
                    retry_after=refusal.retry_after,
                    text=str(refusal.text),
                )
            )
        )

    async def _serve(self, receive: Receive) -> None:
        self.process.sockets.add(self)
        try:
            while self.is_alive:
                self._is_listening = True
                message = await receive()
                self._is_listening = False
                if message["type"] == "websocket.disconnect":
                    self.was_cut = message.get("code") not in MEANT
                    break
                await self._guard(message)
        except asyncio.CancelledError:
            if self.is_alive:
                raise
        finally:
            self.is_alive = False
            self._outgoing.is_closed = True
            if self._shortcut is not None:
                self._shortcut.close()
            await asyncio.shield(self._leave())

    async def _leave(self) -> None:
        try:
            await self.leave()
        finally:
            self.process.sockets.discard(self)

    async def _guard(self, message: dict[str, Any]) -> None:
        frame = self._read(message.get("text"))
        if frame is not None:
            waits = self._dispatch(frame)
            if waits is not None:
                await self._go_on(frame, waits)

    def _take(self, data: bytes) -> bool:
        """Handle a text that came by the short way; False leaves it to the long one.

        It must not overtake another, and who handles it must not have to wait.
        """
        # However long the one before it takes, this client is there.
        self.heard_at = time.monotonic()
        if not self._may_take or HELLO in data or not _is_text(data):
            return False
        frame = self._read(data)
        if frame is not None and (waits := self._dispatch(frame)) is not None:
            self._late = asyncio.ensure_future(self._go_on(frame, waits))
        return True

    @property
    def _may_take(self) -> bool:
        is_idle = self._is_listening and self.is_alive and self.has_said_hello
        return is_idle and self._shortcut is not None and self._shortcut.is_clear

    def _read(self, raw: bytes | str | None) -> frames.ClientFrame | None:
        """Return a frame, or None after an answer to what is none."""
        self.heard_at = time.monotonic()
        if self._frames.spend() is not None:
            self.end(Goodbye.FLOOD, reconnect_after=10.0)
            return None
        try:
            if raw is None:
                raise Invalid
            frame = _frame_decoder.decode(raw)
            if not self.has_said_hello and not isinstance(frame, frames.Hello):
                raise Invalid
        except (Invalid, TooLarge) as refusal:
            self._note_malformed(raw, refusal)
            return None
        return frame

    def _dispatch(self, frame: frames.ClientFrame) -> Awaitable[None] | None:
        """Handle a frame; return what is to be waited for, if anything."""
        try:
            method = _methods[type(frame)] if self.has_said_hello else "open"
            waits: Awaitable[None] | None = getattr(self, method)(frame)
        except Exception as error:  # noqa: BLE001 - no frame may end the socket
            self._answer_error(frame, error)
            return None
        return waits

    async def _go_on(self, frame: frames.ClientFrame, waits: Awaitable[None]) -> None:
        try:
            await waits
        except Exception as error:  # noqa: BLE001 - no frame may end the socket
            self._answer_error(frame, error)

    def _answer_error(self, frame: frames.ClientFrame, error: Exception) -> None:
        if isinstance(error, ChatRefusal):
            cmid, conv = getattr(frame, "cmid", None), getattr(frame, "conv", None)
            self.refuse(error, cmid=cmid, conv=conv)
            return
        logger.error("A frame could not be handled", exc_info=error)
        if isinstance(frame, frames.Hello):
            # It would wait for what it asked for; let it come again instead.
            self.end(Goodbye.RESTART)

    async def open(self, frame: frames.Hello) -> None:
        """Answer the first hello."""
        self.has_said_hello = True
        self.is_hidden = frame.hidden
        self.push(
            to_text(
                frames.Welcome(
                    v=PROTOCOL_VERSION,
                    epoch=self.process.epoch,
                    server_time=to_ms(clock.now()),
                    beat_s=get_settings().beat.total_seconds(),
                    max_frame=MAX_FRAME_BYTES,
                )
            )
        )
        await self.greet(frame)

    def _note_malformed(self, raw: bytes | str | None, refusal: ChatRefusal) -> None:
        if isinstance(raw, bytes):
            raw = raw.decode()
        if raw is not None and _is_of_unknown_type(raw):
            self.process.counts["unknown_frames"] += 1
            return
        self._malformed += 1
        # Without its id a message would be sent again for ever, and all behind it wait.
        ids = dict(_ids.findall(raw or ""))
        self.refuse(refusal, cmid=ids.get("cmid"), conv=ids.get("conv"))
        if self._malformed >= MOST_MALFORMED:
            self.end(Goodbye.MALFORMED)


def _is_text(data: bytes) -> bool:
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    return True


def _is_of_unknown_type(raw: str) -> bool:
    try:
        tagged = _tag_decoder.decode(raw)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return False
    return tagged.type not in _known_types


def intent_of(
    frame: frames.Send,
    *,
    follow: Follow | None,
    actor: VisitorActor | OperatorActor,
    is_note: bool,
) -> MessageIntent:
    """Return what a send frame asks for; ``NotFound`` where the socket follows none."""
    if follow is None:
        raise NotFound
    return MessageIntent(
        conversation_id=follow.conversation_id,
        actor=actor,
        cmid=to_uuid(frame.cmid),
        text=frame.body.text,
        is_note=is_note,
        prev_cmid=to_uuid(frame.prev_cmid) if frame.prev_cmid else None,
    )


def to_uuid(hex_id: str) -> UUID:
    """Return the id behind 32 hex characters that the decoder has checked."""
    return UUID(hex=hex_id)
