"""Database threads: few, each with a connection of its own, and none left behind."""

import asyncio
import logging
import threading

import pytest
from django.db import OperationalError, connection, connections

from chatdesk.models import Storefront
from chatdesk.threads import DatabaseThreads, close_readers, in_database, readers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def threads():
    pool = DatabaseThreads(name="test-database", size=2)
    yield pool
    pool.close()


def names():
    return {thread.name.rpartition("_")[0] for thread in threading.enumerate()}


def who():
    """Return the thread and its connection, once the connection is in use."""
    Storefront.objects.count()
    return threading.get_ident(), id(connection.connection)


def add(left, *, right):
    return left + right


async def test_a_function_runs_elsewhere_and_returns_here(threads):
    assert await threads.run(add, 1, right=2) == 3
    assert await threads.run(threading.get_ident) != threading.get_ident()


async def test_what_is_raised_there_is_raised_here(threads):
    with pytest.raises(KeyError, match="missing"):
        await threads.run({}.__getitem__, "missing")


async def test_many_calls_share_few_threads_and_their_connections(threads):
    seen = await asyncio.gather(*(threads.run(who) for _ in range(30)))

    assert 1 <= len({thread for thread, _ in seen}) <= 2
    assert len(set(seen)) == len({thread for thread, _ in seen})


async def test_calls_beyond_the_threads_wait_for_their_turn(threads):
    at_once = threading.Semaphore(2)

    def work():
        assert at_once.acquire(blocking=False)
        try:
            Storefront.objects.count()
        finally:
            at_once.release()

    await asyncio.gather(*(threads.run(work) for _ in range(50)))


async def test_work_that_is_handed_over_is_done_in_order(threads):
    single = DatabaseThreads(name="test-single", size=1)
    done = []

    for number in range(20):
        single.submit(done.append, number)
    single.close()

    assert done == list(range(20))


async def test_what_fails_when_nobody_waits_is_logged(caplog):
    single = DatabaseThreads(name="test-single", size=1)

    with caplog.at_level(logging.ERROR, logger="chatdesk.threads"):
        single.submit({}.__getitem__, "missing")
        single.close()

    assert "Work in a database thread failed" in caplog.text
    assert "KeyError" in caplog.text


async def test_closing_ends_threads_and_their_connections():
    pool = DatabaseThreads(name="test-closing", size=3)

    def use():
        Storefront.objects.count()
        return connections["default"]

    used = set(await asyncio.gather(*(pool.run(use) for _ in range(9))))
    assert "test-closing" in names()
    assert all(each.connection is not None for each in used)

    pool.close()

    assert "test-closing" not in names()
    assert all(each.connection is None for each in used)


async def test_a_loop_has_reading_threads_of_its_own_until_it_closes_them():
    assert readers() is readers()
    assert await in_database(add, 1, right=2) == 3
    assert "chatdesk-read" in names()

    def another_loop():
        async def ask():
            mine = readers()
            await in_database(who)
            close_readers()
            return mine

        return asyncio.run(ask())

    assert await asyncio.to_thread(another_loop) is not readers()
    close_readers()
    assert "chatdesk-read" not in names()


async def test_closing_what_was_never_opened_does_nothing():
    close_readers()
    close_readers()


async def test_a_connection_that_broke_is_replaced():
    single = DatabaseThreads(name="test-single", size=1)

    def use():
        Storefront.objects.count()
        return connection.connection

    def find_it_broken():
        connection.errors_occurred = True
        connection.is_usable = lambda: False
        raise OperationalError

    first = await single.run(use)
    assert await single.run(use) is first
    with pytest.raises(OperationalError):
        await single.run(find_it_broken)

    assert await single.run(use) is not first
    single.close()
