"""A visitor who wants what is sold out is told when it is there again, once."""

from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.errors import NotFound, ShopSaysNo, ShopSilent
from chatdesk.models import Conversation, Entry, StockWish
from chatdesk.selectors.shop import cards_of
from chatdesk.services.products import CardIntent, send_product
from chatdesk.services.wishes import LOOK_EVERY, tell_of_stock, wish_product
from chatdesk.shop.guard import forget_troubles
from chatdesk.shop.types import Availability, Stock
from chatdesk.worker import run_due
from tests.factories import actor_of_operator, make_led_conversation, make_operator
from tests.stall import KETTLE, Stall, reprice, stall
from tests.together import Together

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

OUT, BACK = Stock(Availability.OUT), Stock(Availability.FEW, 2)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _open_shop(settings: Any) -> None:
    settings.CHATDESK = {"SHOP_ADAPTER": "tests.stall.Stall"}
    forget_troubles()


@pytest.fixture
def conversation() -> Conversation:
    """A dialog in which the kettle was sent before the last one was sold."""
    operator = make_operator()
    row = make_led_conversation(operator)
    actor = actor_of_operator(operator)
    send_product(CardIntent(row, actor, uuid4(), "KETTLE"), at=timezone.now())
    reprice("KETTLE", stock=OUT)
    row.refresh_from_db()
    return row


def wish(conversation: Conversation, **more: Any) -> StockWish:
    given = {"seq": conversation.head, "at": timezone.now(), **more}
    return wish_product(conversation=conversation, **given)


def look() -> int:
    """Look as the worker does, a minute after the last time."""
    later = StockWish.objects.latest("pk").look_at + SECOND
    return tell_of_stock(at=later)


def news_in(conversation: Conversation) -> list[str]:
    rows = Entry.objects.filter(conversation=conversation, kind=Entry.Kind.AUTO)
    return list(rows.order_by("seq").values_list("text", flat=True))


def test_what_is_there_again_is_told_once_at_the_price_of_now(
    conversation: Conversation,
) -> None:
    wish(conversation)
    assert look() == 0
    reprice("KETTLE", stock=BACK, price=KETTLE.price + 1)

    assert [look(), look()] == [1, 0]

    assert news_in(conversation) == ["Kettle is in stock again: 65.00 EUR"]
    assert StockWish.objects.get().told_at is not None


def test_the_same_wish_is_kept_once_and_may_come_again(
    conversation: Conversation,
) -> None:
    assert wish(conversation) == wish(conversation)
    reprice("KETTLE", stock=BACK)
    look()
    reprice("KETTLE", stock=OUT)

    wish(conversation)
    reprice("KETTLE", stock=BACK)
    look()

    assert len(news_in(conversation)) == 2


def test_the_card_says_that_its_product_is_wished_for(
    conversation: Conversation,
) -> None:
    def is_wished() -> bool:
        (card,) = cards_of(conversation=conversation, seqs=[conversation.head]).cards
        return card.wished

    assert not is_wished()
    wish(conversation)
    assert is_wished()
    reprice("KETTLE", stock=BACK)
    assert not is_wished()


def test_a_card_of_what_can_be_had_asks_for_no_wish(
    conversation: Conversation,
) -> None:
    reprice("KETTLE", stock=BACK)
    with CaptureQueriesContext(connection) as queries:
        cards_of(conversation=conversation, seqs=[conversation.head])
    assert not [each for each in queries if "stockwish" in each["sql"]]


def test_what_can_be_had_or_is_gone_is_not_wished_for(
    conversation: Conversation,
) -> None:
    reprice("KETTLE", stock=BACK)
    with pytest.raises(ShopSaysNo) as refusal:
        wish(conversation)
    assert refusal.value.text == "This product is in stock."
    stall().goods.clear()
    with pytest.raises(ShopSaysNo) as refusal:
        wish(conversation)
    assert refusal.value.text == "This product is sold no more."
    assert not StockWish.objects.exists()


def test_only_what_was_sent_here_is_wished_for(conversation: Conversation) -> None:
    with pytest.raises(NotFound):
        wish(conversation, seq=1)
    other = make_led_conversation(make_operator())
    with pytest.raises(NotFound):
        wish(other, seq=conversation.head)


def test_a_shop_that_breaks_promises_and_tells_nothing(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(conversation)
    monkeypatch.setattr(Stall, "get_products", Mock(side_effect=OSError))

    with pytest.raises(ShopSilent):
        wish(conversation)
    assert look() == 0

    monkeypatch.undo()
    reprice("KETTLE", stock=BACK)
    assert look() == 1


@pytest.mark.parametrize("state", [Availability.OUT, Availability.UNKNOWN])
def test_a_shop_that_does_not_know_is_no_news(
    conversation: Conversation, state: Availability
) -> None:
    wish(conversation)
    reprice("KETTLE", stock=Stock(state))
    assert look() == 0


def test_many_who_wait_are_one_question(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(conversation)
    now = timezone.now()
    for _number in range(4):
        row = make_led_conversation(make_operator())
        StockWish.objects.create(
            conversation=row, product="KETTLE", asked_at=now, look_at=now
        )
    asked = Mock(return_value=[])
    monkeypatch.setattr(Stall, "get_products", asked)

    tell_of_stock(at=now + LOOK_EVERY)
    tell_of_stock(at=now + LOOK_EVERY)

    asked.assert_called_once()


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_the_same_moment_ask_the_shop_once(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(conversation)
    asked = Mock(return_value=[])
    monkeypatch.setattr(Stall, "get_products", asked)
    later = timezone.now() + LOOK_EVERY

    with Together(4) as threads:
        for number in range(3):
            at = later + number * LOOK_EVERY
            told = threads.run([partial(tell_of_stock, at=at)] * 4)
            assert (told, asked.call_count) == ([0] * 4, number + 1)


def test_it_is_said_in_the_language_of_the_dialog_though_it_has_ended(
    conversation: Conversation,
) -> None:
    wish(conversation)
    Conversation.objects.update(language="ru", status="closed")
    reprice("KETTLE", stock=BACK)
    look()

    (text,) = news_in(conversation)
    assert text.startswith("Kettle снова в наличии")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("closed", None)


def test_who_has_gone_is_told_by_mail_in_the_shops_name(
    conversation: Conversation, settings: Any
) -> None:
    Conversation.objects.update(reply_email="vera@example.com")
    wish(conversation)
    reprice("KETTLE", stock=BACK)
    look()
    conversation.refresh_from_db()
    assert conversation.follow_at is not None

    run_due(at=conversation.follow_at + timedelta(minutes=1))

    (sent,) = mail.outbox
    assert sent.to == ["vera@example.com"]
    assert sent.subject.startswith("News from ")
    assert "Kettle is in stock again" in sent.body
