"""What outlives a test: rates in the cache, by the clock, and who was there."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from chatdesk.selectors.recent import recent_availability


@pytest.fixture(autouse=True)
def clear_counts() -> Iterator[None]:
    """Let every test start with all its uses, and look who is there."""
    cache.clear()
    recent_availability.forget()
    yield
    cache.clear()


@pytest.fixture
def still() -> Iterator[None]:
    """Stop the clock, so that no window of a rate ends within a test."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
