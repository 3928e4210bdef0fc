"""How much one socket may say: all at once or spread, but no more."""

import pytest

from chatdesk.realtime.budget import Budget


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(name="process")
def no_process():
    """No socket is served here."""


@pytest.fixture
def clock():
    return Clock()


def spent(budget, times):
    """Return how many of so many uses were allowed."""
    return [budget.spend() for _ in range(times)].count(None)


def test_the_whole_number_may_come_at_once(clock):
    assert spent(Budget("30/m", clock=clock), 40) == 30


def test_time_fills_it_again_and_not_above_its_number(clock):
    budget = Budget("30/m", clock=clock)
    spent(budget, 30)

    clock.now += 10
    assert spent(budget, 40) == 5

    clock.now += 3600
    assert spent(budget, 40) == 30


def test_who_has_none_left_is_told_how_long_to_wait(clock):
    budget = Budget("6/m", clock=clock)
    spent(budget, 6)

    assert budget.spend() == pytest.approx(10)
    clock.now += 4
    assert budget.spend() == pytest.approx(6)
    clock.now += 6
    assert budget.spend() is None


def test_asking_in_vain_costs_nothing(clock):
    budget = Budget("6/m", clock=clock)
    spent(budget, 6)
    spent(budget, 100)

    clock.now += 10

    assert budget.spend() is None
