"""What servers complained of in their logs and no fault explains.

A process may say that its database or the layer did not answer: that was done to it.
Any other exception, and any that nobody was there to catch, is a mistake of ours.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

TRACEBACK = "Traceback (most recent call last):"
CHAINED = ("During handling of the above", "The above exception was the direct cause")
# Of servers, drivers and operating systems that were struck.
EXPLAINED = (
    "django.db.utils.OperationalError",
    "django.db.utils.InterfaceError",
    # A session that was cut ends a transaction under way as it likes.
    "django.db.utils.InternalError",
    "psycopg.",
    "psycopg_pool.",
    "redis.",
    "ConnectionError",
    "ConnectionResetError",
    "ConnectionRefusedError",
    "BrokenPipeError",
    "TimeoutError",
    "kombu.exceptions.OperationalError",
    "celery.beat.SchedulingError",
)
UNCAUGHT = (
    "Task exception was never retrieved",
    "Exception in ASGI application",
    "Exception inside application",
    "Exception in callback",
    "Unhandled Error",
    "was never awaited",
)


def complaints_in(logs: Iterable[Path]) -> list[str]:
    """Return each unexplained complaint once, behind the name of its file."""
    found = (
        f"{path.name}: {words}"
        for path in logs
        if path.exists()
        for words in complaints(path.read_text(errors="replace").splitlines())
    )
    return list(dict.fromkeys(found))


def complaints(lines: Iterable[str]) -> Iterator[str]:
    """Yield the exceptions of a log that no fault explains, and uncaught ones."""
    is_inside, latest = False, ""
    for line in lines:
        if any(words in line for words in UNCAUGHT):
            yield line.strip()
        if line == TRACEBACK or line.startswith(CHAINED):
            is_inside, latest = True, ""
        elif is_inside and line and not line.startswith((" ", "|", "+")):
            # The words of an exception may go on for lines; the first names it.
            is_inside, latest = False, line
        elif latest and line:
            yield from _unless_explained(latest)
            latest = ""
    if latest:
        yield from _unless_explained(latest)


def _unless_explained(words: str) -> Iterator[str]:
    if not words.startswith(EXPLAINED):
        yield words.partition(":")[0]
