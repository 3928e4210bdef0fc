"""Cards and orders inside a visitor's own conversation.

What changes the shop's cart or makes an order needs the shop's CSRF token beside the
origin: it comes with the cards, so that cached pages need none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.middleware.csrf import get_token

from chatdesk import clock
from chatdesk.api.authentication import require_token
from chatdesk.api.base import answer, done, read_id, read_seqs
from chatdesk.api.throttling import MessageThrottle, RequestThrottle
from chatdesk.api.visitor_conversation import OwnConversationView
from chatdesk.selectors.shop import cards_of, get_offer, offer_card
from chatdesk.services.carts import (
    Pick,
    add_card_to_cart,
    note_shop_key,
    share_cart_change,
)
from chatdesk.services.offers import Confirmation, confirm_offer
from chatdesk.services.wishes import wish_product
from chatdesk.wire.answers import Done
from chatdesk.wire.shop import (
    Cards,
    CartAnswer,
    OfferCard,
    PostCart,
    PostConfirm,
    PostWish,
)

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response


class ProductsView(OwnConversationView):
    """The product cards of some entries, as they are now."""

    answers = {200: Cards}
    query = {"seqs": "string"}

    def get(self, request: Request, conversation: str) -> Response:
        seqs, row = read_seqs(request.GET), self.find(conversation)
        cards = cards_of(conversation=row, seqs=seqs)
        token = get_token(request._request)
        return answer(msgspec.structs.replace(cards, token=token))


class CartView(OwnConversationView):
    """Puts the product of a card into the visitor's own cart."""

    body = PostCart
    answers = {200: CartAnswer}
    throttle_classes = (RequestThrottle, MessageThrottle)

    def post(self, request: Request, conversation: str) -> Response:
        require_token(request._request)
        body, row = self.read(PostCart), self.find(conversation)
        added = add_card_to_cart(
            conversation=row,
            request=request._request,
            pick=Pick(seq=body.seq, quantity=body.quantity),
            at=clock.now(),
        )
        return answer(
            CartAnswer(
                in_cart=added.quantity, text=str(added.text), cart_url=added.cart_url
            )
        )


class WishesView(OwnConversationView):
    """Promises to tell when the product of a card is in stock again."""

    body = PostWish
    answers = {200: Done}
    throttle_classes = (RequestThrottle, MessageThrottle)

    def post(self, request: Request, conversation: str) -> Response:
        body, row = self.read(PostWish), self.find(conversation)
        wish_product(conversation=row, seq=body.seq, at=clock.now())
        return done()


class OfferView(OwnConversationView):
    """A proposed order as it stands now."""

    answers = {200: OfferCard}

    def get(self, request: Request, conversation: str, offer: str) -> Response:
        row = self.find(conversation)
        found = get_offer(public_id=read_id(offer), conversation=row)
        card = offer_card(offer=found, visitor=row.visitor)
        token = get_token(request._request)
        return answer(msgspec.structs.replace(card, token=token))


class ConfirmView(OwnConversationView):
    """The visitor's yes: the shop makes the order."""

    body = PostConfirm
    answers = {200: OfferCard}
    throttle_classes = (RequestThrottle, MessageThrottle)

    def post(self, request: Request, conversation: str, offer: str) -> Response:
        require_token(request._request)
        body, row, at = self.read(PostConfirm), self.find(conversation), clock.now()
        note_shop_key(visitor=row.visitor, request=request._request)
        found = get_offer(public_id=read_id(offer), conversation=row)
        confirmed = confirm_offer(
            Confirmation(found, self.actor, body.amount, body.details), at=at
        )
        share_cart_change(visitor=row.visitor, at=at)
        return answer(offer_card(offer=confirmed, visitor=row.visitor))
