"""WebSocket frames as bytes: whole text frames picked out of what a client sends.

Only what nearly every frame is: text, in one piece, masked, up to 64 KiB. All else is
left to the web server, which knows the whole protocol.
"""

from collections.abc import Callable
from functools import lru_cache

WHOLE_TEXT = 0x81
FINAL, OPCODE, CONTROL = 0x80, 0x0F, 0x08
MASKED, LENGTH = 0x80, 0x7F
IN_TWO_BYTES, IN_EIGHT_BYTES = 126, 127
INCOMPLETE = 0, 0


class FrameReader:
    """Cuts a stream into frames: gives text to ``take``, the rest to the server.

    ``take`` returns False for a text that the server is to have, too. The server gets
    whole frames only, and everything from the first that is not as clients send them.
    """

    __slots__ = ("_is_in_pieces", "_is_over", "_leave", "_rest", "_take")

    def __init__(
        self, *, take: Callable[[bytes], bool], leave: Callable[[bytes], None]
    ) -> None:
        self._take = take
        self._leave = leave
        self._rest = b""
        self._is_in_pieces = False
        self._is_over = False

    def feed(self, data: bytes) -> None:
        """Take what came over the network."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        at, end = 0, len(data)
        while at < end:
            start, stop = self._measure(data, at)
            if self._is_over:
                self._leave(data[at:])
                return
            if not stop or stop > end:
                self._rest = data[at:]
                return
            self._give(data, at, start, stop)
            at = stop

    def _measure(self, data: bytes, at: int) -> tuple[int, int]:
        """Return where the payload of a frame begins and ends."""
        if len(data) < at + 2:
            return INCOMPLETE
        second = data[at + 1]
        length, start = second & LENGTH, at + 6
        if length == IN_TWO_BYTES:
            if len(data) < at + 4:
                return INCOMPLETE
            length, start = data[at + 2] << 8 | data[at + 3], at + 8
            self._is_over |= length < IN_TWO_BYTES
        self._is_over |= second & LENGTH == IN_EIGHT_BYTES or not second & MASKED
        return start, start + length

    def _give(self, data: bytes, at: int, start: int, stop: int) -> None:
        first = data[at]
        if first == WHOLE_TEXT and not self._is_in_pieces:
            if self._take(unmask(data[start - 4 : start], data[start:stop])):
                return
        elif not first & CONTROL:
            self._is_in_pieces = not first & FINAL
        self._leave(data[at:stop])


def unmask(mask: bytes, payload: bytes) -> bytes:
    """Return a payload without the mask that a client put on it."""
    length = len(payload)
    whole = (mask * (length // 4 + 1))[:length]
    plain = int.from_bytes(payload, "little") ^ int.from_bytes(whole, "little")
    return plain.to_bytes(length, "little")


@lru_cache(maxsize=16)
def text_frame(text: str) -> bytes:
    """Return a text as one frame; what goes to many sockets is built once."""
    payload = text.encode()
    length = len(payload)
    if length < IN_TWO_BYTES:
        return bytes((WHOLE_TEXT, length)) + payload
    if length < 1 << 16:
        return bytes((WHOLE_TEXT, IN_TWO_BYTES)) + length.to_bytes(2, "big") + payload
    return bytes((WHOLE_TEXT, IN_EIGHT_BYTES)) + length.to_bytes(8, "big") + payload
