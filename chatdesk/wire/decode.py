"""The one strict JSON decoder for sockets and HTTP bodies.

It refuses what other parsers let through and what later breaks a database or a
browser: NaN, NUL, lone surrogates, deep nesting, duplicate meaning by wrong types.
"""

import re
import unicodedata
from typing import Any, Generic, TypeVar

import msgspec

from chatdesk.errors import Invalid, TooLarge
from chatdesk.wire.codes import MAX_FRAME_BYTES

T = TypeVar("T")

# The escape of NUL, but not that of a backslash before the letters u0000.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Decoder(Generic[T]):
    """Decodes bytes into one type and raises only ``Invalid`` or ``TooLarge``."""

    def __init__(self, kind: Any, *, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(kind)
        self._max_bytes = max_bytes

    def decode(self, raw: bytes | str) -> T:
        """Return the decoded value.

        Raises ``TooLarge`` above the byte limit and ``Invalid`` for anything that is
        not exactly the expected shape.
        """
        try:
            data = raw.encode() if isinstance(raw, str) else raw
        except UnicodeEncodeError as error:
            raise Invalid from error
        if len(data) > self._max_bytes:
            raise TooLarge
        if b"\\u0000" in data and NUL.search(data):
            raise Invalid
        try:
            return self._decoder.decode(data)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise Invalid(detail=str(error)[:200]) from error


def clean_text(text: str, *, max_length: int) -> str:
    """Return ``text`` in NFC, without surrounding space and control characters.

    Raises ``Invalid`` when nothing is left or the text holds NUL or lone surrogates,
    and ``TooLarge`` above ``max_length`` characters.
    """
    if text.isascii():
        cleaned = text.strip()
    else:
        cleaned = unicodedata.normalize("NFC", text).strip()
        if any("\ud800" <= char <= "\udfff" for char in cleaned):
            raise Invalid
    if "\0" in cleaned or not cleaned:
        raise Invalid
    if len(cleaned) > max_length:
        raise TooLarge
    return cleaned
