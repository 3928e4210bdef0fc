"""What a shop's code does wrong harms nobody who talks."""

import threading
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language, override

from chatdesk.errors import ShopSaysNo, ShopSilent
from chatdesk.shop import guard
from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.types import ShopRefusal


def fail():
    raise RuntimeError("the shop's database is away")


def refuse():
    raise ShopRefusal("Sold out")


def test_what_raises_is_answered_with_a_default_and_logged_once(caplog):
    for _ in range(3):
        found = guard.ask("get_cart", fail, "nothing")
        assert (found.value, found.trouble) == ("nothing", "failed")

    assert [each.getMessage() for each in caplog.records] == [
        "The shop's adapter failed: get_cart"
    ]
    assert "the shop's database is away" in caplog.text


def test_the_shop_is_asked_in_the_language_and_the_hours_of_the_reader():
    seen = []

    def look():
        seen.append(threading.current_thread())
        return get_language(), timezone.get_current_timezone_name()

    with override("ru"), timezone.override("Asia/Tokyo"):
        found = guard.ask("get_cart", look, None)

    assert found.value == ("ru", "Asia/Tokyo")
    assert seen != [threading.current_thread()]


def test_what_is_slow_is_not_waited_for(settings, caplog):
    settings.CHATDESK = {"SHOP_WAIT": timedelta(seconds=0.1)}
    may_end = threading.Event()
    began = time.monotonic()

    found = guard.ask_all(
        {"get_cart": lambda: may_end.wait(60), "get_customer": lambda: "Vera"},
        {"get_cart": None, "get_customer": None},
    )

    may_end.set()
    assert time.monotonic() - began < 30
    assert (found["get_cart"].value, found["get_cart"].trouble) == (None, "slow")
    assert (found["get_customer"].value, found["get_customer"].trouble) == ("Vera", "")
    assert caplog.messages == ["The shop's adapter is too slow: get_cart"]


def test_a_shop_that_never_answers_takes_a_few_threads_and_no_more(settings):
    settings.CHATDESK = {"SHOP_WAIT": timedelta(seconds=0.02)}
    may_end, running = threading.Event(), []

    def hang():
        running.append(1)
        may_end.wait(60)

    for _ in range(guard.THREADS + 3):
        assert guard.ask("list_orders", hang, None).trouble == "slow"
    may_end.set()

    assert len(running) == guard.THREADS


@pytest.mark.django_db
def test_a_question_that_breaks_the_database_leaves_the_transaction_alone():
    def break_it():
        connection.cursor().execute("SELECT nothing FROM nowhere")

    Group.objects.create(name="before")
    assert guard.ask("get_cart", break_it, None).trouble == "failed"
    assert Group.objects.filter(name="before").exists()


def test_an_act_that_is_refused_says_the_shops_words():
    with pytest.raises(ShopSaysNo) as refused:
        guard.act("add_to_cart", refuse)
    assert refused.value.text == "Sold out"
    with pytest.raises(ShopSilent):
        guard.act("add_to_cart", fail)


def test_who_may_is_nobody_while_the_shop_cannot_say(monkeypatch):
    monkeypatch.setattr(guard, "get_adapter", fail)
    assert guard.may(object(), "cart") is False


# Sums


class Careless(ShopAdapter):
    """Writes sums as a shop that did not think of everything."""

    said = None

    def write_money(self, amount, currency):
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


@pytest.fixture
def careless(monkeypatch):
    shop = Careless()
    monkeypatch.setattr(guard, "get_adapter", lambda: shop)
    return shop


def test_a_sum_is_written_as_the_shop_writes_it(careless):
    careless.said = "five euros"

    assert guard.write_money(Decimal(5), "EUR") == "five euros"


@pytest.mark.parametrize("said", [KeyError("EUR"), None])
def test_a_shop_that_cannot_write_a_sum_has_it_written_plainly(careless, said, caplog):
    careless.said = said

    texts = {guard.write_money(Decimal("1234.5"), "EUR") for _ in range(3)}

    assert texts == {"1,234.50 EUR"}
    assert caplog.messages == ["The shop's adapter failed: write_money"]
