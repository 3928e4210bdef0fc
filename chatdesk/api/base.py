"""What every view of the API shares: formats, errors, ids and keys in, objects out."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response
from rest_framework.views import APIView

from chatdesk.api.errors import answer_exception
from chatdesk.api.formats import (
    EMPTY,
    WireNegotiation,
    WireParser,
    WireRenderer,
    decode_body,
    guard_answer,
)
from chatdesk.errors import Invalid, NotFound, RateLimited
from chatdesk.wire.answers import Done

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rest_framework.request import Request
    from rest_framework.throttling import BaseThrottle

if find_spec("drf_spectacular"):
    from chatdesk.api.openapi import WireSchema

    DESCRIBED_BY: Any = WireSchema()
else:
    DESCRIBED_BY = None

LARGEST_SEQ = 2**53
MOST_SEQS = 50

_ID = re.compile("[0-9a-f]{32}")
_KEY = re.compile(
    "[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
_NUMBER = re.compile("[0-9]{1,16}")

BodyT = TypeVar("BodyT", bound=msgspec.Struct)


class BadKey(Invalid):
    """The request says nothing by which a repeat could be told from a new message."""

    text = _("Send the message's id, 32 hexadecimal digits, as Idempotency-Key.")


# Outside a host's ATOMIC_REQUESTS: each service commits for itself, so that what is
# answered is stored, and a bell rings when its entry can be read.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class ChatView(APIView):
    """A view that reads ``body``, makes one call and answers with wire objects.

    Nothing is left to the host's settings of REST framework. ``body``, ``answers`` by
    status, ``query`` and ``security`` also describe the view in OpenAPI.
    """

    body: ClassVar[type[msgspec.Struct] | None] = None
    answers: ClassVar[Mapping[int, Any]] = {}
    query: ClassVar[Mapping[str, str]] = {}
    security: ClassVar[Mapping[str, list[str]]] = {}

    parser_classes = (WireParser,)
    renderer_classes = (WireRenderer,)
    content_negotiation_class = WireNegotiation
    throttle_classes: Sequence[type[BaseThrottle]] = ()
    versioning_class = None
    metadata_class = None
    schema = DESCRIBED_BY

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Answer errors in our shape, not in the host's."""
        return answer_exception

    def throttled(self, request: Request, wait: float | None) -> NoReturn:
        """Refuse like any other refusal."""
        raise RateLimited(retry_after=wait)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep every answer, an error too, out of caches."""
        final = super().finalize_response(request, response, *args, **kwargs)
        guard_answer(final)
        return final

    def read(self, kind: type[BodyT]) -> BodyT:
        """Return the decoded body; raises ``Invalid`` or ``TooLarge``."""
        data: Any = self.request.data
        if isinstance(data, kind):
            return data
        # REST framework parses nothing where there is no body.
        return cast("BodyT", decode_body(EMPTY, kind=kind))


def answer(found: msgspec.Struct | list[Any], *, status: int = 200) -> Response:
    """Return an object of the wire as an answer."""
    return Response(found, status=status)


def done(*, status: int = 200) -> Response:
    """Answer that it was done."""
    return Response(Done(), status=status)


def read_id(text: str) -> UUID:
    """Return a conversation's id; what is none is not found, like any foreign one."""
    if not _ID.fullmatch(text):
        raise NotFound
    return UUID(hex=text)


def read_key(request: Request) -> UUID | None:
    """Return the ``Idempotency-Key`` as a client's id; raises ``Invalid``."""
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    if not _KEY.fullmatch(text):
        raise BadKey
    return UUID(text)


def require_key(request: Request) -> UUID:
    """Return the ``Idempotency-Key``, without which a message is not taken."""
    key = read_key(request)
    if key is None:
        raise BadKey
    return key


def read_number(query: Mapping[str, str], name: str) -> int | None:
    """Return a whole number of the query, None when it is absent; or ``Invalid``."""
    text = query.get(name, "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_SEQ:
        raise Invalid
    return int(text)


def read_seqs(query: Mapping[str, str]) -> list[int]:
    """Return the numbers of ``seqs=3,7``, at most fifty; raises ``Invalid``."""
    text = query.get("seqs", "")
    numbers = text.split(",")[:MOST_SEQS] if text else []
    if not all(_NUMBER.fullmatch(each) for each in numbers):
        raise Invalid
    return [min(int(each), LARGEST_SEQ) for each in numbers]
