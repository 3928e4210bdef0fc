"""Bodies in and out: the wire's own decoder and encoder as REST framework's."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import IO, Any

import msgspec
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from chatdesk.wire.codes import MAX_FRAME_BYTES
from chatdesk.wire.decode import Decoder

JSON = "application/json"
EMPTY = b"{}"


class Nothing(msgspec.Struct):
    """The body of a view that reads none: an object, whatever is in it."""


class WireParser(BaseParser):
    """Decodes a body into the class that the view names in ``body``."""

    media_type = JSON

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the body; raises ``Invalid`` or ``TooLarge``."""
        view = (parser_context or {})["view"]
        return decode_body(stream.read(MAX_FRAME_BYTES + 1), kind=view.body or Nothing)


class WireRenderer(BaseRenderer):
    """Encodes objects of the wire."""

    media_type = JSON
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the JSON of an answer."""
        return msgspec.json.encode(data)


class WireNegotiation(DefaultContentNegotiation):
    """Answers JSON whatever was asked for: there is nothing else to have."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return the one renderer."""
        return next(iter(renderers)), JSON


def decode_body(raw: bytes, *, kind: type[msgspec.Struct]) -> msgspec.Struct:
    """Return a body as an object; no body at all is an empty one."""
    return _decoder(kind).decode(raw or EMPTY)


def guard_answer(response: HttpResponseBase) -> None:
    """Keep an answer out of every cache and from being taken for anything but JSON."""
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Cookie", "Origin"])


@cache
def _decoder(kind: type[msgspec.Struct]) -> Decoder[msgspec.Struct]:
    return Decoder(kind)
