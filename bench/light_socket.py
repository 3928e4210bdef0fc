"""A WebSocket client that costs little, so that one core can load another."""

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import Any

MASK = b"\x00\x00\x00\x00"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class LightSocket(asyncio.Protocol):
    """Text frames up to 64 KiB each way, without fragments."""

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        self.on_text = on_text
        self.opened = asyncio.get_running_loop().create_future()
        self.is_closed = False
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        """Keep the transport."""
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        """Note the end."""
        self.is_closed = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("closed during the handshake"))

    def data_received(self, data: bytes) -> None:
        """Take the handshake's answer, then frames."""
        self._buffer += data
        if not self.opened.done():
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.opened.set_exception(ConnectionError(head[:200].decode()))
                return
            self._buffer = rest
            self.opened.set_result(None)
        self._take_frames()

    def send(self, data: bytes) -> None:
        """Send a text frame; the mask is zero, which the protocol allows."""
        length = len(data)
        if length < 126:
            head = struct.pack("!BB", 0x80 | TEXT, 0x80 | length)
        else:
            head = struct.pack("!BBH", 0x80 | TEXT, 0x80 | 126, length)
        self._transport.write(head + MASK + data)

    def pause(self) -> None:
        """Read nothing more, as a browser does whose page hangs."""
        self._transport.pause_reading()

    def close(self) -> None:
        """Drop the connection."""
        self._transport.abort()

    def _take_frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            code, length = buffer[at] & 0x0F, buffer[at + 1] & 0x7F
            start = at + 2
            if length == 126:
                if len(buffer) < at + 4:
                    break
                (length,) = struct.unpack_from("!H", buffer, at + 2)
                start = at + 4
            elif length == 127:
                if len(buffer) < at + 10:
                    break
                (length,) = struct.unpack_from("!Q", buffer, at + 2)
                start = at + 10
            if len(buffer) < start + length:
                break
            self._take(code, buffer[start : start + length])
            at = start + length
        self._buffer = buffer[at:]

    def _take(self, code: int, data: bytes) -> None:
        if code == TEXT:
            self.on_text(data)
        elif code == PING:
            head = struct.pack("!BB", 0x80 | PONG, 0x80 | len(data))
            self._transport.write(head + MASK + data)
        elif code == CLOSE:
            self.is_closed = True


async def open_socket(
    port: int, path: str, on_text: Callable[[bytes], None], *, cookie: str = ""
) -> LightSocket:
    """Open a socket to this machine and return it after the handshake."""
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: LightSocket(on_text), "127.0.0.1", port
    )
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Origin: http://127.0.0.1:{port}",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    socket._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    await asyncio.wait_for(socket.opened, 30)
    return socket
