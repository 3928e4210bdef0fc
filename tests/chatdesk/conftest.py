"""Each test begins alone: nobody else listens, nothing is remembered."""

import math

import pytest
from django.core.cache import cache

from chatdesk.doorbell import listeners
from chatdesk.selectors import hours, regulation
from chatdesk.shop.guard import forget_troubles


@pytest.fixture(autouse=True)
def _nobody_else_listens(monkeypatch):
    """Leave out a process of another test whose event loop ended before it did."""
    monkeypatch.setattr(listeners, "_registry", listeners._Registry())


@pytest.fixture(autouse=True)
def _always_open_without_regulation(monkeypatch):
    """Let a process know of neither hours nor regulation until a service makes some.

    So the number of queries of a test does not depend on how long it takes.
    """
    nothing = hours.Hours(default=0, zones={}, weeks={}, days={}, by_hand={})
    for recent, value in ((hours.recent, nothing), (regulation.recent, None)):
        monkeypatch.setattr(recent, "_seconds", math.inf)
        recent.remember(value)
    yield
    hours.forget_hours()
    regulation.forget_rules()


@pytest.fixture
def open_stall(settings):
    """Let the shop be a stall, and its troubles untold."""
    settings.CHATDESK = {"SHOP_ADAPTER": "tests.stall.Stall"}
    cache.clear()
    forget_troubles()
