"""Waiting for what happens outside of the page, while the browser goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

LOOK_MS = 100


def until(page: Page, is_so: Callable[[], bool], *, within_s: float = 15) -> None:
    """Wait for a condition of the test's own; fails when it does not come true."""
    for _look in range(int(within_s * 1000 / LOOK_MS)):
        if is_so():
            return
        # Unlike a sleep this lets the browser's events reach the test.
        page.wait_for_timeout(LOOK_MS)
    assert is_so()
