"""Cards and proposed orders in the copy of a dialog that is mailed."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail

from chatdesk.models import Conversation, Effect
from chatdesk.services.offers import Plan, Proposal, propose_order
from chatdesk.services.order_news import OrderNews, tell_of_order
from chatdesk.services.products import CardIntent, send_product
from chatdesk.services.transcripts import send_shop_copy, send_transcript
from chatdesk.shop.types import OrderEvent
from tests.factories import (
    NOON,
    actor_of_operator,
    make_led_conversation,
    make_operator,
)
from tests.stall import Stall, reprice, stall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_stall")]


class Copy:
    """A dialog with cards, of which copies are mailed."""

    def __init__(self, language="en"):
        operator = make_operator(name="Anna")
        self.operator = actor_of_operator(operator)
        self.conversation = make_led_conversation(operator)
        self.conversation.language = language
        self.conversation.save(update_fields=["language"])

    def sends(self, product):
        intent = CardIntent(self.conversation, self.operator, uuid4(), product)
        send_product(intent, at=NOON)

    def proposes(self, product, pieces):
        plan = Plan(lines=[(product, pieces)])
        proposal = Proposal(self.conversation, self.operator, plan, uuid4())
        propose_order(proposal, at=NOON)

    def mails(self, send=send_transcript):
        """Return the text and the page of the mail."""
        effect = Effect.objects.create(
            kind=Effect.Kind.TRANSCRIPT_MAIL,
            conversation=Conversation.objects.get(pk=self.conversation.pk),
            target="visitor@mail.example",
            key=uuid4().hex,
            due_at=NOON,
            promised_at=NOON,
        )
        mail.outbox.clear()
        send(effect)
        (sent,) = mail.outbox
        return sent.body, sent.alternatives[0].content


@pytest.fixture
def copy():
    return Copy()


def test_a_card_is_there_with_its_price(copy):
    copy.sends("KETTLE")
    for part in copy.mails():
        assert "Product: Kettle, 64.00 EUR" in part
        assert "now" not in part.split("64.00 EUR")[1][:5]


def test_a_card_tells_both_prices_when_they_differ(copy):
    copy.sends("KETTLE")
    reprice("KETTLE", price=Decimal("59.00"))
    for part in copy.mails():
        assert "Product: Kettle, 64.00 EUR, now 59.00 EUR" in part


def test_a_proposed_order_is_there_with_its_total(copy):
    copy.proposes("MILL", 2)
    for part in copy.mails():
        assert "Proposed an order: 178.00 EUR" in part


def test_news_of_orders_are_not_words_of_the_dialog(copy):
    news = OrderNews("N-1", OrderEvent.PAID)
    assert tell_of_order(news, at=NOON, conversation_ids=[copy.conversation.pk]) == 1
    for part in copy.mails():
        assert "N-1" not in part


def test_hostile_names_of_products_are_words_in_the_page(copy):
    reprice("MILL", name="<img src=x onerror=steal()>")
    copy.sends("MILL")
    text, page = copy.mails()
    assert "<img src=x" in text
    assert "<img" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_copy_goes_out_though_the_shop_cannot_tell(copy, monkeypatch, is_gone):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    copy.sends("KETTLE")
    if is_gone:
        stall().goods.clear()
    else:
        monkeypatch.setattr(Stall, "get_products", fail)
    for part in copy.mails():
        assert "Product: Kettle, 64.00 EUR" in part


def test_no_cost_price_is_ever_mailed(copy):
    copy.sends("KETTLE")
    for send in (send_transcript, send_shop_copy):
        for part in copy.mails(send):
            assert "30.00" not in part


@pytest.mark.parametrize(
    ("send", "word"), [(send_transcript, "Товар:"), (send_shop_copy, "Product:")]
)
def test_each_copy_speaks_the_language_of_its_reader(send, word):
    copy = Copy("ru")
    copy.sends("KETTLE")
    for part in copy.mails(send):
        assert f"{word} Kettle" in part
