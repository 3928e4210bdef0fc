"""The shop in a dialog, over HTTP: panel, cards, cart, proposed orders."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatdesk.models import AuditLine, Entry, Offer
from chatdesk.shop.types import Availability, DraftLine, OrderDraft, Stock
from tests.chatdesk.api.callers import Desk, Page, of
from tests.chatdesk.shop.scenes import Scene
from tests.factories import make_operator
from tests.stall import MILL, Stall, reprice, stall

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene("view_group")


# The panel


def test_the_panel_shows_what_the_shop_knows(scene):
    stall().held["KETTLE"] = 2
    panel = scene.ask(scene.desk, "shop")

    assert panel["cart"]["total"] == "128.00 EUR"
    assert [line["name"] for line in panel["cart"]["lines"]] == ["Kettle"]
    assert panel["customer"]["name"] == "Vera"
    assert panel["deliveries"] == [
        {"code": "post", "name": "By post", "price": "4.90 EUR"}
    ]
    assert panel["may_send"] is True
    assert panel["may_order"] is True


def test_a_field_is_there_for_whom_django_lets_see_it():
    guest, trusted = Scene(), Scene("view_user", "view_group")
    hidden = guest.ask(guest.desk, "shop")
    shown = trusted.ask(trusted.desk, "shop")

    assert "phone" not in hidden["customer"]
    assert shown["customer"]["phone"] == "+49 1"
    assert hidden["customer"]["facts"] == [["Club", "gold"]]
    assert shown["customer"]["facts"] == [["Margin", "40 %"], ["Club", "gold"]]
    assert "may_order" not in hidden
    assert guest.cards(guest.desk, guest.send().json()["seq"])["cards"][0]["price"]
    seq = trusted.send().json()["seq"]
    assert trusted.cards(trusted.desk, seq)["cards"][0]["cost"] == "30.00 EUR"


def test_a_permission_taken_away_takes_the_field_away(scene):
    stall().create_order(draft_of_kettles(), shopper=None)
    assert scene.ask(scene.desk, "shop")["orders"]

    scene.operator.user.user_permissions.remove(
        Permission.objects.get(codename="view_group")
    )

    assert "orders" not in scene.ask(scene.desk, "shop")


def draft_of_kettles():
    return OrderDraft(key=uuid4().hex, lines=(DraftLine("KETTLE", 1),))


def test_no_cost_price_ever_reaches_a_visitor(scene):
    seq = scene.send().json()["seq"]
    (card,) = scene.cards(scene.page, seq)["cards"]
    assert not {"cost", "admin_url", "facts"} & set(card)


def test_a_block_that_fails_says_so_and_the_others_stand(scene, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(Stall, "get_cart", fail)
    for _ in range(2):
        panel = scene.ask(scene.desk, "shop")

    assert panel["troubles"] == {"cart": "failed"}
    assert panel["customer"]["name"] == "Vera"
    assert len([each for each in caplog.records if each.name.endswith("guard")]) == 1
    assert scene.page.say(scene.conversation, "Are you there?").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_block_that_is_slow_says_so_and_the_chat_goes_on(
    settings, monkeypatch, caplog
):
    """Two seconds and more: nobody waits for it longer than the shop allows."""
    settings.CHATDESK = {**settings.CHATDESK, "SHOP_WAIT": timedelta(seconds=0.3)}
    scene, may_end = Scene("view_group"), threading.Event()
    monkeypatch.setattr(Stall, "get_cart", lambda *_args: may_end.wait(60))
    panels = [scene.ask(scene.desk, "shop") for _ in range(2)]
    said = scene.page.say(scene.conversation, "Are you there?")
    may_end.set()

    assert {panel["troubles"]["cart"] for panel in panels} == {"slow"}
    assert panels[0]["customer"]["name"] == "Vera"
    assert caplog.messages == ["The shop's adapter is too slow: cart"]
    assert said.status_code == 201


@pytest.mark.parametrize(
    "method", ["get_customer", "get_cart", "list_orders", "list_deliveries"]
)
def test_a_method_that_returns_nothing_leaves_its_block_empty(
    scene, monkeypatch, method
):
    monkeypatch.setattr(Stall, method, lambda *_args, **_kwargs: None)
    panel = scene.ask(scene.desk, "shop")
    assert "troubles" not in panel


# Cards


def test_a_card_is_a_reference_with_the_price_at_sending(scene):
    sent = scene.send()
    entry = Entry.objects.get(seq=sent.json()["seq"])

    assert (sent.status_code, entry.kind, entry.text) == (201, "product", "Kettle")
    assert entry.data == {
        "product": "KETTLE",
        "name": "Kettle",
        "price": "64.00",
        "currency": "EUR",
        "said": "64.00 EUR",
    }
    assert scene.conversation.__class__.objects.get().waiting_since is None


def test_a_card_shows_the_price_of_now_beside_the_one_of_then(scene):
    seq = scene.send().json()["seq"]
    assert "was" not in scene.cards(scene.page, seq)["cards"][0]

    reprice("KETTLE", price=Decimal("59.00"))

    (card,) = scene.cards(scene.page, seq)["cards"]
    assert (card["price"], card["was"]) == ("59.00 EUR", "64.00 EUR")


def test_a_product_that_is_gone_is_said_to_be_gone(scene):
    seq = scene.send().json()["seq"]
    stall().goods.clear()
    (card,) = scene.cards(scene.page, seq)["cards"]
    assert (card["gone"], card["name"]) == (True, "Kettle")


def test_cards_of_a_whole_dialog_are_asked_for_at_once(scene):
    seqs = [scene.send(ref).json()["seq"] for ref in ("KETTLE", "MILL", "KETTLE")]
    with CaptureQueriesContext(connection) as of_one:
        scene.cards(scene.page, seqs[0])
    with CaptureQueriesContext(connection) as of_all:
        cards = scene.cards(scene.page, *seqs)["cards"]
    assert [each["name"] for each in cards] == ["Kettle", "Mill", "Kettle"]
    assert len(of_all) == len(of_one) == 8  # Four of them savepoints of the test.


def test_only_what_was_sent_here_is_told(scene):
    """Numbers of other entries, of none and of a foreign dialog tell nothing."""
    other = Scene()
    foreign = other.send("MILL").json()["seq"]
    cards = scene.cards(scene.page, 1, 2, foreign + 50)
    assert cards.get("cards", []) == []


@pytest.mark.parametrize("seqs", ["x", "1,", "-1", "1.5", "1;2", "9" * 17])
def test_numbers_that_are_none_are_refused(scene, seqs):
    answer = scene.page.get(of(scene.conversation, "products") + f"?seqs={seqs}")
    assert answer.status_code == 400


@pytest.mark.parametrize("product", ["NOPE", "<b>", "' OR 1=1", "x" * 120])
def test_a_forged_product_is_refused(scene, product):
    answer = scene.send(product)
    assert (answer.status_code, answer.json()["code"]) == (409, "shop")
    assert not Entry.objects.filter(kind="product").exists()


@pytest.mark.parametrize("product", ["", "x" * 121, None, 5])
def test_a_product_that_is_no_text_is_not_read(scene, product):
    assert scene.send(product).status_code == 400


def test_the_same_press_sends_one_card(scene):
    key = uuid4().hex
    first, second = scene.send(key=key), scene.send(key=key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["seq"] == second.json()["seq"]


def test_a_dialog_of_a_colleague_gets_no_card(scene):
    other = Desk(make_operator(name="Boris"))
    path = of(scene.conversation, "products")
    answer = other.post(path, {"product": "KETTLE"}, key=uuid4().hex)
    assert answer.status_code == 403


# The cart


def test_the_visitor_adds_from_the_card_to_his_own_cart(scene):
    seq = scene.send().json()["seq"]
    answer = scene.add(seq, quantity=2)
    assert answer.json() == {"in_cart": 2, "cart_url": "/cart/"}
    assert scene.cards(scene.page, seq)["cards"][0]["in_cart"] == 2


def test_what_was_sold_between_is_said_in_the_shops_words(scene):
    seq = scene.send().json()["seq"]
    reprice("KETTLE", stock=Stock(Availability.OUT, 0))
    answer = scene.add(seq)
    assert (answer.status_code, answer.json()["text"]) == (
        409,
        "The last one was just sold.",
    )
    assert scene.cards(scene.page, seq)["cards"][0]["stock_text"] == "Sold out"


@pytest.mark.parametrize("seq", [1, 2, 999])
def test_what_is_no_card_cannot_be_bought(scene, seq):
    assert scene.add(seq).status_code == 404
    assert stall().held == {}


@pytest.mark.parametrize("quantity", [0, -1, 1000, "2", 1.5, None])
def test_a_quantity_that_is_none_is_refused(scene, quantity):
    seq = scene.send().json()["seq"]
    assert scene.add(seq, quantity=quantity).status_code == 400


def test_the_cart_needs_the_shops_own_token(scene):
    seq = scene.send().json()["seq"]
    page = Page(scene.conversation.visitor)
    page.client.handler.enforce_csrf_checks = True
    path, body = of(scene.conversation, "cart"), {"seq": seq}
    assert page.post(path, body).status_code == 403
    assert stall().held == {}

    page.headers["X-CSRFToken"] = scene.cards(page, seq)["token"]
    assert page.post(path, body).status_code == 200


def test_a_shop_that_breaks_while_adding_is_said_to_be_silent(scene, monkeypatch):
    seq = scene.send().json()["seq"]

    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr(Stall, "add_to_cart", fail)
    assert scene.add(seq).status_code == 503


# Proposed orders


def test_an_order_is_proposed_seen_and_confirmed(scene):
    key = scene.propose("KETTLE", "MILL").json()["cmid"]
    seen = scene.page.get(scene.offer(key)).json()
    assert (seen["state"], seen["quote"]["total"]) == ("proposed", "153.00 EUR")

    made = scene.page.post(scene.offer(key, "confirm/"), {"amount": "153.00"}).json()

    assert (made["state"], made["order"]["number"]) == ("confirmed", "N-1")
    offer = Offer.objects.get()
    assert (offer.order_reference, offer.order_number) == ("N-1", "N-1")
    entry = Entry.objects.get(kind="ordered")
    assert entry.data == {
        "offer": key,
        "reference": "N-1",
        "number": "N-1",
        "said": "153.00 EUR",
    }
    assert AuditLine.objects.get().act == "offered an order"
    staff = scene.desk.get(scene.offer(key)).json()["order"]
    assert "url" not in staff
    assert staff["admin_url"] == "/admin/order/N-1/"


def test_confirming_twice_makes_one_order(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    for _ in range(2):
        answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})
        assert answer.json()["order"]["number"] == "N-1"
    assert len(stall().made) == 1
    assert Entry.objects.filter(kind="ordered").count() == 1


def test_a_total_that_changed_is_shown_before_it_is_taken(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    reprice("KETTLE", price=Decimal("70.00"))

    answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})

    assert answer.status_code == 409
    assert "70.00 EUR" in answer.json()["text"]
    assert stall().made == {}


def test_a_proposal_taken_back_cannot_be_confirmed(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    assert scene.desk.post(scene.offer(key, "withdraw/")).status_code == 200

    answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})

    assert (answer.status_code, stall().made) == (409, {})
    assert scene.page.get(scene.offer(key)).json()["state"] == "withdrawn"


def test_a_made_order_cannot_be_taken_back(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})
    assert scene.desk.post(scene.offer(key, "withdraw/")).status_code == 409


def test_a_forged_product_makes_no_proposal(scene):
    answer = scene.propose("KETTLE", "NOPE")
    assert answer.status_code == 409
    assert answer.json()["text"] == "There is no such product."
    assert not Offer.objects.exists()


def test_a_foreign_or_forged_proposal_is_none(scene):
    other = Scene("view_group")
    key = other.propose("KETTLE").json()["cmid"]
    for name in (key, uuid4().hex, "x", "' OR 1=1"):
        assert scene.page.get(scene.offer(name)).status_code == 404
        answer = scene.page.post(scene.offer(name, "confirm/"), {"amount": "64.00"})
        assert answer.status_code == 404
    assert stall().made == {}


def test_who_may_not_make_orders_proposes_none():
    scene = Scene()
    assert scene.propose("KETTLE").status_code == 403
    assert not Offer.objects.exists()


def test_a_shop_that_breaks_while_ordering_leaves_the_proposal_as_it_was(
    scene, monkeypatch
):
    key = scene.propose("KETTLE").json()["cmid"]

    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(Stall, "create_order", fail)
    answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})
    assert answer.status_code == 503
    assert Offer.objects.get().is_proposed
    assert not Entry.objects.filter(kind="ordered").exists()


def test_a_quote_proposes_nothing(scene):
    body = {"lines": [{"product": "MILL", "quantity": 2}]}
    quote = scene.desk.post(of(scene.conversation, "quote"), body).json()
    assert quote["total"] == "178.00 EUR"
    assert not Offer.objects.exists()


def test_hostile_names_of_products_stay_words(scene):
    stall().goods["MILL"] = replace(MILL, name="<img src=x onerror=alert(1)>")
    seq = scene.send("MILL").json()["seq"]
    (card,) = scene.cards(scene.page, seq)["cards"]
    assert card["name"] == "<img src=x onerror=alert(1)>"
