"""A short way between the network and a socket, past what a server does for each frame.

ASGI servers put every frame through a general parser, a queue and a task, which costs
more than all that chatdesk does with it. Where the server is one of those known here,
and nothing stands between it and us, whole text frames go straight in and out. The
handshake, pings, pieces, compression, closing and slow readers stay with the server,
and so does all when anything is not as it is known to be.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from chatdesk.conf import get_settings
from chatdesk.realtime.framing import FrameReader

LARGEST_READ = 65_536


class Shortcut(Protocol):
    """The short way of one socket."""

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits on the long way, so that order is kept."""

    def divert(self, take: Callable[[bytes], bool]) -> None:
        """Offer each whole text to ``take``, which may leave it to the server."""

    def write(self, data: bytes) -> bool:
        """Send frames; False when they must go the long way."""

    def close(self) -> None:
        """Give the server all that comes from now on."""


def find_shortcut(receive: Any, send: Any) -> Shortcut | None:
    """Return the short way past the server that gave these two, if there is one."""
    if not get_settings().shortcut:
        return None
    if isinstance(send, partial) and send.args:
        return _of_daphne(send.args[0], receive)
    return _of_uvicorn(getattr(send, "__self__", None), receive)


class _Daphne:
    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._queue = protocol.application_queue

    @property
    def is_clear(self) -> bool:
        return bool(self._queue.empty())

    def divert(self, take: Callable[[bytes], bool]) -> None:
        reader = FrameReader(take=take, leave=self._protocol.dataReceived)
        self._protocol.dataReceived = reader.feed
        reactor, loop = self._transport.reactor, asyncio.get_running_loop()
        if self._transport in reactor._readers and reactor._asyncioEventloop is loop:
            # In place of the reactor's own, which it still takes away as ever.
            loop.add_reader(self._transport.fileno(), self._read)

    def _read(self) -> None:
        try:
            data = self._transport.socket.recv(LARGEST_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self._protocol.dataReceived(data)
        else:
            # The reactor finds for itself that the connection is over.
            self._transport.reactor._readOrWrite(self._transport, read=True)

    def write(self, data: bytes) -> bool:
        protocol, transport = self._protocol, self._transport
        if protocol.state != protocol.STATE_OPEN or protocol.send_queue:
            return False
        if transport.dataBuffer or transport._tempDataBuffer:
            transport.write(data)
            return True
        # At once, not when the loop next finds the socket writable.
        sent = transport.writeSomeData(data)
        if sent != len(data):
            # A lost connection is found by the server's own attempt.
            transport.write(data[sent:] if isinstance(sent, int) else data)
        return True

    def close(self) -> None:
        self._protocol.__dict__.pop("dataReceived", None)


class _Uvicorn:
    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._write = protocol.transport.write

    @property
    def is_clear(self) -> bool:
        return bool(self._protocol.queue.empty())

    def divert(self, take: Callable[[bytes], bool]) -> None:
        reader = FrameReader(take=take, leave=self._protocol.data_received)
        self._protocol.data_received = reader.feed
        # Event loops may have looked the method up before.
        self._protocol.transport.set_protocol(self._protocol)

    def write(self, data: bytes) -> bool:
        protocol = self._protocol
        if protocol.close_sent or protocol.disconnected:
            return False
        if not protocol.writable.is_set():
            return False
        self._write(data)
        return True

    def close(self) -> None:
        if self._protocol.__dict__.pop("data_received", None) is not None:
            self._protocol.transport.set_protocol(self._protocol)


def _of_daphne(protocol: Any, receive: Any) -> Shortcut | None:
    queue = getattr(protocol, "application_queue", None)
    is_known = (
        _is(protocol, "daphne.ws_protocol", "WebSocketProtocol")
        and getattr(receive, "__self__", None) is queue
        and _has(protocol, "dataReceived", "send_queue", "state", "STATE_OPEN")
        and _has(protocol.transport, "dataBuffer", "_tempDataBuffer", "writeSomeData")
        and _has(protocol.transport, "socket", "fileno", "reactor")
        and _has(protocol.transport.reactor, "_readers", "_asyncioEventloop")
        and not getattr(protocol, "data", b"?")
    )
    return _Daphne(protocol) if is_known else None


def _of_uvicorn(protocol: Any, receive: Any) -> Shortcut | None:
    module = "uvicorn.protocols.websockets.websockets_sansio_impl"
    is_known = (
        _is(protocol, module, "WebSocketsSansIOProtocol")
        and getattr(receive, "__self__", None) is protocol
        and _has(protocol, "data_received", "close_sent", "disconnected")
        and _has(protocol, "queue", "transport", "writable")
    )
    return _Uvicorn(protocol) if is_known else None


def _is(thing: Any, module: str, name: str) -> bool:
    kind = type(thing)
    return kind.__module__ == module and kind.__name__ == name


def _has(thing: Any, *names: str) -> bool:
    return all(hasattr(thing, name) for name in names)
