"""The long poll: follows one conversation for a page whose network blocks sockets.

A plain asynchronous view that shares the API's authentication and objects. While it
waits it holds neither a thread nor a database connection. Where that cannot be had it
does not wait, but says when to ask again: where a thread stands still beneath it (a
WSGI server, a middleware of the host that is not asynchronous) and where no bell would
ring (``asgi.py`` without our line).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from asgiref.sync import AsyncToSync, sync_to_async
from django.contrib.auth import SESSION_KEY, get_user
from django.db import transaction
from django.http import HttpResponse
from rest_framework.exceptions import MethodNotAllowed

from chatdesk.api.authentication import SAFE_METHODS, find_visitor
from chatdesk.api.base import read_id, read_number
from chatdesk.api.errors import describe, headers_of
from chatdesk.api.formats import JSON, guard_answer
from chatdesk.api.throttling import address_of
from chatdesk.conf import get_settings
from chatdesk.doorbell.listeners import current as listeners
from chatdesk.doorbell.polls import wait_for_bell
from chatdesk.errors import RateLimited, Unauthenticated
from chatdesk.limits import allow_request
from chatdesk.selectors.conversations import get_for_visitor
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.log import entries_after, marks_of
from chatdesk.selectors.recent import recent_availability, recent_line
from chatdesk.selectors.snapshots import entries_of
from chatdesk.selectors.visitors import actor_of
from chatdesk.threads import in_database
from chatdesk.wire.answers import PollAnswer, PollReset

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from chatdesk.models import Conversation

RETRY_AFTER_S = 2.0
POLLS_PER_VISITOR = 6


@dataclass(frozen=True, slots=True)
class Question:
    """What a poll asks: everything after ``after``, in the log of lineage ``epoch``.

    A page that tells how far it knows staff to be also hears when they are further.
    """

    public_id: UUID
    after: int
    epoch: str
    is_patient: bool
    delivered: int | None
    read: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at the log found."""

    answer: PollAnswer | PollReset
    conversation_id: int
    visitor_id: int

    def is_news(self, question: Question) -> bool:
        """Return whether there is something to tell at once."""
        match self.answer:
            case PollAnswer(marks=marks):
                return (
                    self.answer.to >= self.answer.from_
                    or _is_further(marks.operator_delivered, question.delivered)
                    or _is_further(marks.operator_read, question.read)
                )
        return True


_waiting: Counter[int] = Counter()


@transaction.non_atomic_requests
async def follow_conversation(request: HttpRequest, conversation: str) -> HttpResponse:
    """Answer with what follows the cursor, as soon as there is anything."""
    try:
        if request.method not in SAFE_METHODS:
            raise MethodNotAllowed(request.method or "")
        answer = await _follow(request, _read_question(request, conversation))
    except Exception as error:
        told = describe(error)
        if told is None:
            raise
        status, refused = told
        return _respond(refused, status=status, headers=headers_of(status, refused))
    return _respond(answer)


async def _follow(request: HttpRequest, question: Question) -> PollAnswer | PollReset:
    if _is_thread_beneath() or not listeners():
        # The host's own thread, whose connection the host looks after, does it.
        found = await sync_to_async(_look)(request, question)
        return _at_once(found, question)
    found = await in_database(_look, request, question)
    if not question.is_patient or _waiting[found.visitor_id] >= POLLS_PER_VISITOR:
        return _at_once(found, question)
    if not found.is_news(question):
        await _wait(found, question, session_key=_session_key_of(request))
        found = await in_database(_look_again, request, question)
    return found.answer


async def _wait(found: Found, question: Question, *, session_key: str) -> None:
    _waiting[found.visitor_id] += 1
    try:
        await wait_for_bell(
            found.conversation_id,
            after=question.after,
            timeout=get_settings().poll_wait.total_seconds(),
            who=(found.visitor_id, session_key),
        )
    finally:
        _waiting[found.visitor_id] -= 1
        if not _waiting[found.visitor_id]:
            del _waiting[found.visitor_id]


def _is_further(mark: int, known: int | None) -> bool:
    return known is not None and mark > known


def _at_once(found: Found, question: Question) -> PollAnswer | PollReset:
    if isinstance(found.answer, PollReset) or found.is_news(question):
        return found.answer
    return msgspec.structs.replace(found.answer, retry_after=RETRY_AFTER_S)


def _is_thread_beneath() -> bool:
    # asgiref keeps here the thread that waits for the coroutine that runs now.
    return getattr(AsyncToSync.executors, "current", None) is not None


def _read_question(request: HttpRequest, conversation: str) -> Question:
    return Question(
        public_id=read_id(conversation),
        after=read_number(request.GET, "after") or 0,
        epoch=request.GET.get("epoch", ""),
        is_patient=request.GET.get("wait", "1") != "0",
        delivered=read_number(request.GET, "delivered"),
        read=read_number(request.GET, "read"),
    )


def _session_key_of(request: HttpRequest) -> str:
    session = getattr(request, "session", None)
    return (session.session_key or "") if session is not None else ""


def _look_again(request: HttpRequest, question: Question) -> Found:
    # The login that the request came with may have ended while it waited.
    session = getattr(request, "session", None)
    if session is not None and SESSION_KEY in session:
        request.session = type(session)(session.session_key)
        request.user = get_user(request)
    return _look(request, question)


def _look(request: HttpRequest, question: Question) -> Found:
    seconds = allow_request(address=address_of(request))
    if seconds is not None:
        raise RateLimited(retry_after=seconds)
    visitor = find_visitor(request)
    if visitor is None:
        raise Unauthenticated
    row = get_for_visitor(public_id=question.public_id, actor=actor_of(visitor))
    answer = _answer(row, question, epoch=current_epoch())
    return Found(answer, conversation_id=row.pk, visitor_id=visitor.pk)


def _answer(
    row: Conversation, question: Question, *, epoch: str
) -> PollAnswer | PollReset:
    conv = row.public_id.hex
    if question.epoch not in ("", epoch):
        return PollReset(conv=conv, epoch=epoch, reset="epoch")
    if question.after > row.head:
        return PollReset(conv=conv, epoch=epoch, reset="ahead")
    span = entries_after(conversation_id=row.pk, cursor=question.after)
    return PollAnswer(
        conv=conv,
        epoch=epoch,
        from_=span.first,
        to=span.last,
        items=entries_of(span, staff=False),
        marks=marks_of(conversation_ids=[row.pk])[row.pk],
        status=row.status,
        availability=recent_availability.get(),
        queue=recent_line.get().get(conv) if row.status == row.Status.WAITING else None,
    )


def _respond(
    body: msgspec.Struct, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    response = HttpResponse(
        msgspec.json.encode(body), content_type=JSON, status=status, headers=headers
    )
    guard_answer(response)
    return response
