"""The shop over HTTP for a visitor: his own dialog, his own cart, his own order."""

from decimal import Decimal

import pytest
from django.utils import timezone

from chatdesk.models import Conversation, Entry, Offer, Visitor
from chatdesk.shop.types import Added, Availability, OrderField, Quote, Stock
from tests.chatdesk.api.callers import Page, of
from tests.chatdesk.shop.scenes import Scene
from tests.factories import make_visitor
from tests.stall import Stall, reprice, stall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_stall")]


@pytest.fixture
def scene():
    return Scene("view_group")


def fail(*_args, **_kwargs):
    raise RuntimeError("the shop's code is broken")


def nothing(*_args, **_kwargs):
    return None


def routes(scene, key):
    """Return every route of the shop in a dialog, with what is sent there."""
    return {
        "cards": ("get", of(scene.conversation, "products") + "?seqs=1", None),
        "cart": ("post", of(scene.conversation, "cart"), {"seq": 1}),
        "wish": ("post", of(scene.conversation, "wishes"), {"seq": 1}),
        "offer": ("get", scene.offer(key), None),
        "confirm": ("post", scene.offer(key, "confirm/"), {"amount": "64.00"}),
    }


def call(caller, route):
    method, path, body = route
    return caller.get(path) if method == "get" else caller.post(path, body)


# Whose it is


@pytest.mark.parametrize("name", ["cards", "cart", "wish", "offer", "confirm"])
def test_a_dialog_of_somebody_else_is_none(scene, name):
    key = scene.propose("KETTLE").json()["cmid"]
    stranger = Page(make_visitor(name="Mallory"))
    assert call(stranger, routes(scene, key)[name]).status_code == 404
    assert (stall().held, stall().made) == ({}, {})


@pytest.mark.parametrize("name", ["cards", "cart", "wish", "offer", "confirm"])
def test_a_browser_that_never_wrote_gets_nothing(scene, name):
    key = scene.propose("KETTLE").json()["cmid"]
    assert call(Page(), routes(scene, key)[name]).status_code in {401, 403, 404}
    assert (stall().held, stall().made) == ({}, {})


@pytest.mark.parametrize("name", ["cart", "wish", "confirm"])
def test_a_foreign_origin_changes_nothing(scene, name):
    key = scene.propose("KETTLE").json()["cmid"]
    scene.page.headers["Origin"] = "https://evil.example"
    assert call(scene.page, routes(scene, key)[name]).status_code == 403
    assert (stall().held, stall().made) == ({}, {})


@pytest.mark.parametrize("conversation", ["x", "0" * 32, "' OR 1=1", "%00"])
def test_a_forged_dialog_is_none(scene, conversation):
    answer = scene.page.get(f"conversations/{conversation}/products/?seqs=1")
    assert answer.status_code == 404


def test_a_proposal_is_found_in_its_own_dialog_only(scene):
    """Also for the visitor to whom both dialogs belong."""
    other = Scene("view_group")
    key = other.propose("KETTLE").json()["cmid"]
    Conversation.objects.filter(pk=other.conversation.pk).update(
        visitor=scene.conversation.visitor, status="closed", closed_at=timezone.now()
    )
    assert scene.page.get(scene.offer(key)).status_code == 404


def test_a_card_of_another_dialog_cannot_be_bought(scene):
    foreign = Scene().send("MILL").json()["seq"]
    assert scene.add(foreign).status_code == 404
    assert scene.cards(scene.page, foreign).get("cards", []) == []
    assert stall().held == {}


def test_a_sold_out_card_is_wished_for_and_says_so(scene):
    seq = scene.send().json()["seq"]
    path = of(scene.conversation, "wishes")
    refused = scene.page.post(path, {"seq": seq})
    assert refused.status_code == 409
    assert refused.json()["text"] == "This product is in stock."

    reprice("KETTLE", stock=Stock(Availability.OUT))
    assert scene.page.post(path, {"seq": seq}).status_code == 200
    assert scene.page.post(path, {"seq": 1}).status_code == 404
    assert scene.page.post(path, {"seq": -1}).status_code == 400

    assert [card["wished"] for card in scene.cards(scene.page, seq)["cards"]] == [True]
    assert [card["wished"] for card in scene.cards(scene.desk, seq)["cards"]] == [True]


# Cards


def test_no_numbers_ask_for_no_cards(scene):
    scene.send()
    stall().asked.clear()
    answer = scene.page.get(of(scene.conversation, "products"))
    assert (answer.status_code, answer.json().get("cards", [])) == (200, [])
    assert stall().asked == []


def test_cards_come_with_the_token_that_adding_needs(scene):
    assert len(scene.cards(scene.page, 1)["token"]) == 64


@pytest.mark.parametrize(
    ("broken", "trouble"), [(fail, "failed"), (nothing, "")], ids=["raises", "nothing"]
)
def test_a_shop_that_does_not_know_its_goods_says_so(
    scene, monkeypatch, broken, trouble
):
    seq = scene.send().json()["seq"]
    monkeypatch.setattr(Stall, "get_products", broken)
    cards = scene.cards(scene.page, seq)
    assert cards.get("trouble", "") == trouble
    assert [each["gone"] for each in cards.get("cards", [])] == [True] * (not trouble)


@pytest.mark.parametrize("broken", [fail, nothing])
def test_a_card_stands_when_the_cart_cannot_be_read(scene, monkeypatch, broken):
    seq = scene.send().json()["seq"]
    monkeypatch.setattr(Stall, "get_cart", broken)
    (card,) = scene.cards(scene.page, seq)["cards"]
    assert card["price"] == "64.00 EUR"
    assert "in_cart" not in card


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"price": Decimal("59.00")}, "was", "64.00 EUR"),
        ({"price": Decimal("70.00")}, "was", "64.00 EUR"),
        ({"currency": "USD"}, "was", "64.00 EUR"),
        ({"old_price": Decimal("80.00")}, "old_price", "80.00 EUR"),
        ({"stock": Stock(Availability.OUT)}, "stock", "out"),
        ({"stock": Stock(Availability.FEW, 1)}, "stock_text", "In stock, 1 left"),
        ({"name": "Heron kettle"}, "name", "Heron kettle"),
    ],
)
def test_a_card_shows_what_became_of_its_product(scene, changes, field, said):
    seq = scene.send().json()["seq"]
    reprice("KETTLE", **changes)
    assert scene.cards(scene.page, seq)["cards"][0][field] == said


# The cart


def test_the_browser_does_not_choose_what_is_added(scene):
    seq = scene.send("MILL").json()["seq"]
    assert scene.add(seq, product="KETTLE").status_code == 200
    assert stall().held == {"MILL": 1}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"seq": "1"}', b'{"seq": null}', b'{"seq": -1}']
)
def test_a_card_that_is_not_named_is_refused(scene, body):
    answer = scene.page.post_raw(of(scene.conversation, "cart"), body)
    assert answer.status_code == 400
    assert stall().held == {}


@pytest.mark.parametrize(
    ("added", "text"),
    [
        (Added(0, "One piece per buyer."), "One piece per buyer."),
        (Added(0), "This cannot be bought now."),
    ],
)
def test_a_cart_that_took_nothing_says_why(scene, monkeypatch, added, text):
    seq = scene.send().json()["seq"]
    monkeypatch.setattr(Stall, "add_to_cart", lambda *_args: added)
    answer = scene.add(seq)
    assert (answer.status_code, answer.json()["text"]) == (409, text)


def test_a_shop_that_says_nothing_of_the_cart_is_silent(scene, monkeypatch):
    seq = scene.send().json()["seq"]
    monkeypatch.setattr(Stall, "add_to_cart", nothing)
    assert scene.add(seq).status_code == 503


@pytest.mark.parametrize(
    ("key_of", "kept"),
    [
        (lambda *_args: "basket-2", "basket-2"),
        (lambda *_args: "x" * 120, "x" * 120),
        (lambda *_args: "x" * 121, "basket-1"),
        (lambda *_args: "", ""),
        (nothing, ""),
        (fail, "basket-1"),
    ],
    ids=["another", "longest", "too long", "empty", "nothing", "raises"],
)
def test_the_key_of_the_cart_is_kept_as_the_shop_names_it(
    scene, monkeypatch, key_of, kept
):
    visitor = scene.conversation.visitor
    Visitor.objects.filter(pk=visitor.pk).update(shop_key="basket-1")
    seq = scene.send().json()["seq"]
    monkeypatch.setattr(Stall, "key_of", key_of)
    assert scene.add(seq).status_code == 200
    assert Visitor.objects.get(pk=visitor.pk).shop_key == kept


# Proposed orders


def test_a_proposal_asks_what_the_shop_must_know(scene, monkeypatch):
    asked = [OrderField("city", "City", value="Riga")]
    monkeypatch.setattr(Stall, "order_fields", lambda *_args: asked)
    key = scene.propose("KETTLE").json()["cmid"]
    seen = scene.page.get(scene.offer(key)).json()
    assert seen["fields"] == [{"name": "city", "label": "City", "value": "Riga"}]
    assert "fields" not in scene.desk.get(scene.offer(key)).json()


def test_what_the_visitor_filled_in_reaches_the_shop(scene, monkeypatch):
    details = []
    make = Stall.create_order

    def note(shop, draft, *, shopper):
        details.append(dict(draft.details))
        return make(shop, draft, shopper=shopper)

    monkeypatch.setattr(Stall, "create_order", note)
    key = scene.propose("KETTLE").json()["cmid"]
    body = {"amount": "64.00", "details": {"city": "<b>Riga</b>"}}
    assert scene.page.post(scene.offer(key, "confirm/"), body).status_code == 200
    assert details == [{"city": "<b>Riga</b>"}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": 64},
        {"amount": "6" * 21},
        {"amount": "64.00", "details": {"city": 5}},
        {"amount": "64.00", "details": {"city": "x" * 501}},
        {"amount": "64.00", "details": {"x" * 61: "Riga"}},
        {"amount": "64.00", "details": {str(n): "" for n in range(31)}},
    ],
)
def test_a_yes_that_cannot_be_read_makes_no_order(scene, body):
    key = scene.propose("KETTLE").json()["cmid"]
    assert scene.page.post(scene.offer(key, "confirm/"), body).status_code == 400
    assert stall().made == {}


@pytest.mark.parametrize("amount", ["", "0", "63.99", "64", "64.000", "-64.00", "NaN"])
def test_only_the_total_that_was_seen_is_confirmed(scene, amount):
    key = scene.propose("KETTLE").json()["cmid"]
    answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": amount})
    assert answer.status_code == 409
    assert stall().made == {}
    assert Offer.objects.get().is_proposed


def test_what_is_sold_out_by_now_makes_no_order(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    del stall().goods["KETTLE"]
    answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})
    assert (answer.status_code, answer.json()["text"]) == (
        409,
        "There is no such product.",
    )
    assert stall().made == {}


@pytest.mark.parametrize(
    ("method", "broken", "status"),
    [
        ("quote_order", fail, 503),
        ("quote_order", nothing, 409),
        ("create_order", fail, 503),
        ("create_order", nothing, 503),
        ("key_of", fail, 200),
        ("key_of", nothing, 200),
        ("get_order", fail, 200),
        ("get_order", nothing, 200),
    ],
)
def test_a_broken_shop_makes_a_whole_order_or_none(
    scene, monkeypatch, method, broken, status
):
    key = scene.propose("KETTLE").json()["cmid"]
    monkeypatch.setattr(Stall, method, broken)

    answer = scene.page.post(scene.offer(key, "confirm/"), {"amount": "64.00"})

    assert answer.status_code == status
    was_made = status == 200
    assert bool(stall().made) is was_made
    assert Offer.objects.get().is_proposed is not was_made
    assert Entry.objects.filter(kind="ordered").exists() is was_made


@pytest.mark.parametrize(
    ("method", "trouble"), [("quote_order", "failed"), ("order_fields", "")]
)
def test_a_proposal_is_shown_though_the_shop_cannot_tell(
    scene, monkeypatch, method, trouble
):
    key = scene.propose("KETTLE").json()["cmid"]
    monkeypatch.setattr(Stall, method, fail)
    seen = scene.page.get(scene.offer(key)).json()
    assert (seen["state"], seen.get("trouble", "")) == ("proposed", trouble)


def test_a_problem_of_the_quote_is_said_beside_it(scene, monkeypatch):
    key = scene.propose("KETTLE").json()["cmid"]
    quote = Quote(currency="EUR", problems=("Not to Mars.",))
    monkeypatch.setattr(Stall, "quote_order", lambda *_args, **_kwargs: quote)
    assert scene.page.get(scene.offer(key)).json()["quote"]["problems"] == [
        "Not to Mars."
    ]
