"""The ledger: only added to, months that close, sums by hand, and several at once."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from chatdesk import integration, worker
from chatdesk.errors import Invalid, NotFound
from chatdesk.models import CommissionPlan, LedgerLine, SaleCredit, SoldOrder
from chatdesk.services import sales
from chatdesk.services.commission import adjust_commission
from chatdesk.services.ledger import close_month
from chatdesk.services.sales import note_order, note_order_by_reference
from chatdesk.shop.types import Order, RefundLine
from tests.sales import (
    PLACED,
    Shop,
    credits_of,
    ledger_of,
    line,
    order_of,
    paid,
    refunded,
    tell,
)
from tests.together import together

MARCH = date(2026, 3, 1)
IN_APRIL = datetime(2026, 4, 2, tzinfo=UTC)
LINES = (line("a", "10.00"), line("b", "20.00"), line("c", "30.00"))

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def shop() -> Shop:
    """A guest who was advised by Anna yesterday, and five percent for everybody."""
    shop = Shop()
    CommissionPlan.objects.create(name="All", percent=5)
    shop.talk("guest", ["anna"], ago=timedelta(days=1))
    return shop


def buy(shop: Shop) -> Order:
    """Let the guest place and pay an order."""
    order = paid(order_of(*LINES))
    tell(order, visitor=shop.visitor("guest"))
    return order


def test_a_line_is_neither_changed_nor_deleted(shop: Shop) -> None:
    buy(shop)
    for act in (lambda rows: rows.update(amount=1), lambda rows: rows.delete()):
        with pytest.raises(TypeError, match="only added"):
            act(LedgerLine.objects.all())


def test_a_refund_after_the_closing_falls_into_the_open_month(shop: Shop) -> None:
    order = buy(shop)
    close_month(first_day=MARCH, user_id=shop.user("boss").pk, at=IN_APRIL)
    before = list(LedgerLine.objects.values())

    tell(refunded(order, "r1", b="20.00"))

    assert list(LedgerLine.objects.filter(month__first_day=MARCH).values()) == before
    late = LedgerLine.objects.get(kind="reversal")
    assert late.month.first_day == date(2026, 4, 1)
    assert late.amount == Decimal("-1.00")


def test_a_month_closes_once_and_only_when_it_is_over(shop: Shop) -> None:
    boss = shop.user("boss").pk
    with pytest.raises(Invalid):
        close_month(first_day=MARCH, user_id=boss, at=PLACED)
    close_month(first_day=MARCH, user_id=boss, at=IN_APRIL)
    with pytest.raises(Invalid):
        close_month(first_day=MARCH, user_id=boss, at=IN_APRIL)


def test_an_adjustment_needs_a_reason_and_names_its_author(shop: Shop) -> None:
    boss = shop.user("boss").pk
    anna = shop.operator("anna").pk
    for reason, amount in ((" ", "5.00"), ("Sunday", "0.00")):
        with pytest.raises(Invalid):
            adjust_commission(
                operator_id=anna,
                amount=Decimal(amount),
                reason=reason,
                author_id=boss,
                at=PLACED,
            )
    made = adjust_commission(
        operator_id=anna,
        amount=Decimal("-5.00"),
        reason="Paid twice in February",
        author_id=boss,
        at=PLACED,
    )
    assert (made.author_id, made.reason) == (boss, "Paid twice in February")
    assert ledger_of() == {"anna": "-5.00"}


def test_what_cannot_be_is_refused(shop: Shop) -> None:
    order = paid(order_of(*LINES))
    foreign = RefundLine(line="zz", quantity=1, amount=Decimal("1.00"))
    fine = refunded(order, "r1", a="1.00")
    for wrong in (
        replace(order, reference=""),
        replace(order, reference="x" * 200),
        replace(order, currency="EURO"),
        replace(order, lines=(LINES[0], LINES[0])),
        replace(order, lines=(line("a", "-1.00"),)),
        refunded(order, "r1", all_="500.00"),
        replace(fine, refunds=(replace(fine.refunds[0], lines=(foreign,)),)),
    ):
        with pytest.raises(Invalid) as refusal:
            note_order(wrong, visitor=None, at=PLACED)
        assert refusal.value.detail
    assert not SoldOrder.objects.exists()


def test_an_order_the_shop_does_not_know_is_refused() -> None:
    with pytest.raises(NotFound):
        note_order_by_reference("NB-forged", at=PLACED)


def test_a_failure_of_ours_leaves_the_checkout_alone_and_is_repaired(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a bug of ours")

    guest = shop.visitor("guest").public_id.hex
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(sales, "credit_order", break_down)
        with transaction.atomic():
            integration.order_placed(order_of(*LINES), visitor=guest)
            integration.order_paid(paid(order_of(*LINES)))
    assert "NB-1" in caplog.text
    assert credits_of() == {}
    noted = SoldOrder.objects.get()
    assert not noted.is_settled

    worker.sweep(at=noted.changed_at + timedelta(minutes=1))

    assert credits_of() == {"anna": "60.00"}
    assert ledger_of() == {"anna": "3.00"}
    assert SoldOrder.objects.get().is_settled


def test_a_report_that_cannot_be_is_logged_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR), transaction.atomic():
        integration.order_placed(replace(order_of(*LINES), currency="?"))
        integration.order_placed(order_of(*LINES), visitor="forged")
    assert not SoldOrder.objects.exists()
    assert "is not noted" in caplog.text


def test_the_shop_rolls_back_and_nothing_stays(shop: Shop) -> None:
    guest = shop.visitor("guest").public_id.hex
    with transaction.atomic():
        integration.order_paid(paid(order_of(*LINES)), visitor=guest)
        assert LedgerLine.objects.exists()
        transaction.set_rollback(True)
    assert not LedgerLine.objects.exists()
    assert not SaleCredit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_count_once(shop: Shop) -> None:
    order = paid(order_of(*LINES))
    guest = shop.visitor("guest")
    one, two = refunded(order, "r1", a="10.00"), refunded(order, "r2", b="20.00")
    at_once = 8 if connection.vendor == "postgresql" else 4
    reports = [order, one, two, refunded(one, "r2", b="20.00")] * (at_once // 4)

    answers = together(
        *[lambda each=each: tell(each, visitor=guest) for each in reports]
    )

    assert answers == [None] * len(reports)
    assert credits_of() == {"anna": "60.00"}
    assert ledger_of() == {"anna": "1.50"}
    assert LedgerLine.objects.filter(kind="accrual").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_month_that_closes_meanwhile_takes_no_line(shop: Shop) -> None:
    order = buy(shop)
    boss = shop.user("boss").pk
    together(
        lambda: close_month(first_day=MARCH, user_id=boss, at=IN_APRIL),
        lambda: tell(refunded(order, "r1", a="10.00")),
        lambda: tell(refunded(order, "r2", b="20.00")),
    )
    closed = LedgerLine.objects.filter(month__first_day=MARCH)
    moment = closed[0].month.closed_at
    assert moment is not None
    assert ledger_of() == {"anna": "1.50"}
    tell(refunded(order, "r3", c="30.00"))
    assert LedgerLine.objects.latest("pk").month.first_day == date(2026, 4, 1)
