"""Cards in copies that people read: the price at sending, and that of now."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from chatdesk.admin.transcript import lay_out
from chatdesk.models import Conversation, Entry
from chatdesk.services.order_news import OrderNews, tell_of_order
from chatdesk.services.products import CardIntent, send_product
from chatdesk.shop.types import OrderEvent
from tests.factories import actor_of_operator, make_led_conversation, make_operator
from tests.stall import reprice

pytestmark = pytest.mark.django_db


def test_a_transcript_shows_both_prices_and_what_became_of_the_order():
    operator = make_operator()
    conversation = make_led_conversation(operator)
    at = timezone.now()
    intent = CardIntent(conversation, actor_of_operator(operator), uuid4(), "KETTLE")
    send_product(intent, at=at)
    news = OrderNews("N-1", OrderEvent.SENT, tracking="RR 7")
    tell_of_order(news, at=at, conversation_ids=[conversation.pk])
    reprice("KETTLE", price=Decimal("59.00"))

    entries = Entry.objects.filter(conversation=conversation).order_by("seq")
    row = Conversation.objects.select_related("visitor").get(pk=conversation.pk)
    lines = [line.text for line in lay_out(entries, conversation=row, at=at)]

    assert "Product: Kettle, 64.00 EUR, now 59.00 EUR" in lines
    assert "Order N-1 is on its way, RR 7" in lines
