"""Python's collector in a process that serves sockets: calmer, as the host wants it."""

import gc

import pytest

from chatdesk.realtime.collector import NEW_OBJECTS, calm_collector


@pytest.fixture(name="process")
def no_process():
    """No socket is served here."""


@pytest.fixture(name="collector", autouse=True)
def keep_collector():
    """Let each test find the collector as Python has it, and leave it as it was."""
    threshold = gc.get_threshold()
    calm_collector.cache_clear()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*threshold)
    calm_collector.cache_clear()
    calm_collector()


def test_cycles_are_looked_for_less_often_and_not_among_what_is_there():
    gc.unfreeze()

    calm_collector()

    assert gc.get_threshold() == (NEW_OBJECTS, 10, 10)
    assert gc.get_freeze_count() > 10_000


def test_it_is_done_once_so_that_what_comes_later_is_still_looked_at():
    calm_collector()
    gc.unfreeze()

    calm_collector()

    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize("newest", [0, NEW_OBJECTS + 1])
def test_a_host_that_has_set_it_higher_or_off_keeps_that(newest):
    gc.set_threshold(newest, 5, 5)

    calm_collector()

    assert gc.get_threshold() == (newest, 5, 5)


def test_a_host_may_switch_it_off(settings):
    settings.CHATDESK = {**getattr(settings, "CHATDESK", {}), "CALM_COLLECTOR": False}

    calm_collector()

    assert gc.get_threshold() == (700, 10, 10)
