"""How much one may say: all at once or spread, by socket or by visitor, but no more."""

from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from chatdesk import limits
from chatdesk.limits import Budget, allow, allow_message


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


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


def test_of_nothing_there_is_never_one(clock):
    assert Budget("0/m", clock=clock).spend() == 3600


# Messages of a visitor: counted in memory, told to the cache a part at a time


@pytest.fixture
def told():
    """Return what was handed over to tell the cache; nothing is told by itself."""
    cache.clear()
    with time_machine.travel(timezone.now(), tick=False):
        yield []
    cache.clear()


def written(visitor: UUID, times: int, run: Callable) -> int:
    """Return how many of so many messages were allowed."""
    return [allow_message(visitor=visitor, run=run) for _ in range(times)].count(None)


def test_a_visitor_has_one_rate_whichever_way_he_writes(told):
    visitor = uuid4()

    by_socket = written(visitor, 20, told.append)
    by_http = written(visitor, 20, lambda tell: tell())

    assert (by_socket, by_http) == (20, 10)


def test_another_visitor_has_a_rate_of_his_own(told):
    written(uuid4(), 40, told.append)

    assert written(uuid4(), 40, told.append) == 30


def test_a_few_messages_ask_the_cache_nothing(told, monkeypatch):
    monkeypatch.setattr(limits, "host_cache", None)

    assert written(uuid4(), 6, told.append) == 6
    assert told == []


def test_many_messages_tell_the_cache_a_part_at_a_time(told):
    visitor = uuid4()
    assert written(visitor, 30, told.append) == 30

    for tell in told:
        tell()

    assert len(told) == 4
    left = [allow(name="message", key=visitor.hex, rate="30/m") for _ in range(9)]
    assert left.count(None) == 2


def test_who_wrote_enough_through_other_processes_has_to_wait_here_too(told):
    visitor = uuid4()
    allow(name="message", key=visitor.hex, rate="30/m", uses=29)
    assert written(visitor, 7, told.append) == 7

    for tell in told:
        tell()

    wait = allow_message(visitor=visitor, run=told.append)
    assert wait is not None
    assert 0 < wait <= 60


def test_no_more_writers_are_remembered_than_memory_is_meant_for(told, monkeypatch):
    monkeypatch.setattr(limits, "MOST_WRITERS", 3)
    monkeypatch.setattr(limits, "_writers", OrderedDict())
    limits._writers.clear()  # Those of other tests may be more than that.
    written(first := uuid4(), 30, told.append)
    for _ in range(3):
        written(uuid4(), 1, told.append)

    assert first not in limits._writers
    assert len(limits._writers) == 3
