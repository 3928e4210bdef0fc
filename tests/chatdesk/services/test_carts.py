"""A cart changed: who has the dialog open hears of it, and nothing of what is in it."""

from contextlib import suppress
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from chatdesk import integration
from chatdesk.doorbell.listeners import Whisper
from chatdesk.errors import NotFound, ShopSaysNo, ShopSilent
from chatdesk.models import AuthorKind, Entry, Visitor
from chatdesk.services import carts
from chatdesk.services.carts import (
    Pick,
    add_card_to_cart,
    note_shop_key,
    share_cart_change,
)
from chatdesk.services.products import CardIntent, send_product
from chatdesk.shop.types import Added, ShopRefusal
from chatdesk.wire.objects import to_ms
from tests.chatdesk.api.callers import Page
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_led_conversation,
    make_operator,
    make_visitor,
)
from tests.stall import Stall, stall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_stall")]


@pytest.fixture
def heard(monkeypatch):
    signs: list[Whisper] = []
    monkeypatch.setattr(carts, "whisper", signs.append)
    return signs


@pytest.fixture
def dialog():
    return make_dialog()


def make_dialog():
    """Make a dialog whose operator is known to it."""
    conversation = make_led_conversation(make_operator())
    conversation.refresh_from_db()
    return conversation


def request_of(visitor=None, *, basket=""):
    request = RequestFactory().post("/cart/", headers={"X-Basket": basket})
    request.user = AnonymousUser()
    if visitor is not None:
        request.COOKIES["chatdesk_visitor"] = Page(visitor).cookie
    return request


def send(dialog, product="KETTLE"):
    intent = CardIntent(dialog, actor_of_operator(dialog.operator), uuid4(), product)
    return send_product(intent, at=NOON).entry.seq


def key_of(visitor):
    return Visitor.objects.get(pk=visitor.pk).shop_key


def add(dialog, seq, quantity=1, basket=""):
    dialog.refresh_from_db()
    return add_card_to_cart(
        conversation=dialog,
        request=request_of(dialog.visitor, basket=basket),
        pick=Pick(seq, quantity),
        at=NOON,
    )


# Who hears of it


def test_every_dialog_in_progress_hears_that_the_cart_is_another(
    heard, dialog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        share_cart_change(visitor=dialog.visitor, at=NOON)
    assert heard == [
        Whisper(
            public_id=dialog.public_id.hex,
            author=str(AuthorKind.VISITOR),
            kind="cart",
            at=to_ms(NOON),
        )
    ]


def test_a_dialog_that_ended_hears_nothing(heard, django_capture_on_commit_callbacks):
    closed = make_conversation(operator=make_operator(), closed_as="answered")
    with django_capture_on_commit_callbacks(execute=True):
        share_cart_change(visitor=closed.visitor, at=NOON)
    assert heard == []


def test_a_dialog_of_somebody_else_hears_nothing(
    heard, dialog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        share_cart_change(visitor=make_visitor(), at=NOON)
    assert heard == []
    assert dialog.visitor_id


def test_a_change_that_was_taken_back_is_not_told(
    heard, dialog, django_capture_on_commit_callbacks
):
    @transaction.atomic
    def change_and_fail():
        share_cart_change(visitor=dialog.visitor, at=NOON)
        raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), suppress(RuntimeError):
        change_and_fail()
    assert heard == []


def test_the_shop_says_that_a_cart_changed(
    heard, dialog, django_capture_on_commit_callbacks
):
    request = request_of(dialog.visitor, basket="basket-1")
    with django_capture_on_commit_callbacks(execute=True):
        integration.cart_changed(request)
    assert [sign.kind for sign in heard] == ["cart"]
    assert key_of(dialog.visitor) == "basket-1"


def test_a_cart_of_somebody_who_never_wrote_costs_no_query(heard):
    with CaptureQueriesContext(connection) as queries:
        integration.cart_changed(request_of(basket="basket-1"))
    assert (len(queries), heard) == (0, [])


def test_a_forged_cookie_changes_no_cart(heard, dialog):
    request = request_of(basket="stolen")
    request.COOKIES["chatdesk_visitor"] = dialog.visitor.public_id.hex
    integration.cart_changed(request)
    assert (key_of(dialog.visitor), heard) == ("", [])


# The key of the cart


def test_a_key_that_stayed_is_not_written_again(dialog):
    visitor = dialog.visitor
    note_shop_key(visitor=visitor, request=request_of(basket="basket-1"))
    assert (visitor.shop_key, key_of(visitor)) == ("basket-1", "basket-1")
    with CaptureQueriesContext(connection) as queries:
        note_shop_key(visitor=visitor, request=request_of(basket="basket-1"))
    written = [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]
    assert written == []


def test_a_key_that_is_gone_is_forgotten(dialog):
    for basket, kept in (("basket-1", "basket-1"), ("", "")):
        note_shop_key(visitor=dialog.visitor, request=request_of(basket=basket))
        assert key_of(dialog.visitor) == kept


# Adding


def test_adding_tells_the_cart_its_key_and_its_followers(
    heard, dialog, django_capture_on_commit_callbacks
):
    seq = send(dialog)
    with django_capture_on_commit_callbacks(execute=True):
        added = add(dialog, seq, 3, basket="basket-1")
    assert (added.quantity, stall().held) == (3, {"KETTLE": 3})
    assert key_of(dialog.visitor) == "basket-1"
    assert [sign.public_id for sign in heard] == [dialog.public_id.hex]


def test_what_is_no_card_of_this_dialog_is_not_found(dialog):
    foreign = make_dialog()
    for _ in range(3):
        seq = send(foreign, "MILL")
    message = Entry.objects.filter(conversation=dialog, kind="message").get().seq
    for wanted in (message, seq):
        with pytest.raises(NotFound):
            add(dialog, wanted)
    assert stall().held == {}


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (ShopRefusal("Two a buyer."), ShopSaysNo, "Two a buyer."),
        (ShopRefusal(""), ShopSaysNo, "The shop cannot do this."),
        (RuntimeError(), ShopSilent, ""),
        (Added(0, "Gone."), ShopSaysNo, "Gone."),
        (Added(-1), ShopSaysNo, "This cannot be bought now."),
        (None, ShopSilent, ""),
    ],
)
def test_what_was_not_added_is_told_to_nobody(
    heard,
    dialog,
    monkeypatch,
    django_capture_on_commit_callbacks,
    answer,
    error,
    text,
):
    def respond(*_args):
        if isinstance(answer, Exception):
            raise answer
        return answer

    seq = send(dialog)
    monkeypatch.setattr(Stall, "add_to_cart", respond)
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(error) as refused,
    ):
        add(dialog, seq, basket="basket-1")
    assert (heard, key_of(dialog.visitor)) == ([], "")
    assert not text or str(refused.value.text) == text
