"""A card is a reference in the log, with name and price of the moment it was sent."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils.functional import lazystr

from chatdesk.errors import Closed, Forbidden, ShopSaysNo, ShopSilent
from chatdesk.models import Conversation, Entry
from chatdesk.services.products import CardIntent, send_product
from tests.factories import (
    NOON,
    actor_of_operator,
    make_led_conversation,
    make_operator,
)
from tests.stall import MILL, Stall, reprice, stall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_stall")]


@pytest.fixture
def dialog():
    conversation = make_led_conversation(make_operator())
    conversation.refresh_from_db()
    return conversation


def send(dialog, product="MILL", *, cmid=None, operator=None):
    actor = actor_of_operator(operator or dialog.operator)
    return send_product(CardIntent(dialog, actor, cmid or uuid4(), product), at=NOON)


@pytest.mark.parametrize(
    ("changes", "field", "kept"),
    [
        ({}, "name", "Mill"),
        ({"variant": "oak, 20 cm"}, "name", "Mill, oak, 20 cm"),
        ({"name": lazystr("Mill")}, "name", "Mill"),
        ({"name": "<script>x</script>"}, "name", "<script>x</script>"),
        ({"price": Decimal("1E+2")}, "price", "100"),
        ({"price": Decimal("0.10")}, "price", "0.10"),
        ({"currency": "USD"}, "currency", "USD"),
        ({"currency": "USD"}, "said", "89.00 USD"),
    ],
)
def test_a_card_keeps_what_was_true_when_it_was_sent(dialog, changes, field, kept):
    reprice("MILL", **changes)
    entry = send(dialog).entry
    reprice("MILL", price=Decimal(1), name="Another", currency="GBP")
    entry = Entry.objects.get(seq=entry.seq, conversation=dialog)
    assert entry.data[field] == kept
    assert entry.data["product"] == "MILL"


@pytest.mark.parametrize("field", ["cost", "sku", "url", "admin_url", "facts"])
def test_a_card_keeps_nothing_else(dialog, field):
    reprice("MILL", cost=Decimal(30), admin_url="/admin/mill/")
    assert field not in send(dialog).entry.data


@pytest.mark.parametrize(
    ("language", "said"), [("en", "89.00 EUR"), ("ru", "89,00 EUR"), ("", "89.00 EUR")]
)
def test_a_price_is_said_in_the_language_of_the_dialog(dialog, language, said):
    Conversation.objects.filter(pk=dialog.pk).update(language=language)
    dialog.refresh_from_db()
    assert send(dialog).entry.data["said"] == said


def test_a_card_answers_like_a_message(dialog):
    send(dialog)
    dialog.refresh_from_db()
    assert (dialog.waiting_since, dialog.preview) == (None, "Mill")
    assert dialog.first_answered_by_id == dialog.operator_id


def test_the_same_press_is_one_card_whatever_it_costs_by_then(dialog):
    cmid = uuid4()
    first = send(dialog, cmid=cmid)
    reprice("MILL", price=Decimal(1))
    again = send(dialog, cmid=cmid)
    assert (again.is_repeat, again.entry.seq) == (True, first.entry.seq)
    assert Entry.objects.filter(kind="product").count() == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (RuntimeError(), ShopSilent),
        (None, ShopSaysNo),
        ([], ShopSaysNo),
        ([replace(MILL, ref="CUP")], ShopSaysNo),
        (5, ShopSilent),
    ],
    ids=["raises", "nothing", "none", "another", "no list"],
)
def test_a_product_that_the_shop_does_not_show_is_not_sent(
    dialog, monkeypatch, answer, error
):
    def respond(*_args, **_kwargs):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Stall, "get_products", respond)
    with pytest.raises(error):
        send(dialog)
    dialog.refresh_from_db()
    assert dialog.waiting_since is not None
    assert not Entry.objects.filter(kind="product").exists()


def test_a_refusal_is_in_the_language_of_the_dialog(dialog):
    Conversation.objects.filter(pk=dialog.pk).update(language="ru")
    dialog.refresh_from_db()
    with pytest.raises(ShopSaysNo) as refused:
        send(dialog, "NOPE")
    assert str(refused.value.text) == "Магазин не знает этого товара."


def test_a_dialog_of_a_colleague_gets_no_card(dialog):
    with pytest.raises(Forbidden):
        send(dialog, operator=make_operator(name="Boris"))
    assert stall().held == {}


def test_a_dialog_that_ended_gets_no_card(dialog):
    Conversation.objects.filter(pk=dialog.pk).update(status="closed", closed_at=NOON)
    with pytest.raises(Closed):
        send(dialog)
