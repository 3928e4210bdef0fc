"""An operator's own running sum: his alone, by month, for whoever may see it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from chatdesk.selectors.own_commission import own_commission
from chatdesk.services.ledger import Sum, write_line
from tests.factories import actor_of_operator, make_operator

NOVEMBER = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 5, 12, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def anna():
    operator = make_operator(name="anna")
    allow(operator)
    return operator


def allow(operator):
    permission = Permission.objects.get(codename="view_own_commission")
    operator.user.user_permissions.add(permission)


def earn(operator, amount, *, at=NOVEMBER, currency="EUR", kind="accrual"):
    key = f"{operator.pk}:{at}:{amount}:{currency}"
    sum_ = Sum(key, kind, operator.pk, Decimal(amount), currency)
    write_line(sum_, at=at)


def seen_by(operator):
    found = own_commission(actor=actor_of_operator(operator), at=NOVEMBER)
    return {each.month: each.sums for each in found}


def test_accruals_and_what_was_taken_back_make_one_sum(anna):
    earn(anna, "10.10")
    earn(anna, "0.20")
    earn(anna, "-3.05", kind="reversal")

    assert seen_by(anna) == {"2026-11": ("7.25 EUR",)}


def test_what_was_taken_back_altogether_is_still_a_sum(anna):
    earn(anna, "10.00")
    earn(anna, "-10.00", kind="reversal")

    assert seen_by(anna) == {"2026-11": ("0.00 EUR",)}


def test_the_month_before_is_told_beside_this_one_and_no_older_one(anna):
    earn(anna, "1.00", at=SEPTEMBER)
    earn(anna, "2.00", at=OCTOBER)
    earn(anna, "3.00")

    assert list(seen_by(anna).items()) == [
        ("2026-11", ("3.00 EUR",)),
        ("2026-10", ("2.00 EUR",)),
    ]


def test_currencies_are_not_added_to_each_other(anna):
    earn(anna, "5.00", currency="USD")
    earn(anna, "3.00")

    assert seen_by(anna) == {"2026-11": ("3.00 EUR", "5.00 USD")}


def test_nobody_sees_what_a_colleague_has(anna):
    colleague = make_operator(name="maria")
    allow(colleague)
    earn(colleague, "5.00")

    assert seen_by(anna) == {}


def test_without_the_permission_the_ledger_is_not_even_asked(
    django_assert_num_queries,
):
    operator = make_operator(name="maria")
    earn(operator, "5.00")

    with django_assert_num_queries(1):
        assert seen_by(operator) == {}


def test_it_takes_two_queries_however_many_lines_there_are(
    anna, django_assert_num_queries
):
    for number in range(5):
        earn(anna, f"{number + 1}.00")

    with django_assert_num_queries(2):
        assert seen_by(anna) == {"2026-11": ("15.00 EUR",)}


def test_a_host_with_rules_of_its_own_decides_by_them(settings, anna):
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.Strict"]
    earn(anna, "5.00")

    assert seen_by(anna) == {}


class Strict:
    """Lets nobody do anything."""

    def has_perm(self, _user, _permission, _obj=None):
        return False
