"""An exception in a server's log is a mistake, unless a fault explains it."""

import pytest

from tests.faults.complaints import complaints

TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1\n    go()\n'
CAUSE = (
    "\nThe above exception was the direct cause of the following exception:\n\n" + TRACE
)
NEXT = "\n2026-11-27 20:00:00 INFO chatdesk.worker Going on\n"


@pytest.mark.parametrize(
    "log",
    [
        "2026-11-27 20:00:00 WARNING chatdesk.writer A batch is written one by one",
        TRACE + "django.db.utils.OperationalError: the connection is lost\nHINT: x",
        TRACE + "KeyError: 'seq'" + CAUSE + "redis.exceptions.ConnectionError: gone",
    ],
)
def test_what_a_fault_explains_is_no_complaint(log: str) -> None:
    assert list(complaints((log + NEXT).splitlines())) == []


@pytest.mark.parametrize(
    ("log", "named"),
    [
        (TRACE + "KeyError: 'words of somebody'", "KeyError"),
        (TRACE + "ConnectionResetError: lost" + CAUSE + "ValueError: no", "ValueError"),
        ("Task exception was never retrieved", "Task exception was never retrieved"),
    ],
)
def test_anything_else_is_named_without_its_words(log: str, named: str) -> None:
    assert list(complaints((log + NEXT).splitlines())) == [named]


def test_a_log_may_end_in_the_middle() -> None:
    assert list(complaints((TRACE + "KeyError: 1").splitlines())) == ["KeyError"]
