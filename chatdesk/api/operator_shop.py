"""What an operator sees of the shop beside a dialog, sends from it and proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from chatdesk import clock
from chatdesk.api.base import answer, done, read_id, read_seqs, require_key
from chatdesk.api.operator_conversation import DeskConversationView
from chatdesk.errors import Invalid
from chatdesk.selectors.shop import (
    cards_of,
    find_products,
    get_offer,
    offer_card,
    panel_of,
    require,
    shopper_of,
)
from chatdesk.selectors.shop_words import quote_of
from chatdesk.services.carts import CartChange, change_cart
from chatdesk.services.offers import (
    Plan,
    Proposal,
    propose_order,
    quote_plan,
    withdraw_offer,
)
from chatdesk.services.products import CardIntent, send_product
from chatdesk.wire.answers import Done
from chatdesk.wire.frames import Sent
from chatdesk.wire.objects import to_ms
from chatdesk.wire.shop import (
    Cards,
    OfferCard,
    PostCartChange,
    PostOrderOffer,
    PostProduct,
    QuoteAnswer,
    ShopPanel,
)

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

    from chatdesk.services.log import Appended

LONGEST_QUERY = 100


class PanelView(DeskConversationView):
    """Customer, cart, orders and delivery, as the shop has them now."""

    answers = {200: ShopPanel}

    def get(self, request: Request, conversation: str) -> Response:
        visitor = self.find(conversation).visitor
        return answer(panel_of(visitor=visitor, user=request.user))


class CatalogueView(DeskConversationView):
    """Products that match some words, at this visitor's prices."""

    answers = {200: Cards}
    query = {"q": "string"}

    def get(self, request: Request, conversation: str) -> Response:
        text, row = request.GET.get("q", "").strip(), self.find(conversation)
        if len(text) > LONGEST_QUERY or "\0" in text:
            raise Invalid
        return answer(find_products(visitor=row.visitor, user=request.user, text=text))


class ProductsView(DeskConversationView):
    """The product cards of some entries; sends another one."""

    body = PostProduct
    answers = {200: Cards, 201: Sent}
    query = {"seqs": "string"}

    def get(self, request: Request, conversation: str) -> Response:
        seqs, row = read_seqs(request.GET), self.find(conversation)
        return answer(cards_of(conversation=row, seqs=seqs, user=request.user))

    def post(self, request: Request, conversation: str) -> Response:
        require(request.user, "product.send")
        intent = CardIntent(
            conversation=self.find(conversation),
            actor=self.actor,
            cmid=require_key(request),
            product=self.read(PostProduct).product,
        )
        return _sent(send_product(intent, at=clock.now()))


class CartView(DeskConversationView):
    """Sets how many pieces of a product the visitor's cart holds."""

    body = PostCartChange
    answers = {200: Sent, 201: Sent}

    def post(self, request: Request, conversation: str) -> Response:
        for what in ("cart", "cart.change"):
            require(request.user, what)
        body = self.read(PostCartChange)
        change = CartChange(
            conversation=self.find(conversation),
            actor=self.actor,
            cmid=require_key(request),
            product=body.product,
            was=body.was,
            quantity=body.quantity,
        )
        return _sent(change_cart(change, at=clock.now()))


class QuoteView(DeskConversationView):
    """What an order would cost; nothing is proposed yet."""

    body = PostOrderOffer
    answers = {200: QuoteAnswer}

    def post(self, request: Request, conversation: str) -> Response:
        require(request.user, "order.create")
        plan, row = _plan_of(self.read(PostOrderOffer)), self.find(conversation)
        draft = plan.draft(uuid4(), self.actor)
        quote = quote_plan(draft=draft, shopper=shopper_of(row.visitor))
        return answer(quote_of(quote))


class OffersView(DeskConversationView):
    """Proposes an order to the visitor."""

    body = PostOrderOffer
    answers = {200: Sent, 201: Sent}

    def post(self, request: Request, conversation: str) -> Response:
        require(request.user, "order.create")
        proposal = Proposal(
            conversation=self.find(conversation),
            actor=self.actor,
            plan=_plan_of(self.read(PostOrderOffer)),
            cmid=require_key(request),
        )
        return _sent(propose_order(proposal, at=clock.now()))


class OfferView(DeskConversationView):
    """A proposed order as it stands now."""

    answers = {200: OfferCard}

    def get(self, request: Request, conversation: str, offer: str) -> Response:
        row = self.find(conversation)
        found = get_offer(public_id=read_id(offer), conversation=row)
        card = offer_card(offer=found, visitor=row.visitor, user=request.user)
        return answer(card)


class WithdrawView(DeskConversationView):
    """Takes a proposed order back."""

    answers = {200: Done}

    def post(self, request: Request, conversation: str, offer: str) -> Response:
        require(request.user, "order.create")
        row = self.find(conversation)
        found = get_offer(public_id=read_id(offer), conversation=row)
        withdraw_offer(offer=found, actor=self.actor, at=clock.now())
        return done()


def _plan_of(body: PostOrderOffer) -> Plan:
    return Plan(
        lines=[(line.product, line.quantity) for line in body.lines],
        delivery=body.delivery,
        coupon=body.coupon,
    )


def _sent(appended: Appended) -> Response:
    entry = appended.entry
    sent = Sent(
        cmid=entry.cmid.hex,
        conv=appended.conversation.public_id.hex,
        seq=entry.seq,
        at=to_ms(entry.at),
        dup=appended.is_repeat,
        mismatch=appended.is_mismatch,
    )
    return answer(sent, status=200 if appended.is_repeat else 201)
