"""Which plan fits a line, and what an operator is entitled to of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from chatdesk.errors import Invalid
from chatdesk.models import CommissionPlan, LedgerLine, SaleCredit, SoldOrder
from chatdesk.services.commission import (
    adjust_commission,
    entitled_to,
    left_of,
    list_plans,
    plan_for,
    settle_commission,
)
from chatdesk.services.sales import note_order
from tests.factories import make_operator
from tests.sales import PLACED, Shop, ledger_of, line, order_of, paid, refunded, tell

DAY = timedelta(days=1)
LINE = {"ref": "a", "group": "tea", "amount": "10.00", "cost": "4.00"}


def plan(name="Plan", **facts):
    """Return a plan of five percent, not saved."""
    return CommissionPlan(name=name, percent=Decimal(5), **facts)


@pytest.mark.parametrize(
    ("facts", "changed", "fits"),
    [
        ({}, {}, True),
        ({"operator_id": 1}, {}, True),
        ({"operator_id": 2}, {}, False),
        ({"department_id": 3}, {}, True),
        ({"department_id": 4}, {}, False),
        ({"product_group": "tea"}, {}, True),
        ({"product_group": "Tea"}, {}, False),
        ({"product_group": "pots"}, {}, False),
        ({"product_group": "tea"}, {"group": ""}, False),
        ({"basis": "margin"}, {}, True),
        ({"basis": "margin"}, {"cost": None}, False),
        ({"basis": "amount"}, {"cost": None}, True),
        ({"operator_id": 1, "department_id": 4}, {}, False),
        ({"operator_id": 1, "product_group": "tea", "department_id": 3}, {}, True),
    ],
)
def test_a_plan_fits_what_all_its_conditions_fit(facts, changed, fits):
    credit = SaleCredit(operator_id=1, department_id=3)
    made = plan(**facts)
    assert plan_for(credit, {**LINE, **changed}, [made]) == (made if fits else None)


def test_the_first_that_fits_is_taken():
    credit = SaleCredit(operator_id=1)
    others, first, second = plan(operator_id=9), plan("First"), plan("Second")
    assert plan_for(credit, LINE, [others, first, second]) is first
    assert plan_for(credit, LINE, []) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "listed"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"valid_from": date(2026, 3, 10)}, True),
        ({"valid_from": date(2026, 3, 11)}, False),
        ({"valid_to": date(2026, 3, 10)}, True),
        ({"valid_to": date(2026, 3, 9)}, False),
        ({"valid_from": date(2026, 3, 1), "valid_to": date(2026, 3, 31)}, True),
    ],
)
def test_a_plan_is_in_force_in_its_time(facts, listed):
    plan(**facts).save()
    assert len(list_plans(PLACED)) == listed


@pytest.mark.django_db
def test_the_day_of_a_plan_is_that_of_the_shop_s_calendar(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    plan(valid_from=date(2026, 3, 11)).save()
    evening = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
    assert len(list_plans(evening)) == 1
    assert list_plans(evening - timedelta(hours=6)) == []


@pytest.mark.django_db
def test_plans_are_listed_by_priority_then_conditions_then_age():
    anna = make_operator()
    plan("old").save()
    plan("young").save()
    plan("hers", operator=anna).save()
    plan("hers of tea", operator=anna, product_group="tea").save()
    plan("urgent", priority=1).save()
    plan("last", priority=-1, operator=anna, product_group="tea").save()
    assert [each.name for each in list_plans(PLACED)] == [
        "urgent",
        "hers of tea",
        "hers",
        "young",
        "old",
        "last",
    ]


def sold(*amounts, void=False, **refunds):
    """Return an order with lines a, b, c and what was given back by refund."""
    lines = [
        {"ref": ref, "amount": amount}
        for ref, amount in zip("abc", amounts, strict=False)
    ]
    given = {
        name: {"" if ref == "all" else ref: amount for ref, amount in parts.items()}
        for name, parts in refunds.items()
    }
    return SoldOrder(currency="EUR", lines=lines, refunds=given, is_void=void)


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (sold("10.00"), "1"),
        (sold("10.00", void=True), "0"),
        (sold("10.00", r1={"a": "2.50"}), "3/4"),
        (sold("10.00", r1={"a": "2.50"}, r2={"a": "2.50"}), "1/2"),
        (sold("10.00", r1={"a": "10.00"}), "0"),
        (sold("10.00", r1={"a": "99.00"}), "0"),
        (sold("0.00", r1={"a": "1.00"}), "1"),
        (sold("10.00", "20.00", r1={"b": "5.00"}), "1 3/4"),
        (sold("10.00", "30.00", r1={"all": "20.00"}), "1/2 1/2"),
        (sold("10.00", "30.00", r1={"all": "999.00"}), "0 0"),
        (sold("10.00", "30.00", r1={"a": "10.00"}, r2={"all": "15.00"}), "0 1/2"),
        (sold("10.00", "30.00", r1={"z": "10.00"}), "1 1"),
        (sold("10.00", "20.00", void=True, r1={"a": "1.00"}), "0 0"),
    ],
)
def test_what_stayed_sold(order, left):
    assert list(left_of(order).values()) == [Fraction(each) for each in left.split()]


@pytest.mark.parametrize(
    ("percent", "bases", "left", "due"),
    [
        ("5", {"a": "100.00"}, {"a": 1}, "5.00"),
        ("5", {"a": "100.00"}, {"a": 0}, "0.00"),
        ("5", {"a": "100.00"}, {"a": Fraction(2, 3)}, "3.33"),
        ("7.5", {"a": "0.10", "b": "0.10"}, {"a": 1, "b": 1}, "0.02"),
        ("5", {"a": "100.00", "b": "50.00"}, {"a": 1}, "5.00"),
        ("5", {"a": "1/3"}, {"a": 1}, "0.02"),
        ("5", {}, {"a": 1}, "0.00"),
        (None, {"a": "100.00"}, {"a": 1}, "0.00"),
    ],
)
def test_what_is_due_is_rounded_once(percent, bases, left, due):
    accrual = LedgerLine(
        percent=percent and Decimal(percent), bases=bases, currency="EUR"
    )
    shares = {ref: Fraction(part) for ref, part in left.items()}
    assert str(entitled_to(accrual, shares)) == due


@pytest.fixture
def shop(db):
    """A guest whom Anna answered, and five percent for everybody."""
    shop = Shop()
    plan().save()
    shop.talk("guest", ["anna"], ago=DAY)
    return shop


def test_a_plan_of_later_changes_nothing_that_was_accrued(shop):
    order = paid(order_of(line("a", "100.00")))
    tell(order, visitor=shop.visitor("guest"))
    CommissionPlan.objects.update(percent=50)
    tell(refunded(order, "r1", a="50.00"))
    assert ledger_of() == {"anna": "2.50"}


def test_a_plan_that_is_deleted_leaves_its_lines(shop):
    tell(paid(order_of(line("a", "100.00"))), visitor=shop.visitor("guest"))
    CommissionPlan.objects.all().delete()
    kept = LedgerLine.objects.get()
    assert (kept.plan, kept.percent) == (None, 5)
    assert kept.bases == {"a": "100.00"}
    assert kept.credit.order.reference == "NB-1"


def test_settling_again_asks_little_and_writes_nothing(
    shop, django_assert_max_num_queries
):
    order = note_order(
        paid(order_of(line("a", "100.00"))),
        visitor=shop.visitor("guest").public_id,
        at=PLACED,
    )
    with django_assert_max_num_queries(2):
        settle_commission(order, at=PLACED + DAY)
    assert LedgerLine.objects.count() == 1


@pytest.mark.django_db
def test_an_order_that_is_not_paid_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        settle_commission(SoldOrder(paid_at=None), at=PLACED)


@pytest.fixture
def adjust(db):
    """Adjust the commission of one operator with these facts."""
    anna = make_operator(name="anna")
    facts = {
        "operator_id": anna.pk,
        "amount": Decimal("5.00"),
        "reason": "A Sunday",
        "author_id": anna.user_id,
        "at": PLACED,
    }
    return lambda **changed: adjust_commission(**{**facts, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": ""},
        {"reason": " \t\n"},
        {"amount": Decimal(0)},
        {"amount": Decimal("-0.00")},
    ],
)
def test_an_adjustment_without_reason_or_sum_is_refused(adjust, changed):
    with pytest.raises(Invalid):
        adjust(**changed)
    assert not LedgerLine.objects.exists()


def test_the_same_key_adjusts_once_and_none_each_time(adjust):
    assert adjust(key="sunday") == adjust(key="sunday")
    assert adjust() != adjust()
    assert ledger_of() == {"anna": "15.00"}


def test_a_reason_is_trimmed_and_a_long_one_cut(adjust):
    assert adjust(reason="  A Sunday ").reason == "A Sunday"
    assert len(adjust(reason="я" * 900).reason) == 300
