"""A clock of a process that is wrong, by as much as a file says at the moment.

What a bench writes there is followed within a blink. Only the wall clock is wrong: the
monotonic clock goes on, as on a machine whose time somebody sets.
"""

import threading
import time
from datetime import timedelta
from pathlib import Path

import time_machine
from django.utils import timezone

LOOK_S = 0.05


def follow_clock(path: str) -> None:
    """Let the clock of this process be wrong from now on; nothing for no path."""
    if not path:
        return
    told = Path(path)
    off = _read(told)
    shifted = time_machine.travel(timezone.now() + timedelta(seconds=off)).start()

    def follow(off: float) -> None:
        while True:
            time.sleep(LOOK_S)
            before, off = off, _read(told)
            if off != before:
                shifted.shift(off - before)

    threading.Thread(target=follow, args=(off,), daemon=True).start()


def _read(told: Path) -> float:
    text = told.read_text() if told.exists() else ""
    return float(text or 0)
