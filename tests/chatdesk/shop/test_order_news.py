"""What happens to an order comes back to its dialog once, quietly."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from chatdesk.integration import OrderEvent, OrderNews, order_news
from chatdesk.models import Conversation, Entry, Offer
from tests.factories import make_conversation, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation():
    operator = make_operator()
    conversation = make_conversation(operator=operator)
    Offer.objects.create(
        public_id=uuid4(),
        conversation=conversation,
        operator=operator,
        total=Decimal("64.00"),
        currency="EUR",
        state="confirmed",
        order_reference="N-1",
        order_number="N-1",
        proposed_at=timezone.now(),
    )
    return conversation


def news_in(conversation):
    entries = Entry.objects.filter(conversation=conversation, kind="order")
    return [entry.data for entry in entries.order_by("seq")]


def test_an_event_is_one_quiet_line(conversation):
    before = Conversation.objects.get(pk=conversation.pk)
    for _ in range(2):
        order_news(OrderNews("N-1", OrderEvent.PAID))

    assert news_in(conversation) == [
        {"reference": "N-1", "number": "N-1", "event": "paid"}
    ]
    after = Conversation.objects.get(pk=conversation.pk)
    assert (after.waiting_since, after.status, after.preview) == (
        before.waiting_since,
        before.status,
        before.preview,
    )


def test_two_refunds_are_two_lines(conversation):
    for occasion, amount in (("r1", "5.00"), ("r2", "6.00"), ("r1", "5.00")):
        order_news(
            OrderNews(
                "N-1",
                OrderEvent.REFUNDED,
                occasion=occasion,
                amount=Decimal(amount),
                currency="EUR",
            )
        )
    assert [each["said"] for each in news_in(conversation)] == ["5.00 EUR", "6.00 EUR"]


def test_a_parcel_has_its_number(conversation):
    assert order_news(OrderNews("N-1", OrderEvent.SENT, tracking="RR 1")) == 1
    assert news_in(conversation)[0]["tracking"] == "RR 1"


def test_an_order_of_no_dialog_is_told_to_those_the_shop_names(conversation):
    news = OrderNews("N-9", OrderEvent.PAID)
    assert order_news(news) == 0
    assert order_news(news, conversation_ids=[conversation.pk]) == 1
    assert order_news(OrderNews("", OrderEvent.PAID)) == 0
