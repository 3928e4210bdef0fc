"""Orders made in a dialog: an operator proposes, the visitor confirms, the shop makes.

The order is the shop's own object, named here by its reference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.errors import Closed, Forbidden, ShopSaysNo, ShopSilent
from chatdesk.models import Conversation, Entry, Offer
from chatdesk.selectors.shop import draft_of, shopper_of
from chatdesk.selectors.shop_words import money
from chatdesk.services.audit import OFFERED, WITHDREW, record_act
from chatdesk.services.locks import lock_offer
from chatdesk.services.log import (
    ADMITTED,
    Admission,
    Appended,
    Draft,
    append,
)
from chatdesk.services.messages import admit_operator
from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.guard import act, ask
from chatdesk.shop.types import (
    DraftLine,
    Order,
    OrderDraft,
    Quote,
    Shopper,
)

NEWS = UUID("5c1f6f0e-3f52-4b43-9a3c-1d0e6b7c2a11")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an operator would have a visitor order."""

    lines: Sequence[tuple[str, int]]
    delivery: str = ""
    coupon: str = ""

    def draft(self, key: UUID, operator: OperatorActor) -> OrderDraft:
        """Return the plan as the shop is asked about it."""
        return OrderDraft(
            key=key.hex,
            lines=tuple(DraftLine(ref, quantity) for ref, quantity in self.lines),
            delivery=self.delivery,
            coupon=self.coupon,
            operator=str(operator.id),
        )


def quote_plan(*, draft: OrderDraft, shopper: Shopper) -> Quote:
    """Return what a draft costs, by the shop's own calculation.

    Raises ``ShopSilent``, or ``ShopSaysNo`` where no orders are taken from dialogs.
    """
    shop = get_adapter()
    found = ask("quote_order", partial(shop.quote_order, draft, shopper=shopper), None)
    if found.trouble:
        raise ShopSilent
    if found.value is None:
        raise ShopSaysNo(_("The shop takes no orders from a dialog."))
    return found.value


@dataclass(frozen=True, slots=True)
class Proposal:
    """An operator proposes an order; ``cmid`` was made once for that press."""

    conversation: Conversation
    actor: OperatorActor
    plan: Plan
    cmid: UUID


def propose_order(proposal: Proposal, *, at: datetime) -> Appended:
    """Put a proposed order before the visitor of a dialog that the operator leads.

    Raises ``ShopSaysNo`` with what stands in the way. The same ``cmid`` proposes once.
    """
    conversation, actor = proposal.conversation, proposal.actor
    draft = proposal.plan.draft(proposal.cmid, actor)
    with override(conversation.language or None):
        quote = quote_plan(draft=draft, shopper=shopper_of(conversation.visitor))
        if quote.problems:
            raise ShopSaysNo(" ".join(map(str, quote.problems)))
        said = money(quote.total, quote.currency)
    pieces = sum(line.quantity for line in quote.lines)
    with transaction.atomic():
        return append(
            Draft(
                conversation_id=conversation.pk,
                author_kind=actor.author_kind,
                author_id=actor.id,
                cmid=proposal.cmid,
                kind=Entry.Kind.OFFER,
                admit=partial(_admit_offer, proposal, quote, said),
                text=said,
                data={"offer": draft.key, "pieces": pieces, "said": said},
            ),
            at=at,
        )


def _admit_offer(  # noqa: PLR0913, PLR0917 - private, bound in one place
    proposal: Proposal,
    quote: Quote,
    said: str,
    conversation: Conversation,
    at: datetime,
) -> Admission:
    actor, plan = proposal.actor, proposal.plan
    admission = admit_operator(actor, said, conversation, at)
    Offer.objects.create(
        public_id=proposal.cmid,
        conversation=conversation,
        operator_id=actor.id,
        lines=[list(line) for line in plan.lines],
        delivery=plan.delivery,
        coupon=plan.coupon,
        total=quote.total,
        currency=quote.currency,
        proposed_at=at,
    )
    record_act(
        user_id=actor.user_id, conversation_id=conversation.pk, act=OFFERED, at=at
    )
    return admission


def withdraw_offer(*, offer: Offer, actor: OperatorActor, at: datetime) -> Appended:
    """Take a proposal back before it is confirmed; raises ``Closed`` after that."""
    with transaction.atomic():
        locked = lock_offer(offer.pk)
        if locked.state == Offer.State.CONFIRMED:
            raise Closed
        locked.state, locked.settled_at = Offer.State.WITHDRAWN, at
        locked.save(update_fields=["state", "settled_at"])
        return append(
            Draft(
                conversation_id=locked.conversation_id,
                author_kind=actor.author_kind,
                author_id=actor.id,
                cmid=uuid5(NEWS, f"withdrawn {locked.public_id}"),
                kind=Entry.Kind.WITHDRAWN,
                admit=partial(_admit_withdrawal, actor),
                data={"offer": locked.public_id.hex},
            ),
            at=at,
        )


def _admit_withdrawal(
    actor: OperatorActor, conversation: Conversation, at: datetime
) -> Admission:
    if not (actor.is_manager or conversation.is_held_by(actor.id)):
        raise Forbidden
    record_act(
        user_id=actor.user_id, conversation_id=conversation.pk, act=WITHDREW, at=at
    )
    return ADMITTED


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The visitor says yes to a total that he saw, and where the goods go."""

    offer: Offer
    actor: VisitorActor
    amount: str
    details: Mapping[str, str]


def confirm_offer(yes: Confirmation, *, at: datetime) -> Offer:
    """Let the shop make the order; pressed twice, it is the same order.

    Order, offer and entry are committed together. Raises ``ShopSaysNo`` when the total
    is another by now, when something stands in the way, or after a withdrawal.
    """
    with transaction.atomic():
        offer = lock_offer(yes.offer.pk)
        conversation = offer.conversation
        if offer.state == Offer.State.CONFIRMED:
            return offer
        if offer.state == Offer.State.WITHDRAWN:
            raise ShopSaysNo(_("This proposal was withdrawn."))
        shopper = shopper_of(conversation.visitor)
        draft = draft_of(offer, details=yes.details)
        _require_unchanged(quote_plan(draft=draft, shopper=shopper), yes.amount)
        shop = get_adapter()
        order = act("create_order", partial(shop.create_order, draft, shopper=shopper))
        offer.state, offer.settled_at = Offer.State.CONFIRMED, at
        offer.order_reference, offer.order_number = order.reference, order.number
        offer.save(
            update_fields=["state", "settled_at", "order_reference", "order_number"]
        )
        append(_ordered(offer, order, yes.actor), at=at)
    return offer


def _require_unchanged(quote: Quote, amount: str) -> None:
    if quote.problems:
        raise ShopSaysNo(" ".join(map(str, quote.problems)))
    if f"{quote.total:f}" != amount:
        total = money(quote.total, quote.currency)
        text = _("The total is %(total)s now. Please look at it once more.")
        raise ShopSaysNo(text % {"total": total})


def _ordered(offer: Offer, order: Order, actor: VisitorActor) -> Draft:
    with override(offer.conversation.language or None):
        said = money(order.total, order.currency)
    return Draft(
        conversation_id=offer.conversation_id,
        author_kind=actor.author_kind,
        author_id=actor.id,
        cmid=uuid5(NEWS, f"ordered {offer.public_id}"),
        kind=Entry.Kind.ORDERED,
        admit=_admit_quietly,
        data={
            "offer": offer.public_id.hex,
            "reference": order.reference,
            "number": order.number,
            "said": said,
        },
    )


def _admit_quietly(_conversation: Conversation, _at: datetime) -> Admission:
    return ADMITTED
