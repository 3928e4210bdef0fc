"""Months of the ledger: which one a line falls into, and how they close."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chatdesk.errors import Invalid
from chatdesk.models import LedgerLine, LedgerMonth
from chatdesk.services import ledger
from chatdesk.services.ledger import (
    Sum,
    close_month,
    month_of,
    next_month,
    open_month_from,
    write_line,
    write_lines,
)
from tests.factories import make_operator

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
IN_MARCH = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def anna():
    return make_operator(name="anna")


def close(*months, by):
    """Close these months in June."""
    for month in months:
        close_month(first_day=month, user_id=by.user_id, at=IN_JUNE)


def a_sum(operator, *, key="k", amount="5.00"):
    """Return a sum for an operator."""
    return Sum(
        key=key,
        kind="adjustment",
        operator_id=operator.pk,
        amount=Decimal(amount),
        currency="EUR",
        facts={"reason": "A Sunday"},
    )


@pytest.mark.parametrize(
    ("first_day", "after"),
    [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2024, 2, 1), date(2024, 3, 1)),
    ],
)
def test_a_month_follows_the_other(first_day, after):
    assert next_month(first_day) == after


@pytest.mark.parametrize(
    ("zone", "month"),
    [("UTC", MARCH), ("Europe/Helsinki", APRIL), ("America/New_York", MARCH)],
)
def test_the_month_is_that_of_the_shop_s_calendar(settings, zone, month):
    settings.TIME_ZONE = zone
    assert month_of(datetime(2026, 3, 31, 22, 30, tzinfo=UTC)) == month


def test_an_open_month_takes_its_lines(anna):
    line = write_line(a_sum(anna), at=IN_MARCH)
    assert (line.month.first_day, line.at) == (MARCH, IN_MARCH)
    assert open_month_from(MARCH) == line.month


@pytest.mark.parametrize(
    ("closed", "month"),
    [
        ([], MARCH),
        ([MARCH], APRIL),
        ([MARCH, APRIL], MAY),
        ([APRIL], MARCH),
        ([MARCH, MAY], APRIL),
    ],
)
def test_a_line_falls_into_the_first_open_month(anna, closed, month):
    close(*closed, by=anna)
    assert write_line(a_sum(anna), at=IN_MARCH).month.first_day == month


def test_a_month_that_closes_between_the_look_and_the_line_takes_none(
    anna, monkeypatch
):
    def close_behind(first_day):
        month = open_month_from(first_day)
        if first_day == MARCH:
            close(MARCH, by=anna)
        return month

    monkeypatch.setattr(ledger, "open_month_from", close_behind)

    assert write_line(a_sum(anna), at=IN_MARCH).month.first_day == APRIL
    assert LedgerLine.objects.count() == 1


def test_many_lines_are_written_as_one_by_one(anna):
    close(MARCH, by=anna)
    at = [IN_MARCH, IN_JUNE, IN_MARCH]
    sums = [(a_sum(anna, key=f"k{place}"), each) for place, each in enumerate(at)]

    lines = write_lines(sums)

    months = [line.month.first_day for line in lines]
    assert months == [APRIL, date(2026, 6, 1), APRIL]
    assert [line.at for line in LedgerLine.objects.order_by("key")] == at
    assert write_lines([]) == []


def test_many_lines_whose_month_closes_meanwhile_go_to_the_next(anna, monkeypatch):
    def close_behind(first_day):
        month = open_month_from(first_day)
        if month.first_day == MARCH:
            close(MARCH, by=anna)
        return month

    monkeypatch.setattr(ledger, "open_month_from", close_behind)

    lines = write_lines([(a_sum(anna, key=key), IN_MARCH) for key in ("a", "b")])

    assert [line.month.first_day for line in lines] == [APRIL, APRIL]
    assert LedgerLine.objects.count() == 2


def test_december_is_followed_by_january(anna):
    december = date(2025, 12, 1)
    close(december, by=anna)
    line = write_line(a_sum(anna), at=datetime(2025, 12, 31, tzinfo=UTC))
    assert line.month.first_day == date(2026, 1, 1)


def test_a_known_key_is_written_once_even_after_the_closing(anna):
    first = write_line(a_sum(anna), at=IN_MARCH)
    close(MARCH, by=anna)
    again = write_line(a_sum(anna, amount="99.00"), at=IN_MARCH)
    assert (again, again.amount) == (first, Decimal("5.00"))
    assert LedgerLine.objects.count() == 1


def test_other_keys_are_other_lines(anna):
    for key in ("one", "two"):
        write_line(a_sum(anna, key=key), at=IN_MARCH)
    assert LedgerLine.objects.count() == 2
    assert LedgerMonth.objects.count() == 1


def test_who_closed_a_month_and_when_is_kept(anna):
    month = close_month(first_day=MARCH, user_id=anna.user_id, at=IN_JUNE)
    month.refresh_from_db()
    assert (month.closed_by_id, month.closed_at) == (anna.user_id, IN_JUNE)


@pytest.mark.parametrize("month", [date(2026, 6, 1), date(2026, 7, 1)])
def test_a_month_that_is_not_over_stays_open(anna, month):
    with pytest.raises(Invalid) as refusal:
        close(month, by=anna)
    assert refusal.value.detail == "month not over"
    assert not LedgerMonth.objects.exclude(closed_at=None).exists()


def test_a_month_is_not_closed_by_a_second_one_in_his_own_name(anna):
    close(MARCH, by=anna)
    dmitry = make_operator(name="dmitry")
    with pytest.raises(Invalid) as refusal:
        close(MARCH, by=dmitry)
    assert refusal.value.detail == "month closed"
    assert LedgerMonth.objects.get().closed_by_id == anna.user_id


def test_a_month_without_a_line_closes_too(anna):
    close(MARCH, by=anna)
    assert LedgerMonth.objects.get().first_day == MARCH


def test_a_line_knows_what_was_said_of_it(anna):
    line = write_line(a_sum(anna), at=IN_MARCH)
    line.refresh_from_db()
    assert (line.reason, line.kind, line.operator) == ("A Sunday", "adjustment", anna)


@pytest.mark.parametrize(
    "act",
    [lambda line: line.delete(), lambda line: line.save()],
    ids=["delete", "save"],
)
def test_a_line_of_the_ledger_is_never_touched_again(anna, act):
    line = write_line(a_sum(anna), at=IN_MARCH)
    with pytest.raises(TypeError, match="only added"):
        act(line)


# What his open workspace hears


@pytest.fixture
def heard(monkeypatch):
    signs = []
    monkeypatch.setattr(ledger, "whisper", signs.append)
    return signs


def test_an_operator_hears_after_the_commit_that_his_sum_is_another(
    anna, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        write_line(a_sum(anna), at=timezone.now())
    assert heard == []

    for callback in callbacks:
        callback()

    (sign,) = heard
    assert (sign.kind, sign.by, sign.public_id) == ("earned", str(anna.pk), "")
    assert "5.00" not in repr(sign), "no sum leaves the process"


def test_a_line_that_is_there_already_is_no_news(
    anna, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            write_line(a_sum(anna), at=timezone.now())

    assert len(heard) == 1


def test_what_is_long_past_is_written_in_silence(
    anna, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write_line(a_sum(anna), at=IN_MARCH)

    assert heard == []
