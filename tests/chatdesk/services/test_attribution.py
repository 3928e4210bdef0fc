"""Whose sale it is: the shop's four rules, and the order an operator made himself."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from chatdesk.models import Offer, SaleCredit, SoldOrder, Visitor
from chatdesk.services.attribution import (
    Part,
    choose_parts,
    credit_order,
    is_uuid,
    list_parts,
    share_lines,
)
from chatdesk.services.sales import note_order
from tests.factories import actor_of_operator, make_operator, say
from tests.sales import PLACED, Shop, credits_of, line, order_of, tell

DAY = timedelta(days=1)


def part(dialog, operator, *, first, last, answers=1):
    """Return a part in a dialog; its moments are hours before the order."""
    return Part(
        conversation_id=dialog,
        operator_id=operator,
        first_at=PLACED - timedelta(hours=first),
        last_at=PLACED - timedelta(hours=last),
        answers=answers,
    )


# The latest first, as they are listed.
PARTS = [
    part(2, 12, first=3, last=1),
    part(2, 11, first=4, last=2, answers=3),
    part(1, 11, first=40, last=30),
    part(1, 13, first=50, last=31, answers=9),
]


def chosen(parts, rule):
    """Return dialog and operator of what the rule chooses."""
    choices = choose_parts(parts, rule=rule, before=PLACED)
    return [(each.part.conversation_id, each.part.operator_id) for each in choices]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first", [(1, 13)]),
        ("longest", [(1, 13)]),
        ("shared", [(2, 12), (2, 11), (1, 13)]),
    ],
)
def test_each_rule_chooses_its_own(rule, expected):
    assert chosen(PARTS, rule) == expected


@pytest.mark.django_db
def test_the_last_answer_counts_by_default():
    assert chosen(PARTS, "last") == [(2, 12)]


@pytest.mark.parametrize("rule", ["first", "last", "longest", "shared"])
def test_of_nobody_nobody_is_chosen(rule):
    assert chosen([], rule) == []


def test_who_began_first_of_two_at_once_is_the_one_of_the_older_dialog():
    same = [part(9, 1, first=5, last=1), part(4, 2, first=5, last=2)]
    assert chosen(same, "first") == [(4, 2)]


def test_the_longest_of_two_as_long_is_the_later_one():
    same = [part(9, 1, first=5, last=1), part(4, 2, first=8, last=4)]
    assert chosen(same, "longest") == [(9, 1)]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("first", "spoke_first"),
        ("shared", "spoke"),
        ("longest", "spoke_most"),
    ],
)
def test_the_reason_is_told(rule, reason):
    choices = choose_parts(PARTS, rule=rule, before=PLACED)
    assert {str(each.reason) for each in choices} == {reason}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", False),
        ("draft-7", False),
        ("x" * 32, False),
        ("'; DROP TABLE", False),
        ("0c0f3c1e58a44c368d0b53a7c1f9be27", True),
        ("0c0f3c1e-58a4-4c36-8d0b-53a7c1f9be27", True),
    ],
)
def test_a_draft_of_ours_has_a_name_of_ours(text, answer):
    assert is_uuid(text) is answer


def test_lines_are_shared_without_losing_a_cent():
    order = SoldOrder(
        currency="EUR",
        lines=[{"ref": "a", "amount": "0.01"}, {"ref": "b", "amount": "0.01"}],
    )
    cent, nothing = Decimal("0.01"), Decimal("0.00")
    assert share_lines(order, 2) == [
        {"a": cent, "b": nothing},
        {"a": nothing, "b": cent},
    ]
    assert share_lines(order, 0) == []


@pytest.fixture
def shop(db):
    """A guest whom Anna answered yesterday."""
    shop = Shop()
    shop.talk("guest", ["anna"], ago=DAY)
    return shop


def noted(shop, order):
    """Note an order of the guest and return its row."""
    guest = shop.visitor("guest").public_id
    return note_order(order, visitor=guest, at=PLACED)


def test_a_note_for_colleagues_is_no_answer(shop):
    dialog = shop.talk("other", ["anna"], ago=DAY)
    dmitry = actor_of_operator(shop.operator("dmitry"), is_manager=True)
    say(dialog, dmitry, "Give him a discount", at=PLACED, is_note=True)
    order = note_order(
        order_of(line("a", "9.00")),
        visitor=shop.visitor("other").public_id,
        at=PLACED,
    )
    names = {each.operator_id for each in list_parts(order)}
    assert names == {shop.operator("anna").pk}


def test_what_was_said_after_the_order_does_not_count(shop):
    shop.talk("guest", ["dmitry"], ago=-DAY)
    order = noted(shop, order_of(line("a", "9.00")))
    assert [each.operator_id for each in list_parts(order)] == [
        shop.operator("anna").pk
    ]


def test_a_browser_that_is_another_customers_by_now_proves_nothing(shop):
    order = noted(shop, order_of(line("a", "9.00")))
    order.credits.all().delete()
    SoldOrder.objects.update(credited_at=None)
    Visitor.objects.filter(pk=order.visitor_id).update(user=shop.user("olga"))

    order.refresh_from_db()

    assert list_parts(order) == []


@pytest.mark.parametrize(("days", "parts"), [(1, 1), (6.9, 1), (7.1, 0), (400, 0)])
def test_the_window_is_seven_days(db, days, parts):
    shop = Shop()
    shop.talk("guest", ["anna"], ago=timedelta(days=days))
    assert len(list_parts(noted(shop, order_of(line("a", "9.00"))))) == parts


def test_a_credit_is_given_once_for_ever(shop):
    order = noted(shop, order_of(line("a", "9.00")))
    shop.talk("guest", ["dmitry"], ago=timedelta(hours=1))
    again = credit_order(order, at=PLACED + DAY)
    assert [each.operator.name for each in again] == ["anna"]
    assert SaleCredit.objects.count() == 1


def test_that_nobody_advised_is_final_too(db):
    shop = Shop()
    order = noted(shop, order_of(line("a", "9.00")))
    assert order.credited_at == PLACED
    shop.talk("guest", ["anna"], ago=DAY)
    assert credit_order(order, at=PLACED + DAY) == []


def offer_of(dialog, operator):
    """Return an order that an operator made in a dialog."""
    return Offer.objects.create(
        public_id=uuid4(),
        conversation=dialog,
        operator=operator,
        total=Decimal("9.00"),
        currency="EUR",
        state="confirmed",
        order_reference="NB-1",
        order_number="NB-1",
        proposed_at=PLACED - DAY,
    )


@pytest.mark.parametrize("rule", ["first", "last", "longest", "shared"])
def test_who_made_the_order_in_the_dialog_has_it_by_any_rule(shop, settings, rule):
    settings.CHATDESK = {"SALE_RULE": rule}
    dialog = shop.talk("guest", ["dmitry"], ago=timedelta(hours=1))
    offer = offer_of(dialog, shop.operator("maria"))
    order = order_of(line("a", "9.00"))
    made = replace(order, draft=offer.public_id.hex)
    tell(made, visitor=shop.visitor("guest"))
    assert credits_of() == {"maria": "9.00"}
    assert SaleCredit.objects.get().reason == "made_order"


@pytest.mark.parametrize("draft", ["a note of the shop's", "7d" * 16])
def test_a_draft_that_is_none_of_ours_changes_nothing(shop, draft):
    order = order_of(line("a", "9.00"))
    tell(
        replace(order, draft=draft),
        visitor=shop.visitor("guest"),
    )
    assert credits_of() == {"anna": "9.00"}


def test_a_stranger_s_order_finds_no_dialog(shop):
    make_operator()
    tell(order_of(line("a", "9.00")))
    assert credits_of() == {}
