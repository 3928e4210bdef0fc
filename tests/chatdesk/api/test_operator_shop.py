"""The shop over HTTP for staff: what one may see, send, propose and take back."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from chatdesk.models import AuditLine, Conversation, Entry, Offer
from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.types import Quote
from tests.chatdesk.api.callers import Desk, Page, of
from tests.chatdesk.shop.scenes import Scene
from tests.factories import make_operator
from tests.stall import MILL, Stall, stall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_stall")]

LINES = [{"product": "KETTLE", "quantity": 2}]
ROUTES = [
    *("shop", "catalogue", "cards", "send", "cart"),
    *("quote", "propose", "offer", "withdraw"),
]


@pytest.fixture
def scene():
    return Scene("view_group")


def fail(*_args, **_kwargs):
    raise RuntimeError("the shop's code is broken")


def nothing(*_args, **_kwargs):
    return None


def call(caller, scene, name, key):
    """Ask for one of the routes of the shop in a dialog."""
    way = {
        "shop": lambda: caller.get(of(scene.conversation, "shop")),
        "catalogue": lambda: caller.get(of(scene.conversation, "catalogue")),
        "cards": lambda: caller.get(of(scene.conversation, "products") + "?seqs=1"),
        "send": lambda: caller.post(
            of(scene.conversation, "products"),
            {"product": "KETTLE"},
            key=uuid4().hex,
        ),
        "cart": lambda: caller.post(
            of(scene.conversation, "cart"),
            {"product": "KETTLE", "was": 0, "quantity": 1},
            key=uuid4().hex,
        ),
        "quote": lambda: caller.post(of(scene.conversation, "quote"), {"lines": LINES}),
        "propose": lambda: caller.post(
            of(scene.conversation, "offers"), {"lines": LINES}, key=uuid4().hex
        ),
        "offer": lambda: caller.get(scene.offer(key)),
        "withdraw": lambda: caller.post(scene.offer(key, "withdraw/")),
    }
    return way[name]()


def find(scene, words=""):
    path = of(scene.conversation, "catalogue") + f"?q={words}"
    return scene.desk.get(path)


# Who may


@pytest.mark.parametrize("name", ROUTES)
def test_somebody_who_does_not_answer_here_gets_nothing(scene, name):
    key = scene.propose("KETTLE").json()["cmid"]
    user = get_user_model().objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_group"))
    assert call(Desk(user=user), scene, name, key).status_code == 403
    assert Offer.objects.get().is_proposed


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_signed_in_gets_nothing(scene, name):
    key = scene.propose("KETTLE").json()["cmid"]
    assert call(Desk(), scene, name, key).status_code in {401, 403}


@pytest.mark.parametrize("name", ROUTES)
def test_a_dialog_that_is_none_is_not_found(scene, name):
    key = scene.propose("KETTLE").json()["cmid"]
    scene.conversation.public_id = uuid4()
    assert call(scene.desk, scene, name, key).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("shop", 200),
        ("catalogue", 200),
        ("cards", 200),
        ("quote", 200),
        ("offer", 200),
        ("send", 403),
        ("cart", 403),
        ("propose", 403),
        ("withdraw", 403),
    ],
)
def test_a_colleague_looks_and_does_nothing(scene, name, status):
    key = scene.propose("KETTLE").json()["cmid"]
    other = make_operator(name="Boris")
    other.user.user_permissions.add(Permission.objects.get(codename="view_group"))
    assert call(Desk(other), scene, name, key).status_code == status
    assert Offer.objects.get().is_proposed
    kinds = ["product", "withdrawn", "cart"]
    assert not Entry.objects.filter(kind__in=kinds).exists()
    assert not stall().held


@pytest.mark.parametrize(
    ("permission", "name", "status"),
    [
        ("product.send", "send", 403),
        ("product.send", "catalogue", 200),
        ("product.send", "propose", 201),
        ("cart.change", "cart", 403),
        ("cart", "cart", 403),
        ("order.create", "cart", 201),
        ("order.create", "send", 201),
        ("order.create", "quote", 403),
        ("order.create", "propose", 403),
        ("order.create", "withdraw", 403),
        ("order.create", "offer", 200),
    ],
)
def test_what_django_does_not_allow_is_forbidden(
    scene, monkeypatch, permission, name, status
):
    key = scene.propose("KETTLE").json()["cmid"]
    monkeypatch.setattr(Stall, "permissions", {permission: "auth.delete_group"})
    assert call(scene.desk, scene, name, key).status_code == status


@pytest.mark.parametrize(
    ("permission", "flag"),
    [
        ("product.send", "may_send"),
        ("order.create", "may_order"),
        ("cart.change", "may_change"),
        ("cart", "may_change"),
    ],
)
def test_the_panel_says_what_may_be_done(scene, monkeypatch, permission, flag):
    assert scene.ask(scene.desk, "shop")[flag] is True
    monkeypatch.setattr(Stall, "permissions", {permission: "auth.delete_group"})
    assert flag not in scene.ask(scene.desk, "shop")


@pytest.mark.parametrize("block", ["customer", "cart", "deliveries", "answers"])
def test_a_block_that_may_not_be_seen_is_not_even_asked_for(scene, monkeypatch, block):
    words = {"delivery": "By post"}
    monkeypatch.setattr(Stall, "answer_facts", lambda *_args: words)
    assert block in scene.ask(scene.desk, "shop")
    monkeypatch.setattr(Stall, "permissions", {block: "auth.delete_group"})
    stall().asked.clear()

    panel = scene.ask(scene.desk, "shop")

    assert block not in panel
    assert block not in stall().asked
    assert "troubles" not in panel


def test_a_shop_that_cannot_say_who_may_lets_nobody(scene, monkeypatch):
    monkeypatch.setattr(Stall, "may", fail)
    panel = scene.ask(scene.desk, "shop")
    flags = {"may_send", "may_order", "may_change"}
    assert not {"customer", "cart", *flags} & set(panel)
    assert scene.send().status_code == 403


@pytest.mark.parametrize(
    ("method", "block"),
    [
        ("get_customer", "customer"),
        ("get_cart", "cart"),
        ("list_orders", "orders"),
        ("list_deliveries", "deliveries"),
        ("answer_facts", "answers"),
    ],
)
def test_each_block_that_fails_fails_alone(scene, monkeypatch, method, block):
    monkeypatch.setattr(Stall, method, fail)
    panel = scene.ask(scene.desk, "shop")
    assert panel["troubles"] == {block: "failed"}
    assert {"customer", "cart", "deliveries"} - {block} <= set(panel)


# The catalogue


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["Kettle", "Mill"]),
        ("mill", ["Mill"]),
        ("%20MILL%20", ["Mill"]),
        ("nothing", []),
        ("%27%20OR%201=1", []),
        ("%3Cscript%3E", []),
    ],
)
def test_the_catalogue_finds_by_words(scene, words, names):
    found = find(scene, words).json().get("cards", [])
    assert [each["name"] for each in found] == names


@pytest.mark.parametrize("words", ["x" * 101, "a%00b"])
def test_words_that_are_none_are_refused(scene, words):
    assert find(scene, words).status_code == 400


def test_a_shop_that_finds_too_much_is_cut(scene, monkeypatch):
    monkeypatch.setattr(Stall, "search_products", lambda *_a, **_k: [MILL] * 40)
    assert len(find(scene).json()["cards"]) == 12


@pytest.mark.parametrize(("broken", "trouble"), [(fail, "failed"), (nothing, "")])
def test_a_catalogue_that_cannot_be_read_is_empty(scene, monkeypatch, broken, trouble):
    monkeypatch.setattr(Stall, "search_products", broken)
    found = find(scene).json()
    assert (found.get("cards", []), found.get("trouble", "")) == ([], trouble)


# Cards


@pytest.mark.parametrize(("broken", "status"), [(fail, 503), (nothing, 409)])
def test_a_product_that_cannot_be_read_is_not_sent(scene, monkeypatch, broken, status):
    monkeypatch.setattr(Stall, "get_products", broken)
    assert scene.send().status_code == status
    assert not Entry.objects.filter(kind="product").exists()


def test_a_shop_that_answers_with_another_product_sends_none(scene, monkeypatch):
    monkeypatch.setattr(Stall, "get_products", lambda *_args, **_kwargs: [MILL])
    assert scene.send("KETTLE").status_code == 409


@pytest.mark.parametrize("key", ["", "x", "not a key at all"])
def test_a_press_without_a_name_is_refused(scene, key):
    path = of(scene.conversation, "products")
    assert scene.desk.post(path, {"product": "KETTLE"}, key=key).status_code == 400
    path = of(scene.conversation, "offers")
    assert scene.desk.post(path, {"lines": LINES}, key=key).status_code == 400


def test_a_card_in_a_dialog_that_ended_is_refused(scene):
    Conversation.objects.filter(pk=scene.conversation.pk).update(
        status="closed", closed_at=timezone.now()
    )
    assert scene.send().status_code == 409
    assert scene.propose("KETTLE").status_code == 409
    assert not Offer.objects.exists()


# The cart


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"product": "KETTLE", "quantity": 1},
        {"product": "KETTLE", "was": 0},
        {"product": "", "was": 0, "quantity": 1},
        {"product": "x" * 121, "was": 0, "quantity": 1},
        {"product": "KETTLE", "was": 0, "quantity": -1},
        {"product": "KETTLE", "was": 0, "quantity": 1000},
        {"product": "KETTLE", "was": "0", "quantity": 1},
    ],
)
def test_a_change_of_a_cart_that_cannot_be_read_is_refused(scene, body):
    path = of(scene.conversation, "cart")
    assert scene.desk.post(path, body, key=uuid4().hex).status_code == 400
    assert not stall().held


def test_the_same_press_changes_a_cart_once(scene):
    path, key = of(scene.conversation, "cart"), uuid4().hex
    body = {"product": "KETTLE", "was": 0, "quantity": 2}
    first, second = (scene.desk.post(path, body, key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["seq"] == second.json()["seq"]
    assert stall().held == {"KETTLE": 2}
    assert AuditLine.objects.filter(act="changed the cart").count() == 1


def test_a_press_on_a_cart_needs_a_name(scene):
    body = {"product": "KETTLE", "was": 0, "quantity": 1}
    assert scene.desk.post(of(scene.conversation, "cart"), body).status_code == 400


def test_a_shop_that_leaves_carts_alone_says_no_and_shows_no_button(scene, monkeypatch):
    monkeypatch.setattr(Stall, "set_in_cart", ShopAdapter.set_in_cart)
    assert "may_change" not in scene.ask(scene.desk, "shop")
    body = {"product": "KETTLE", "was": 0, "quantity": 1}
    answer = scene.desk.post(of(scene.conversation, "cart"), body, key=uuid4().hex)
    assert answer.status_code == 409
    assert not Entry.objects.filter(kind="cart").exists()


# Orders


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lines": []},
        {"lines": [{"product": ""}]},
        {"lines": [{"product": "KETTLE", "quantity": 0}]},
        {"lines": [{"product": "KETTLE", "quantity": 1000}]},
        {"lines": [{"product": "KETTLE", "quantity": "2"}]},
        {"lines": [{"product": "KETTLE"}] * 51},
        {"lines": LINES, "delivery": "x" * 61},
        {"lines": LINES, "coupon": "x" * 61},
        {"lines": "KETTLE"},
    ],
)
def test_an_order_that_cannot_be_read_is_refused(scene, body):
    for name in ("quote", "offers"):
        path = of(scene.conversation, name)
        assert scene.desk.post(path, body, key=uuid4().hex).status_code == 400
    assert not Offer.objects.exists()


@pytest.mark.parametrize(("broken", "status"), [(fail, 503), (nothing, 409)])
def test_a_shop_that_cannot_calculate_proposes_nothing(
    scene, monkeypatch, broken, status
):
    monkeypatch.setattr(Stall, "quote_order", broken)
    assert scene.propose("KETTLE").status_code == status
    answer = scene.desk.post(of(scene.conversation, "quote"), {"lines": LINES})
    assert answer.status_code == status
    assert not Offer.objects.exists()


def test_a_quote_says_what_stands_in_the_way_where_a_proposal_refuses(
    scene, monkeypatch
):
    quote = Quote(currency="EUR", problems=("Sold out.", "Not to Mars."))
    monkeypatch.setattr(Stall, "quote_order", lambda *_args, **_kwargs: quote)
    answer = scene.desk.post(of(scene.conversation, "quote"), {"lines": LINES})
    assert answer.json()["problems"] == ["Sold out.", "Not to Mars."]
    refused = scene.propose("KETTLE")
    assert (refused.status_code, refused.json()["text"]) == (
        409,
        "Sold out. Not to Mars.",
    )


def test_the_proposal_keeps_what_was_proposed(scene):
    body = {"lines": LINES, "delivery": "post", "coupon": "MAY"}
    path = of(scene.conversation, "offers")
    key = scene.desk.post(path, body, key=uuid4().hex).json()["cmid"]
    offer = Offer.objects.get()
    assert (offer.public_id.hex, offer.operator) == (key, scene.operator)
    assert (offer.lines, offer.delivery, offer.coupon) == (
        [["KETTLE", 2]],
        "post",
        "MAY",
    )
    assert (offer.total, offer.currency) == (Decimal("128.00"), "EUR")
    entry = Entry.objects.get(kind="offer")
    assert entry.data == {"offer": key, "pieces": 2, "said": "128.00 EUR"}


def test_the_same_press_proposes_one_order(scene):
    key = uuid4().hex
    first, second = scene.propose("KETTLE", key=key), scene.propose("KETTLE", key=key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["seq"] == second.json()["seq"]
    assert Offer.objects.count() == 1
    assert AuditLine.objects.filter(act="offered an order").count() == 1


def test_a_proposal_is_taken_back_once(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    for _ in range(2):
        assert scene.desk.post(scene.offer(key, "withdraw/")).status_code == 200
    assert Entry.objects.filter(kind="withdrawn").count() == 1
    assert AuditLine.objects.filter(act="withdrew an order").count() == 1


def test_a_manager_takes_a_proposal_of_an_operator_back(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    manager = make_operator(name="Maria", is_manager=True)
    manager.user.user_permissions.add(Permission.objects.get(codename="view_group"))
    assert Desk(manager).post(scene.offer(key, "withdraw/")).status_code == 200
    assert AuditLine.objects.last().user == manager.user


@pytest.mark.parametrize("key", ["x", "0" * 32, "' OR 1=1", "offers"])
def test_a_forged_proposal_is_none(scene, key):
    assert scene.desk.get(scene.offer(key)).status_code == 404
    assert scene.desk.post(scene.offer(key, "withdraw/")).status_code == 404


def test_a_proposal_taken_back_costs_nothing_to_look_at(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    scene.desk.post(scene.offer(key, "withdraw/"))
    for caller in (scene.desk, scene.page):
        seen = caller.get(scene.offer(key)).json()
        assert seen["state"] == "withdrawn"
        assert not {"quote", "fields", "order"} & set(seen)


def test_a_visitor_reaches_none_of_it(scene):
    key = scene.propose("KETTLE").json()["cmid"]
    page = Page(scene.conversation.visitor)
    for path in (of(scene.conversation, "shop"), of(scene.conversation, "catalogue")):
        assert page.get(path).status_code == 404
    assert page.post(scene.offer(key, "withdraw/")).status_code == 404
    assert Offer.objects.get().is_proposed
