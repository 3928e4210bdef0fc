"""What the shop tells of an order is noted, in any order, and settled in the end."""

import logging
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from chatdesk import integration
from chatdesk.errors import Invalid, NotFound
from chatdesk.models import CommissionPlan, Entry, LedgerLine, SoldOrder
from chatdesk.services import sales
from chatdesk.services.sales import (
    check_report,
    note_order,
    note_order_by_reference,
    settle_all,
    settle_overdue,
    tell_dialogs,
)
from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.types import OrderEvent, Payment, Progress, Refund, RefundLine
from tests.sales import (
    PLACED,
    Shop,
    cancelled,
    credits_of,
    ledger_of,
    line,
    order_of,
    paid,
    refunded,
    tell,
)

DAY = timedelta(days=1)
LINES = (line("a", "10.00"), line("b", "20.00"))
ORDER = order_of(*LINES)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def shop():
    """A guest whom Anna answered yesterday, and five percent for everybody."""
    shop = Shop()
    CommissionPlan.objects.create(name="All", percent=5)
    shop.dialog = shop.talk("guest", ["anna"], ago=DAY)
    return shop


def given_back(amount, *lines):
    """Return the order with one refund of so much."""
    parts = tuple(RefundLine(ref, 1, Decimal(part)) for ref, part in lines)
    refund = Refund(ref="r", at=PLACED, amount=Decimal(amount), lines=parts)
    return replace(ORDER, refunds=(refund,))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (replace(ORDER, reference=""), "has a reference"),
        (replace(ORDER, reference="x" * 121), "at most 120"),
        (replace(ORDER, currency=""), "three letters"),
        (replace(ORDER, currency="EU"), "three letters"),
        (replace(ORDER, currency="EURO"), "three letters"),
        (replace(ORDER, lines=(LINES[0], LINES[0])), "one reference"),
        (replace(ORDER, lines=(line("a", "-0.01"),)), "nothing or more"),
        (given_back("-1.00"), "lines of its own"),
        (given_back("1.00", ("z", "1.00")), "lines of its own"),
        (given_back("1.00", ("a", "0.50"), ("z", "0.50")), "lines of its own"),
        (given_back("34.91"), "more was given back"),
    ],
)
def test_what_no_order_can_be_is_refused_in_words(told, words):
    with pytest.raises(Invalid) as refusal:
        check_report(told)
    assert words in refusal.value.detail


@pytest.mark.parametrize(
    "told",
    [
        replace(ORDER, reference="x" * 120),
        replace(ORDER, lines=()),
        replace(ORDER, lines=(line("a", "0.00"),)),
        given_back("34.90"),
        given_back("0.00"),
        given_back("10.00", ("a", "4.00"), ("a", "6.00")),
    ],
)
def test_what_is_unusual_is_not_refused(told):
    assert note_order(told, visitor=None, at=PLACED).reference == told.reference


def test_an_order_is_noted_with_its_lines():
    costly = line("c", "5.00", group="tea", cost="2.50")
    told = replace(order_of(*LINES, costly), discount=Decimal("3.00"))
    noted = note_order(told, visitor=None, at=PLACED)
    assert noted.goods == Decimal("32.00")
    assert noted.lines[2] == {
        "ref": "c",
        "group": "tea",
        "amount": "5.00",
        "cost": "2.50",
    }
    assert noted.lines[0]["cost"] is None


def test_until_it_is_paid_an_order_may_grow(shop):
    tell(ORDER)
    tell(order_of(*LINES, line("c", "5.00")))
    assert SoldOrder.objects.get().goods == Decimal("35.00")
    tell(paid(order_of(*LINES)))
    tell(paid(order_of(line("a", "1.00"))))
    assert SoldOrder.objects.get().goods == Decimal("30.00")


def test_a_payment_without_a_moment_is_of_now():
    told = replace(ORDER, payment=Payment.PAID)
    assert note_order(told, visitor=None, at=PLACED + DAY).paid_at == PLACED + DAY


@pytest.mark.parametrize(
    "ended",
    [cancelled(ORDER), replace(ORDER, payment=Payment.REFUNDED)],
    ids=["cancelled", "given back"],
)
def test_an_order_that_ended_does_not_come_alive_again(ended):
    tell(ended)
    tell(paid(ORDER))
    assert SoldOrder.objects.get().is_void


def test_a_refund_told_once_is_kept_when_a_later_report_forgets_it(shop):
    tell(paid(ORDER), visitor=shop.visitor("guest"))
    tell(refunded(paid(ORDER), "r1", b="20.00"))
    tell(paid(ORDER))
    assert SoldOrder.objects.get().refunds == {"r1": {"b": "20.00"}}
    assert ledger_of() == {"anna": "0.50"}


@pytest.mark.parametrize(
    ("buyer", "browser", "credited"),
    [
        ("", "guest", {"anna": "30.00"}),
        ("olga", "guest", {"anna": "30.00"}),
        ("", "olga@phone", {}),
        ("ivan", "olga@phone", {}),
        ("olga", "olga@phone", {"anna": "30.00"}),
        ("olga", "", {"anna": "30.00"}),
        ("ivan", "", {}),
    ],
)
def test_a_dialog_counts_for_the_person_alone(shop, buyer, browser, credited):
    shop.talk("olga@phone", ["anna"], ago=DAY)
    user_id = shop.user(buyer).pk if buyer else None
    visitor = shop.visitor(browser) if browser else None
    tell(order_of(*LINES, user_id=user_id), visitor=visitor)
    assert credits_of() == credited


def test_a_guest_is_found_by_the_key_of_his_cart(shop):
    guest = shop.visitor("guest")
    guest.shop_key = "cart-7"
    guest.save()
    tell(replace(ORDER, shopper_key="cart-7"))
    tell(replace(ORDER, reference="NB-2", shopper_key="cart-8"))
    assert (credits_of(), credits_of("NB-2")) == ({"anna": "30.00"}, {})


def test_a_visitor_nobody_knows_is_nobody():
    noted = note_order(ORDER, visitor=uuid4(), at=PLACED)
    assert noted.visitor is None


def test_long_words_of_the_shop_are_cut():
    told = replace(ORDER, number="n" * 300, draft="d" * 300)
    noted = note_order(told, visitor=None, at=PLACED)
    noted.refresh_from_db()
    assert (len(noted.number), len(noted.draft)) == (120, 120)


class OneOrder(ShopAdapter):
    """A shop that knows one order."""

    def get_order(self, reference):
        return ORDER


@pytest.mark.parametrize(
    ("reference", "found"), [("NB-1", True), ("NB-2", False), ("", False)]
)
def test_an_order_is_asked_for_by_its_reference(monkeypatch, reference, found):
    monkeypatch.setattr(sales, "get_adapter", OneOrder)
    if found:
        assert note_order_by_reference(reference, at=PLACED).number == "NB-1"
        return
    with pytest.raises(NotFound):
        note_order_by_reference(reference, at=PLACED)


def test_the_sweep_settles_what_is_late_and_nothing_early(shop):
    tell(paid(ORDER), visitor=shop.visitor("guest"))
    SoldOrder.objects.update(is_settled=False, changed_at=PLACED)
    assert settle_overdue(at=PLACED + timedelta(seconds=29)) == 0
    assert settle_overdue(at=PLACED + timedelta(seconds=30)) == 1
    assert settle_overdue(at=PLACED + DAY) == 0
    assert LedgerLine.objects.count() == 1


def test_one_order_that_cannot_be_settled_does_not_hold_up_the_others(
    shop, monkeypatch, caplog
):
    for reference in ("NB-1", "NB-2", "NB-3"):
        tell(order_of(*LINES, reference=reference))
    settle = sales.settle_order

    def settle_but_one(order, *, at):
        if order.reference == "NB-2":
            raise RuntimeError("a bug of ours")
        settle(order, at=at)

    monkeypatch.setattr(sales, "settle_order", settle_but_one)
    with caplog.at_level(logging.ERROR):
        assert settle_all(at=PLACED + DAY) == 2
    assert "NB-2" in caplog.text


def lines_of(shop):
    """Return what the quiet lines of the guest's dialog say."""
    entries = Entry.objects.filter(conversation=shop.dialog, kind="order")
    return [entry.data for entry in entries.order_by("seq")]


@pytest.mark.parametrize(
    ("tell_of", "told", "event"),
    [
        (integration.order_placed, ORDER, ""),
        (integration.order_paid, paid(ORDER), "paid"),
        (integration.order_cancelled, cancelled(ORDER), "cancelled"),
        (integration.order_changed, ORDER, ""),
        (integration.order_changed, replace(ORDER, progress=Progress.SENT), "sent"),
        (
            integration.order_changed,
            replace(ORDER, progress=Progress.DELIVERED),
            "delivered",
        ),
    ],
)
def test_each_event_is_a_quiet_line_in_the_dialog_it_came_of(
    shop, tell_of, told, event
):
    integration.order_placed(ORDER, visitor=shop.visitor("guest").public_id.hex)
    tell_of(told)
    tell_of(told)
    assert [each["event"] for each in lines_of(shop)] == [event] * bool(event)


def test_a_refund_is_told_with_its_sum_each_once(shop):
    integration.order_paid(paid(ORDER), visitor=shop.visitor("guest").public_id.hex)
    one = refunded(paid(ORDER), "r1", a="10.00")
    for told in (one, one, refunded(one, "r2", b="5.50")):
        integration.order_refunded(told)
    said = [each.get("said") for each in lines_of(shop)]
    assert said == [None, "10.00 EUR", "5.50 EUR"]


@pytest.mark.parametrize(
    ("delivery", "left"),
    [("4.90", "1.50"), ("0.00", "1.26"), ("2.45", "1.38"), ("99.00", "1.50")],
)
def test_what_is_given_back_for_the_delivery_is_no_goods(shop, delivery, left):
    refund = Refund("r", PLACED, Decimal("4.90"), delivery=Decimal(delivery))
    tell(paid(ORDER), visitor=shop.visitor("guest"))
    tell(replace(paid(ORDER), refunds=(refund,)))
    assert ledger_of() == {"anna": left}


def test_the_number_of_the_parcel_is_told_when_it_leaves(shop):
    tell(ORDER, visitor=shop.visitor("guest"))
    told = replace(ORDER, progress=Progress.SENT, tracking="RR <b>1</b>")
    assert tell_dialogs(told, OrderEvent.SENT, at=PLACED) == 1
    assert tell_dialogs(paid(told), OrderEvent.PAID, at=PLACED) == 1
    assert [each.get("tracking") for each in lines_of(shop)] == ["RR <b>1</b>", None]


def test_an_order_of_nobody_s_dialog_is_told_to_nobody(shop):
    integration.order_paid(paid(ORDER))
    assert tell_dialogs(ORDER, OrderEvent.PAID, at=PLACED) == 0
    assert lines_of(shop) == []


@pytest.mark.parametrize("visitor", ["forged", "'", "0" * 31, "../etc"])
def test_a_forged_name_of_a_visitor_notes_nothing(shop, visitor, caplog):
    with caplog.at_level(logging.ERROR):
        integration.order_placed(ORDER, visitor=visitor)
    assert not SoldOrder.objects.exists()
    assert "NB-1" in caplog.text
