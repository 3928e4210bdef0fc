"""Orders from a dialog: proposed, confirmed once, taken back, each in the log."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from chatdesk.errors import Closed, Forbidden, ShopSaysNo, ShopSilent
from chatdesk.models import AuditLine, AuthorKind, Conversation, Entry, Offer
from chatdesk.selectors.shop import draft_of, shopper_of
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.offers import (
    Confirmation,
    Plan,
    Proposal,
    confirm_offer,
    propose_order,
    quote_plan,
    withdraw_offer,
)
from chatdesk.shop.types import DraftLine, ShopRefusal
from tests.factories import (
    NOON,
    actor_of_operator,
    make_led_conversation,
    make_operator,
)
from tests.stall import Stall, reprice, stall

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.usefixtures("open_stall"),
]


class Deal:
    """A dialog in which an order is made."""

    def __init__(self, *, language="en"):
        operator = make_operator(name="Anna")
        self.anna = actor_of_operator(operator)
        self.conversation = make_led_conversation(operator)
        Conversation.objects.update(language=language)
        self.conversation.refresh_from_db()

    def propose(self, *lines, cmid=None, actor=None):
        proposal = Proposal(
            conversation=self.conversation,
            actor=actor or self.anna,
            plan=Plan(lines=lines or [("KETTLE", 1)], delivery="post", coupon="MAY"),
            cmid=cmid or uuid4(),
        )
        propose_order(proposal, at=NOON)
        return Offer.objects.get(public_id=proposal.cmid)

    def confirm(self, offer, amount="64.00", **details):
        actor = actor_of(self.conversation.visitor)
        return confirm_offer(Confirmation(offer, actor, amount, details), at=NOON)

    def kinds(self):
        entries = Entry.objects.filter(conversation=self.conversation)
        shop = entries.filter(kind__in=["offer", "ordered", "withdrawn"])
        return list(shop.order_by("seq").values_list("kind", flat=True))


@pytest.fixture
def deal():
    return Deal()


def test_a_plan_is_asked_about_as_the_shops_draft(deal):
    key = UUID(int=7)
    draft = Plan(lines=[("KETTLE", 2)], delivery="post", coupon="MAY").draft(
        key, deal.anna
    )
    assert draft.lines == (DraftLine("KETTLE", 2),)
    assert (draft.key, draft.delivery, draft.coupon) == (key.hex, "post", "MAY")
    assert draft.operator == str(deal.anna.id)


def test_an_offer_is_asked_about_as_it_was_proposed(deal):
    offer = deal.propose(("KETTLE", 2), ("MILL", 1))
    draft = draft_of(offer, {"city": "Riga"})
    assert draft.lines == (DraftLine("KETTLE", 2), DraftLine("MILL", 1))
    assert (draft.key, draft.delivery) == (offer.public_id.hex, "post")
    assert draft.details == {"city": "Riga"}
    assert draft_of(offer).details == {}


def test_a_proposal_answers_the_visitor(deal):
    assert deal.conversation.waiting_since is not None
    deal.propose()
    deal.conversation.refresh_from_db()
    assert deal.conversation.waiting_since is None
    assert deal.conversation.first_answered_at == NOON
    assert deal.conversation.preview == "64.00 EUR"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1,068.00 EUR"), ("ru", "1\u00a0068,00 EUR")]
)
def test_a_total_is_written_in_the_language_of_the_dialog(language, said):
    deal = Deal(language=language)
    deal.propose(("MILL", 12))
    entry = Entry.objects.get(kind="offer")
    assert (entry.text, entry.data["pieces"]) == (said, 12)


def test_the_same_press_after_another_price_stays_the_first_proposal(deal):
    cmid = uuid4()
    deal.propose(cmid=cmid)
    reprice("KETTLE", price=Decimal("70.00"))
    assert deal.propose(cmid=cmid).total == Decimal("64.00")
    assert deal.kinds() == ["offer"]


def test_somebody_elses_dialog_gets_no_proposal(deal):
    with pytest.raises(Forbidden):
        deal.propose(actor=actor_of_operator(make_operator(name="Boris")))
    assert (Offer.objects.count(), AuditLine.objects.count()) == (0, 0)


def test_a_yes_makes_the_order_and_says_so(deal):
    offer = deal.confirm(deal.propose(), city="Riga")
    assert (offer.state, offer.order_number, offer.settled_at) == (
        "confirmed",
        "N-1",
        NOON,
    )
    assert deal.kinds() == ["offer", "ordered"]
    assert Entry.objects.get(kind="ordered").author_kind == AuthorKind.VISITOR


@pytest.mark.parametrize("amount", ["64.00", "1.00", ""])
def test_a_second_yes_is_the_same_order_whatever_it_says(deal, amount):
    offer = deal.propose()
    deal.confirm(offer)
    reprice("KETTLE", price=Decimal("99.00"))
    assert deal.confirm(offer, amount).order_number == "N-1"
    assert (len(stall().made), deal.kinds()) == (1, ["offer", "ordered"])


def test_another_price_is_said_and_then_taken(deal):
    offer = deal.propose()
    reprice("KETTLE", price=Decimal("59.00"))
    with pytest.raises(ShopSaysNo, match="shop") as refused:
        deal.confirm(offer)
    assert "59.00 EUR" in refused.value.text
    deal.confirm(offer, "59.00")
    assert Entry.objects.get(kind="ordered").data["said"] == "59.00 EUR"
    offer.refresh_from_db()
    assert offer.total == Decimal("64.00")


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ShopRefusal("No such street."), ShopSaysNo),
        (RuntimeError(), ShopSilent),
        (IntegrityError(), ShopSilent),
    ],
)
def test_an_order_that_was_not_made_leaves_no_trace(deal, monkeypatch, error, raised):
    def fail(*_args, **_kwargs):
        raise error

    offer = deal.propose()
    monkeypatch.setattr(Stall, "create_order", fail)
    with pytest.raises(raised):
        deal.confirm(offer)
    offer.refresh_from_db()
    assert (offer.state, offer.order_reference) == ("proposed", "")
    assert deal.kinds() == ["offer"]


def test_an_order_without_a_number_is_still_one_order(deal, monkeypatch):
    make = Stall.create_order

    def unnumbered(shop, draft, *, shopper):
        return replace(make(shop, draft, shopper=shopper), number="")

    monkeypatch.setattr(Stall, "create_order", unnumbered)
    offer = deal.confirm(deal.propose())
    assert (offer.order_reference, offer.order_number) == ("N-1", "")
    assert str(offer) == offer.public_id.hex


def test_the_shop_is_asked_about_the_visitor_himself(deal, monkeypatch):
    shoppers = []
    quote = Stall.quote_order

    def note(shop, draft, *, shopper):
        shoppers.append(shopper)
        return quote(shop, draft, shopper=shopper)

    monkeypatch.setattr(Stall, "quote_order", note)
    deal.confirm(deal.propose())
    assert set(shoppers) == {shopper_of(deal.conversation.visitor)}


def test_a_proposal_taken_back_says_so_and_cannot_be_confirmed(deal):
    offer = deal.propose()
    withdraw_offer(offer=offer, actor=deal.anna, at=NOON)
    with pytest.raises(ShopSaysNo) as refused:
        deal.confirm(offer)
    assert str(refused.value.text) == "This proposal was withdrawn."
    assert (deal.kinds(), stall().made) == (["offer", "withdrawn"], {})


def test_an_order_that_was_made_is_not_taken_back(deal):
    offer = deal.propose()
    deal.confirm(offer)
    with pytest.raises(Closed):
        withdraw_offer(offer=offer, actor=deal.anna, at=NOON)
    offer.refresh_from_db()
    assert (offer.state, deal.kinds()) == ("confirmed", ["offer", "ordered"])


@pytest.mark.parametrize(("is_manager", "state"), [(True, "withdrawn"), (False, "")])
def test_of_others_only_a_manager_takes_it_back(deal, is_manager, state):
    offer = deal.propose()
    other = actor_of_operator(make_operator(name="Boris"), is_manager=is_manager)
    if is_manager:
        withdraw_offer(offer=offer, actor=other, at=NOON)
    else:
        with pytest.raises(Forbidden):
            withdraw_offer(offer=offer, actor=other, at=NOON)
    offer.refresh_from_db()
    assert offer.state == (state or "proposed")
    assert AuditLine.objects.filter(user=other.user_id).exists() is is_manager


def test_a_shop_without_orders_says_so(deal, monkeypatch):
    monkeypatch.setattr(Stall, "quote_order", lambda *_args, **_kwargs: None)
    draft = Plan(lines=[("KETTLE", 1)]).draft(uuid4(), deal.anna)
    with pytest.raises(ShopSaysNo) as refused:
        quote_plan(draft=draft, shopper=shopper_of(deal.conversation.visitor))
    assert str(refused.value.text) == "The shop takes no orders from a dialog."
