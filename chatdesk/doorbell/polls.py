"""Long polls that wait for a bell: each holds an event, no thread, no connection."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

Place = tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Poll:
    """One that waits: after which entry, where, and who asked with which session."""

    after: int
    who: Place | None
    loop: asyncio.AbstractEventLoop
    rung: asyncio.Event

    def ring(self) -> None:
        """End the wait; from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.rung.set)


_polls: defaultdict[int, set[Poll]] = defaultdict(set)
_lock = threading.Lock()


async def wait_for_bell(
    conversation_id: int,
    *,
    after: int,
    timeout: float,  # noqa: ASYNC109 - a poll ends
    who: Place | None = None,
) -> bool:
    """Wait until a conversation is past number ``after``, at most ``timeout`` seconds.

    Returns whether a bell rang. Enter before the log is read for the last time, or
    look again after the wait: a bell may be lost. The wait of a visitor who is named,
    with his session, ends soon after that login.
    """
    poll = Poll(after, who, asyncio.get_running_loop(), asyncio.Event())
    with _lock:
        _polls[conversation_id].add(poll)
    try:
        async with asyncio.timeout(timeout):
            await poll.rung.wait()
    except TimeoutError:
        return False
    finally:
        with _lock:
            _polls[conversation_id].discard(poll)
            if not _polls[conversation_id]:
                del _polls[conversation_id]
    return True


def wake(conversation_id: int, *, seq: int) -> None:
    """Wake the polls that wait for what this conversation now has; from any thread."""
    if not _polls:
        return
    with _lock:
        waiting = [poll for poll in _polls.get(conversation_id, ()) if seq > poll.after]
    _ring(waiting)


def wake_for_marks(conversation_id: int) -> None:
    """Wake the polls of a conversation in which marks moved; from any thread."""
    with _lock:
        waiting = list(_polls.get(conversation_id, ()))
    _ring(waiting)


def wake_all() -> None:
    """Wake every poll of this process: who is there has changed; from any thread."""
    with _lock:
        waiting = [poll for polls in _polls.values() for poll in polls]
    _ring(waiting)


def polled_ids() -> Collection[int]:
    """Return the conversations that a poll of this process waits for."""
    with _lock:
        return list(_polls)


def polls_with_login() -> list[tuple[Poll, Place]]:
    """Return the polls of this process that say who waits."""
    with _lock:
        waiting = [poll for polls in _polls.values() for poll in polls]
    return [(poll, poll.who) for poll in waiting if poll.who is not None]


def _ring(waiting: list[Poll]) -> None:
    for poll in waiting:
        poll.ring()
