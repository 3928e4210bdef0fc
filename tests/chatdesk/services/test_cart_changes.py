"""An operator changes the visitor's cart: by the shop's rules, and never in silence."""

from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import get_language

from chatdesk.admin.transcript import lay_out
from chatdesk.errors import Closed, Forbidden, ShopSaysNo, ShopSilent
from chatdesk.models import AuditLine, Conversation, Entry
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of
from chatdesk.services import carts
from chatdesk.services.carts import CartChange, change_cart
from chatdesk.shop.types import Added, ShopRefusal
from tests.factories import actor_of_operator, make_led_conversation, make_operator
from tests.stall import Stall, stall

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.usefixtures("open_stall"),
]


@pytest.fixture
def dialog() -> Conversation:
    row = make_led_conversation(make_operator(name="Anna"))
    row.refresh_from_db()
    return row


def put(dialog: Conversation, was: int, quantity: int, **more: Any) -> Any:
    operator = more.pop("by", dialog.operator)
    is_manager = more.pop("is_manager", False)
    actor = actor_of_operator(operator, is_manager=is_manager)
    given = {"cmid": uuid4(), "product": "KETTLE", **more}
    change = CartChange(dialog, actor, was=was, quantity=quantity, **given)
    return change_cart(change, at=timezone.now())


def said(dialog: Conversation) -> list[str]:
    rows = Entry.objects.filter(conversation=dialog, kind=Entry.Kind.CART)
    return list(rows.order_by("seq").values_list("text", flat=True))


def test_pieces_are_put_in_changed_and_taken_out_and_the_dialog_says_each(
    dialog: Conversation,
) -> None:
    for was, quantity in ((0, 1), (1, 3), (3, 0)):
        put(dialog, was, quantity)
        assert stall().held.get("KETTLE", 0) == quantity

    assert said(dialog) == ["Kettle: 0 → 1", "Kettle: 1 → 3", "Kettle: 3 → 0"]
    last = Entry.objects.filter(conversation=dialog).latest("seq")
    assert (last.author_id, last.staff_only) == (dialog.operator_id, False)
    assert last.data == {"product": "KETTLE", "title": "Kettle", "was": 3, "now": 0}
    acts = AuditLine.objects.filter(act="changed the cart", conversation=dialog)
    assert [line.user for line in acts] == [dialog.operator.user] * 3


def test_it_is_no_answer_and_no_message(dialog: Conversation) -> None:
    before = Conversation.objects.values().get(pk=dialog.pk)
    put(dialog, 0, 1)
    after = Conversation.objects.values().get(pk=dialog.pk)

    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"head", "latest_entry_at"}
    assert unread_of_visitor(actor=actor_of(dialog.visitor)) == 0


def test_the_transcript_says_who_changed_what(dialog: Conversation) -> None:
    put(dialog, 0, 2)
    entries = Entry.objects.filter(conversation=dialog).order_by("seq")
    lines = lay_out(entries, conversation=dialog, at=timezone.now())
    text = "Anna changed the visitor's cart: Kettle: 0 → 2"
    assert text in [line.text for line in lines if line.look == "event"]


def test_who_has_the_dialog_open_is_told_that_the_cart_is_another(
    dialog: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    heard = []
    monkeypatch.setattr(carts, "whisper", heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        put(dialog, 0, 1)
    assert [(each.kind, each.public_id) for each in heard] == [
        ("cart", dialog.public_id.hex)
    ]


def test_the_same_press_changes_it_once(dialog: Conversation) -> None:
    cmid = uuid4()
    first = put(dialog, 0, 1, cmid=cmid)
    again = put(dialog, 0, 1, cmid=cmid)
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.entry.seq == first.entry.seq
    assert (len(said(dialog)), stall().held) == (1, {"KETTLE": 1})


def test_a_cart_that_the_visitor_changed_meanwhile_is_left_as_it_is(
    dialog: Conversation,
) -> None:
    stall().held["KETTLE"] = 2
    with pytest.raises(ShopSaysNo) as refusal:
        put(dialog, 1, 3)
    assert "another by now" in refusal.value.text
    assert (stall().held, said(dialog)) == ({"KETTLE": 2}, [])


def test_the_dialog_says_what_the_cart_took_not_what_was_asked(
    dialog: Conversation,
) -> None:
    put(dialog, 0, 50)
    assert said(dialog) == ["Kettle: 0 → 6"]
    with pytest.raises(ShopSaysNo) as refusal:
        put(dialog, 6, 7)
    assert refusal.value.text == "The cart can hold no more of it."
    assert len(said(dialog)) == 1


def test_a_product_that_is_sold_no_more_can_still_be_taken_out(
    dialog: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall().held["KETTLE"] = 1
    monkeypatch.setattr(Stall, "get_products", lambda *_args, **_more: [])
    put(dialog, 1, 0)
    assert said(dialog) == ["Kettle: 1 → 0"]


@pytest.mark.parametrize("product", ["nothing", "' OR 1=1 --", "<script>"])
def test_a_forged_reference_is_refused_in_words(
    dialog: Conversation, product: str
) -> None:
    with pytest.raises(ShopSaysNo) as refusal:
        put(dialog, 0, 1, product=product)
    assert refusal.value.text == "The shop does not know this product."
    assert not AuditLine.objects.filter(act="changed the cart").exists()


def test_the_shops_no_reaches_the_operator_and_leaves_no_trace(
    dialog: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = Mock(side_effect=ShopRefusal("This guest has no cart yet."))
    monkeypatch.setattr(Stall, "set_in_cart", no)
    with pytest.raises(ShopSaysNo) as refusal:
        put(dialog, 0, 1)
    assert refusal.value.text == "This guest has no cart yet."
    assert said(dialog) == []
    assert not AuditLine.objects.filter(act="changed the cart").exists()


@pytest.mark.parametrize(
    ("method", "answer", "was", "error"),
    [
        ("get_cart", {"side_effect": OSError}, 0, ShopSilent),
        ("get_products", {"side_effect": OSError}, 0, ShopSilent),
        ("set_in_cart", {"side_effect": OSError}, 0, ShopSilent),
        # A shop that says nothing of cart or product has none.
        ("get_cart", {"return_value": None}, 1, ShopSaysNo),
        ("get_products", {"return_value": None}, 0, ShopSaysNo),
        ("set_in_cart", {"return_value": None}, 0, ShopSilent),
    ],
)
def test_a_shop_that_breaks_changes_nothing_and_says_so(
    dialog: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    answer: Any,
    was: int,
    error: type[Exception],
) -> None:
    monkeypatch.setattr(Stall, method, Mock(**answer))
    with pytest.raises(error):
        put(dialog, was, 2)
    assert (stall().held, said(dialog)) == ({}, [])
    assert not AuditLine.objects.filter(act="changed the cart").exists()


def test_only_who_leads_the_dialog_or_a_manager_may(dialog: Conversation) -> None:
    with pytest.raises(Forbidden):
        put(dialog, 0, 1, by=make_operator())
    assert stall().held == {}
    put(dialog, 0, 1, by=make_operator(), is_manager=True)
    assert said(dialog) == ["Kettle: 0 → 1"]


def test_a_dialog_that_ended_is_over(dialog: Conversation) -> None:
    Conversation.objects.filter(pk=dialog.pk).update(status="closed")
    dialog.refresh_from_db()
    with pytest.raises(Closed):
        put(dialog, 0, 1)
    assert stall().held == {}


def test_who_loses_the_dialog_between_look_and_press_changes_nothing_in_it(
    dialog: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_operator()

    def hand_over(*_args: object) -> Added:
        Conversation.objects.filter(pk=dialog.pk).update(operator=other)
        return Added(quantity=1)

    monkeypatch.setattr(Stall, "set_in_cart", hand_over)
    with pytest.raises(Forbidden):
        put(dialog, 0, 1)
    # All of it is taken back, what the shop wrote included.
    dialog.refresh_from_db()
    assert (dialog.operator_id == other.pk, said(dialog)) == (False, [])


def test_it_is_said_in_the_language_of_the_visitor(
    dialog: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    Conversation.objects.filter(pk=dialog.pk).update(language="ru")
    dialog.refresh_from_db()
    monkeypatch.setattr(carts, "name_of", lambda _found: f"in {get_language()}")
    put(dialog, 0, 1)
    assert said(dialog) == ["in ru: 0 → 1"]


def test_a_change_costs_few_queries(dialog: Conversation) -> None:
    put(dialog, 0, 1)
    with CaptureQueriesContext(connection) as queries:
        put(dialog, 1, 2)
    assert len(queries) <= 16
