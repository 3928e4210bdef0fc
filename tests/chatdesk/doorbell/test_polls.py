"""Long polls: woken from any thread, by what they wait for, and gone when they end."""

import asyncio
import threading

import pytest

from chatdesk.doorbell.polls import (
    polled_ids,
    wait_for_bell,
    wake,
    wake_all,
    wake_for_marks,
)


async def waiting(*polls):
    """Return once every poll is registered."""
    tasks = [asyncio.create_task(each) for each in polls]
    await asyncio.sleep(0)
    assert polled_ids()
    return tasks


async def test_a_bell_wakes_those_who_wait_for_this_conversation():
    mine, other = await waiting(
        wait_for_bell(1, after=4, timeout=5), wait_for_bell(2, after=4, timeout=5)
    )
    assert set(polled_ids()) == {1, 2}

    wake(1, seq=5)

    assert await mine
    assert not other.done()
    wake(2, seq=9)
    assert await other
    assert list(polled_ids()) == []


async def test_what_is_known_already_wakes_nobody():
    (poll,) = await waiting(wait_for_bell(1, after=4, timeout=5))

    wake(1, seq=4)
    wake(1, seq=3)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert not poll.done()
    wake(1, seq=5)
    assert await poll


async def test_marks_wake_those_who_wait_for_this_conversation():
    mine, other = await waiting(
        wait_for_bell(1, after=4, timeout=5), wait_for_bell(2, after=4, timeout=5)
    )

    wake_for_marks(1)

    assert await mine
    assert not other.done()
    wake_for_marks(2)
    assert await other


async def test_all_who_wait_may_be_woken_together():
    mine, other = await waiting(
        wait_for_bell(1, after=4, timeout=5), wait_for_bell(2, after=4, timeout=5)
    )

    wake_all()

    assert await mine
    assert await other


async def test_a_poll_ends_by_itself():
    assert not await wait_for_bell(1, after=0, timeout=0.01)
    assert list(polled_ids()) == []


async def test_a_poll_that_is_given_up_is_forgotten():
    (poll,) = await waiting(wait_for_bell(1, after=0, timeout=5))

    poll.cancel()
    with pytest.raises(asyncio.CancelledError):
        await poll

    assert list(polled_ids()) == []


async def test_all_who_wait_for_one_conversation_are_woken_from_another_thread():
    polls = await waiting(
        *(wait_for_bell(1, after=number, timeout=5) for number in range(20))
    )

    thread = threading.Thread(target=wake, args=(1,), kwargs={"seq": 100})
    thread.start()

    assert all(await asyncio.gather(*polls))
    thread.join()


def test_a_loop_that_ended_holds_nobody_up():
    loop = asyncio.new_event_loop()
    poll = wait_for_bell(1, after=0, timeout=5)
    task = loop.create_task(poll)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

    wake(1, seq=1)

    assert not task.done()
    task._log_destroy_pending = False
    poll.close()
    assert list(polled_ids()) == []
