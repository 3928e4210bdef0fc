"""What an operator may read and do in one conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from chatdesk import clock
from chatdesk.api.base import answer, done, read_id, read_key, read_number
from chatdesk.api.operator import OperatorView
from chatdesk.api.twins import ConversationView, MarksTwin, MessageTwin
from chatdesk.errors import Invalid
from chatdesk.selectors.conversations import get_for_operator
from chatdesk.selectors.inbox import list_rows
from chatdesk.selectors.log import entries_before
from chatdesk.selectors.snapshots import entries_of, thread
from chatdesk.selectors.visitors import card
from chatdesk.services.assignment import (
    accept_offer,
    decline_offer,
    offer_conversation,
    take_over_conversation,
)
from chatdesk.services.conversations import (
    close_conversation,
    release_conversation,
    take_conversation,
)
from chatdesk.services.follow_ups import finish_follow_up
from chatdesk.services.holding import hold_visitor
from chatdesk.services.letter_answers import answer_elsewhere
from chatdesk.services.visitors import write_card
from chatdesk.wire.answers import Done, EntriesPage
from chatdesk.wire.frames import PostClose, PostOffer, PostTakeOver, PostVisitorCard
from chatdesk.wire.objects import InboxRow, Thread, VisitorCard

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

    from chatdesk.models import Conversation

EARLIER = 50


class DeskConversationView(OperatorView, ConversationView):
    """A view of one conversation that staff may see."""

    def find(self, conversation: str) -> Conversation:
        """Return a conversation that has begun; raises ``NotFound``."""
        return get_for_operator(public_id=read_id(conversation), actor=self.actor)


class ThreadView(DeskConversationView):
    """The newest part of a conversation with all that belongs to it."""

    answers = {200: Thread}

    def get(self, request: Request, conversation: str) -> Response:
        return answer(thread(conversation=self.find(conversation)))


class EntriesView(DeskConversationView):
    """Earlier entries, a page at a time."""

    answers = {200: EntriesPage}
    query = {"before": "integer"}

    def get(self, request: Request, conversation: str) -> Response:
        before, row = read_number(request.GET, "before"), self.find(conversation)
        if before == 0:
            raise Invalid
        span = entries_before(
            conversation_id=row.pk,
            before=row.head + 1 if before is None else min(before, row.head + 1),
            limit=EARLIER,
        )
        items = entries_of(span, staff=True)
        return answer(EntriesPage(from_=span.first, to=span.last, items=items))


class TakeView(DeskConversationView):
    """Makes the operator the owner."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        take_conversation(conversation_id=row.pk, actor=self.actor, at=clock.now())
        return _answer_row(row)


class ReleaseView(DeskConversationView):
    """Gives the conversation back to the waiting list."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        release_conversation(conversation_id=row.pk, actor=self.actor, at=clock.now())
        return _answer_row(row)


class OfferView(DeskConversationView):
    """Asks a colleague to take the dialog over."""

    body = PostOffer
    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        body, row = self.read(PostOffer), self.find(conversation)
        offer_conversation(
            conversation_id=row.pk,
            actor=self.actor,
            to_id=int(body.to),
            note=body.note,
            at=clock.now(),
        )
        return _answer_row(row)


class AcceptView(DeskConversationView):
    """Takes over what was offered."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        accept_offer(conversation_id=row.pk, actor=self.actor, at=clock.now())
        return _answer_row(row)


class DeclineView(DeskConversationView):
    """Refuses an offer, or takes one's own back."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        decline_offer(conversation_id=row.pk, actor=self.actor, at=clock.now())
        return _answer_row(row)


class TakeOverView(DeskConversationView):
    """Lets a manager lead what a colleague leads."""

    body = PostTakeOver
    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        body, row = self.read(PostTakeOver), self.find(conversation)
        take_over_conversation(
            conversation_id=row.pk,
            actor=self.actor,
            reason=body.reason,
            at=clock.now(),
        )
        return _answer_row(row)


class MessagesView(MessageTwin, DeskConversationView):
    """An operator's message or note."""


class MarksView(MarksTwin, DeskConversationView):
    """An operator's marks."""


class CloseView(DeskConversationView):
    """Ends the conversation; an operator says how it ended."""

    body = PostClose
    answers = {200: Done}

    def post(self, request: Request, conversation: str) -> Response:
        body = self.read(PostClose)
        close_conversation(
            conversation_id=self.find(conversation).pk,
            actor=self.actor,
            outcome=body.outcome,
            cmid=read_key(request),
            at=clock.now(),
        )
        return done()


class HoldView(DeskConversationView):
    """Asks a visitor who waits for a little patience; the clock goes on."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        hold_visitor(
            conversation=row,
            actor=self.actor,
            cmid=read_key(request),
            at=clock.now(),
        )
        return _answer_row(row)


class FollowedView(DeskConversationView):
    """Takes the dialog off the list of those left without an answer."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        finish_follow_up(conversation_id=row.pk, actor=self.actor, at=clock.now())
        return _answer_row(row)


class LetterView(DeskConversationView):
    """Notes that the letter was answered by messenger or phone."""

    answers = {200: InboxRow}

    def post(self, request: Request, conversation: str) -> Response:
        row = self.find(conversation)
        answer_elsewhere(
            conversation_id=row.pk,
            actor=self.actor,
            cmid=read_key(request) or uuid4(),
            at=clock.now(),
        )
        return _answer_row(row)


class VisitorView(DeskConversationView):
    """What staff write down about the visitor of a conversation."""

    body = PostVisitorCard
    answers = {200: VisitorCard}

    def post(self, request: Request, conversation: str) -> Response:
        body = self.read(PostVisitorCard)
        visitor = write_card(
            visitor_id=self.find(conversation).visitor_id,
            actor=self.actor,
            name=body.name,
            contact=body.contact,
        )
        return answer(card(visitor))


def _answer_row(conversation: Conversation) -> Response:
    (row,) = list_rows(public_ids=[conversation.public_id.hex])
    return answer(row)
