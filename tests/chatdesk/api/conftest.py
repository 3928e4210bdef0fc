"""Rates are counted in the cache, which outlives a test, and by the clock."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone


@pytest.fixture(autouse=True)
def clear_counts() -> Iterator[None]:
    """Let every test start with all its uses."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def still() -> Iterator[None]:
    """Stop the clock, so that no window of a rate ends within a test."""
    with time_machine.travel(timezone.now(), tick=False):
        yield
