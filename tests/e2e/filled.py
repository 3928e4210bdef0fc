"""A filled shop to begin with, made once for all tests: ``python -m tests.e2e.filled``.

It is what ``make demo`` makes of an empty folder, with what the command said meanwhile.
"""

import fcntl
import hashlib
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chatdesk.embedded.running import ROOT, Running
from tests.services.process import ServiceFailed, wait_until

SETTINGS = "tests.e2e.settings"
SOURCES = ("chatdesk", "shop_demo", "tests/e2e/settings.py")
# Its history ends a moment ago, as a shop's does that is started now.
OLD_AFTER_S = 3600
PLACE = ROOT / ".cache" / "filled-shop"
SAID = "said.txt"


def copy_filled_shop(folder: Path) -> None:
    """Put the data of a filled shop into a folder, made now if nobody has."""
    with only_me():
        if not is_fresh():
            fill()
        shutil.copytree(PLACE, folder, dirs_exist_ok=True)


def fill() -> None:
    """Run the demo's own command on an empty folder, and stop it as Ctrl-C would."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    made_of = digest()
    host = {"SHOP_VAR": str(PLACE), "DJANGO_SETTINGS_MODULE": SETTINGS}
    demo = Running(PLACE / SAID, "manage.py", "demo", **host)
    try:
        is_filled = wait_until(
            lambda: "Ctrl-C" in demo.said(), lambda: demo.process.poll() is None
        )
        if is_filled:
            demo.stop(signal.SIGINT)
    finally:
        demo.process.kill()
        demo.process.wait()
    if not is_filled or demo.process.returncode != 0:
        message = f"The shop could not be filled:\n{demo.said()[-4000:]}"
        raise ServiceFailed(message)
    mark().write_text(made_of)


@contextmanager
def only_me() -> Iterator[None]:
    PLACE.parent.mkdir(exist_ok=True)
    with PLACE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_fresh() -> bool:
    """Tell whether a shop is here that today's code has made a moment ago."""
    if not mark().is_file() or time.time() - mark().stat().st_mtime > OLD_AFTER_S:
        return False
    return mark().read_text() == digest()


def mark() -> Path:
    return PLACE / "made-of"


def digest() -> str:
    """Return what changes whenever a file changes that makes the shop."""
    found = hashlib.sha256()
    for source in SOURCES:
        top = ROOT / source
        for path in sorted([top] if top.is_file() else top.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                seen = path.stat()
                found.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return found.hexdigest()


if __name__ == "__main__":
    with only_me():
        fill()
