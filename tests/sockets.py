"""A client of the protocol for tests: says frames, waits for frames, keeps nothing."""

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore

from chatdesk.conf import get_settings
from chatdesk.models import Conversation, Operator, Visitor
from chatdesk.threads import in_database
from chatdesk.tokens import sign_visitor_cookie
from tests.asgi import application

T = TypeVar("T")

ORIGIN = "http://testserver"
PATIENCE_S = 5.0


def session_of(operator: Operator) -> str:
    """Return the key of a session in which the operator's user is signed in."""
    return session_of_user(operator.user)


def session_of_user(user: AbstractBaseUser) -> str:
    """Return the key of a session in which a user of the shop is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def visitor_cookie(visitor: Visitor) -> str:
    """Return the cookie header of a visitor's browser."""
    name = get_settings().visitor_cookie
    return f"{name}={sign_visitor_cookie(visitor.public_id)}"


class ChatClient:
    """One socket, as an async context manager that connects and disconnects."""

    def __init__(self, path: str, *, cookie: str = "", origin: str = ORIGIN) -> None:
        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        self._socket = WebsocketCommunicator(application, path, headers)
        self._kept: list[dict[str, Any]] = []

    @classmethod
    def of_visitor(cls, visitor: Visitor) -> Self:
        """Return a socket of this visitor's browser."""
        return cls("/chatdesk/ws/visitor/", cookie=visitor_cookie(visitor))

    @classmethod
    async def of_operator(cls, operator: Operator) -> Self:
        """Return a socket of this operator's workspace."""
        key = await in_database(session_of, operator)
        cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
        return cls("/chatdesk/ws/operator/", cookie=cookie)

    async def __aenter__(self) -> Self:
        connected, _ = await self._socket.connect(timeout=PATIENCE_S)
        assert connected
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Disconnect, and wait until the server serves this socket no more."""
        await self._socket.disconnect(timeout=PATIENCE_S)

    async def is_cut(self) -> None:
        """Lose the connection, without a goodbye."""
        await self._socket.disconnect(code=1006, timeout=PATIENCE_S)

    async def connect(self) -> bool:
        """Try to connect; return whether the server accepted."""
        connected, _ = await self._socket.connect(timeout=PATIENCE_S)
        return bool(connected)

    async def say(self, **frame: Any) -> None:
        """Send one frame."""
        await self._socket.send_to(text_data=json.dumps(frame))

    async def say_raw(self, text: str) -> None:
        """Send text that is perhaps no frame at all."""
        await self._socket.send_input({"type": "websocket.receive", "text": text})

    async def say_bytes(self, data: bytes) -> None:
        """Send a binary frame."""
        await self._socket.send_to(bytes_data=data)

    async def hello(
        self, *conversations: Conversation, cursor: int = 0, epoch: str = ""
    ) -> dict[str, Any]:
        """Say hello, following these conversations; return the welcome."""
        resume = [
            {"conv": each.public_id.hex, "cursor": cursor, "epoch": epoch}
            for each in conversations
        ]
        await self.say(type="hello", v=1, tab="test", resume=resume)
        return await self.expect("welcome")

    async def follow(self, conversation: Conversation, *, cursor: int = 0) -> None:
        """Follow one more conversation, up to the end of its replay."""
        resume = [{"conv": conversation.public_id.hex, "cursor": cursor}]
        await self.say(type="hello", v=1, tab="test", resume=resume)
        await self.expect("synced")

    async def send(
        self, conversation: Conversation, text: str, *, cmid: str = "", **more: Any
    ) -> str:
        """Send a message; return its client id."""
        cmid = cmid or uuid4().hex
        await self.say(
            type="send",
            cmid=cmid,
            conv=conversation.public_id.hex,
            body={"text": text},
            **more,
        )
        return cmid

    async def expect(self, kind: str, **having: Any) -> dict[str, Any]:
        """Wait for a frame of this type with these fields; keep others for later."""
        for place, frame in enumerate(self._kept):
            if _is(frame, kind, having):
                return self._kept.pop(place)
        while True:
            frame = await self._receive()
            if _is(frame, kind, having):
                return frame
            self._kept.append(frame)

    async def expect_close(self) -> int:
        """Wait until the server closes; return the code."""
        while True:
            message = await self._socket.receive_output(timeout=PATIENCE_S)
            if message["type"] == "websocket.close":
                return int(message["code"])

    def kept(self, kind: str) -> list[dict[str, Any]]:
        """Return the frames of this type that came while another was waited for."""
        return [frame for frame in self._kept if frame["type"] == kind]

    async def is_silent(self) -> bool:
        """Return whether the server has nothing more to say just now."""
        return not self._kept and await self._socket.receive_nothing()

    async def _receive(self) -> dict[str, Any]:
        message = await self._socket.receive_output(timeout=PATIENCE_S)
        assert message["type"] == "websocket.send", message
        frame: dict[str, Any] = json.loads(message["text"])
        return frame


class StuckClient:
    """A visitor's socket whose client answers nothing and, once stuck, reads nothing.

    The server's sends then wait for ever, as on a full network buffer.
    """

    def __init__(self, visitor: Visitor) -> None:
        headers = [
            (b"host", b"testserver"),
            (b"origin", ORIGIN.encode()),
            (b"cookie", visitor_cookie(visitor).encode()),
        ]
        self._scope = {
            "type": "websocket",
            "path": "/chatdesk/ws/visitor/",
            "headers": headers,
            "subprotocols": [],
        }
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.is_stuck = False
        self.sent: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self._said.put_nowait({"type": "websocket.connect"})
        serving = application(self._scope, self._said.get, self._send)
        self._task = asyncio.ensure_future(serving)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await self.ended()

    def say(self, **frame: Any) -> None:
        """Send one frame."""
        text = json.dumps(frame)
        self._said.put_nowait({"type": "websocket.receive", "text": text})

    async def ended(self) -> None:
        """Wait until the server serves this socket no more."""
        assert self._task is not None
        await asyncio.wait_for(self._task, PATIENCE_S)

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if self.is_stuck:
            await asyncio.Event().wait()


async def until(is_so: Callable[[], Any], *, seconds: float = PATIENCE_S) -> None:
    """Wait until something is so that nobody tells; looks between other work."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - nobody sets an event for a test
            await asyncio.sleep(0.005)


async def found(look: Callable[[], T], *, seconds: float = PATIENCE_S) -> T:
    """Look into the database until there is something; return it."""
    async with asyncio.timeout(seconds):
        while not (seen := await in_database(look)):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    return seen


def _is(frame: dict[str, Any], kind: str, having: dict[str, Any]) -> bool:
    return frame["type"] == kind and all(
        frame.get(name) == value for name, value in having.items()
    )
