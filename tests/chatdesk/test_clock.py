"""One clock for all processes: the database's, however wrong a machine's own is."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from chatdesk import clock
from chatdesk.tokens import is_worth_renewing, read_visitor_cookie, sign_visitor_cookie
from tests.factories import make_visitor

A_SECOND = timedelta(seconds=1)


def asked_by_a_machine_that_is_off(off: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + off)


def has_a_clock() -> bool:
    """Whether this database has a clock of its own."""
    return connection.vendor == "postgresql"


def test_who_asked_nobody_goes_by_his_own_clock() -> None:
    with asked_by_a_machine_that_is_off(timedelta(days=3)):
        assert abs(clock.now() - timezone.now()) < A_SECOND


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(days=1)])
def test_who_asked_goes_by_the_database(off: timedelta) -> None:
    clock.look()
    before = clock.now()
    with asked_by_a_machine_that_is_off(off):
        clock.look()
        said = clock.now()

    assert (before <= said <= clock.now()) is has_a_clock()


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_jump_between_two_looks_is_not_noticed() -> None:
    clock.look()
    before = clock.now()
    with asked_by_a_machine_that_is_off(-timedelta(hours=1)):
        assert (clock.now() >= before) is has_a_clock()


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_look_is_no_query_of_who_looks(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        clock.look()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_who_connects_learns_the_time_and_then_not_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    ask = clock._ask
    monkeypatch.setattr(clock, "_ask", lambda made: asked.append(made) or ask(made))

    for _ in range(3):
        connections["default"].close()
        make_visitor()

    assert len(asked) == int(has_a_clock())


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_cookie_is_dated_by_the_clock_of_all() -> None:
    visitor = make_visitor().public_id
    clock.look()
    with asked_by_a_machine_that_is_off(-timedelta(days=3)):
        clock.look()
        value = sign_visitor_cookie(visitor)

    assert read_visitor_cookie(value) == visitor
    assert is_worth_renewing(value) is not has_a_clock()
