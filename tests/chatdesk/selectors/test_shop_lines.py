"""Cards, proposals and news of orders as lines of a copy."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from chatdesk.models import Conversation, Entry
from chatdesk.selectors.shop_lines import NEWS, news_text, prices_now, said_text
from chatdesk.services.products import CardIntent, send_product
from chatdesk.shop.types import OrderEvent
from tests.factories import (
    NOON,
    actor_of_operator,
    make_led_conversation,
    make_operator,
)
from tests.stall import Stall, reprice, stall

pytestmark = pytest.mark.usefixtures("open_stall")

CARD = {"product": "KETTLE", "name": "Kettle", "said": "64.00 EUR"}


def line(kind, data, seq=5):
    return Entry(kind=kind, data=data, seq=seq)


@pytest.fixture
def dialog():
    operator = make_operator()
    conversation = make_led_conversation(operator)
    for product in ("KETTLE", "MILL"):
        actor = actor_of_operator(operator)
        send_product(CardIntent(conversation, actor, uuid4(), product), at=NOON)
    return Conversation.objects.select_related("visitor").get(pk=conversation.pk)


def entries_of(conversation):
    return list(Entry.objects.filter(conversation=conversation).order_by("seq"))


def names_of(conversation, prices):
    """Return the prices of now by the name of the product."""
    return {
        entry.text: prices[entry.seq]
        for entry in entries_of(conversation)
        if entry.seq in prices
    }


@pytest.mark.parametrize(
    ("language", "kind", "data", "prices", "text"),
    [
        ("en", "product", CARD, {}, "Product: Kettle, 64.00 EUR"),
        ("en", "product", CARD, {4: "1 EUR"}, "Product: Kettle, 64.00 EUR"),
        (
            "en",
            "product",
            CARD,
            {5: "59.00 EUR"},
            "Product: Kettle, 64.00 EUR, now 59.00 EUR",
        ),
        ("en", "offer", {"said": "153.00 EUR"}, {}, "Proposed an order: 153.00 EUR"),
        ("en", "product", None, {}, "Product: , "),
        ("en", "offer", {}, {}, "Proposed an order: "),
        (
            "en",
            "product",
            {**CARD, "name": "100 % <b>%(x)s"},
            {},
            "Product: 100 % <b>%(x)s, 64.00 EUR",
        ),
        ("ru", "product", CARD, {}, "Товар: Kettle, 64.00 EUR"),
    ],
)
def test_a_card_is_said_with_its_prices(language, kind, data, prices, text):
    with override(language):
        assert said_text(line(kind, data), prices) == text


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("ordered", {"number": "N-1"}, "Ordered: N-1"),
        ("ordered", {"number": "N-1", "said": "64.00 EUR"}, "Ordered: N-1, 64.00 EUR"),
        ("withdrawn", {"offer": "1"}, "The proposed order was taken back"),
        ("withdrawn", {"said": "64.00 EUR"}, "The proposed order was taken back"),
        ("order", {"number": "N-1", "event": "paid"}, "Order N-1 is paid"),
        (
            "order",
            {"number": "N-1", "event": "sent", "tracking": "RR 7"},
            "Order N-1 is on its way, RR 7",
        ),
        ("order", {"number": "N-1", "event": "delivered"}, "Order N-1 has arrived"),
        ("order", {"number": "N-1", "event": "cancelled"}, "Order N-1 was cancelled"),
        ("order", {"number": "N-1", "event": "returned"}, "Order N-1 was returned"),
        (
            "order",
            {"number": "N-1", "event": "refunded", "said": "5.00 EUR"},
            "Money back for order N-1, 5.00 EUR",
        ),
        ("order", {"number": "N-1", "event": "of tomorrow"}, ""),
        ("order", None, ""),
        ("message", {"number": "N-1"}, ""),
        ("product", CARD, ""),
        ("taken", None, ""),
    ],
)
def test_news_of_an_order_are_one_line(kind, data, text):
    assert news_text(line(kind, data)) == text


@pytest.mark.parametrize("event", list(OrderEvent))
def test_every_event_has_words_in_both_languages(event):
    data = {"number": "N-1", "event": event.value}
    said = []
    for language in ("en", "ru"):
        with override(language):
            said.append(news_text(line("order", data)))
    assert all("N-1" in each for each in said)
    assert said[0] != said[1]
    assert event in NEWS


@pytest.mark.django_db
def test_a_price_that_stayed_is_not_told_again(dialog):
    assert prices_now(dialog, entries_of(dialog)) == {}
    reprice("MILL", price=Decimal("79.00"))
    prices = prices_now(dialog, entries_of(dialog))
    assert names_of(dialog, prices) == {"Mill": "79.00 EUR"}


@pytest.mark.django_db
def test_a_product_that_is_gone_has_no_price_of_now(dialog):
    stall().goods.clear()
    assert prices_now(dialog, entries_of(dialog)) == {}


@pytest.mark.django_db
def test_a_shop_that_is_silent_leaves_the_copy_as_it_was_sent(dialog, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    reprice("MILL", price=Decimal("79.00"))
    monkeypatch.setattr(Stall, "get_products", fail)
    assert prices_now(dialog, entries_of(dialog)) == {}


@pytest.mark.django_db
def test_a_copy_without_cards_does_not_ask_the_shop(dialog):
    entries = [each for each in entries_of(dialog) if each.kind != "product"]
    stall().asked.clear()
    with CaptureQueriesContext(connection) as queries:
        assert prices_now(dialog, entries) == {}
    assert (len(queries), stall().asked) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["cost", "admin_url"])
def test_a_copy_asks_as_the_visitor_who_reads_it(dialog, monkeypatch, field):
    """A price that only staff may see would be one that a copy must not show."""
    seen = []

    def may(_shop, _user, what):
        seen.append(what)
        return True

    monkeypatch.setattr(Stall, "may", may)
    prices_now(dialog, entries_of(dialog))
    assert f"product.{field}" not in seen
