"""Sockets share one process a test; it ends with the test.

Its clock runs fast, but it looks for entries that no bell announced so rarely that
what arrives came by a bell. A module that is about the clock overrides ``shop``.
"""

from datetime import timedelta

import pytest
import pytest_asyncio

from chatdesk.realtime import clockwork
from chatdesk.realtime.process import Process
from chatdesk.threads import close_readers

PACES = {"LOOK_EVERY_S": 0.1, "RENEW_EVERY_S": 0.1, "LOGINS_EVERY_S": 0.1}


@pytest.fixture
def shop():
    """Return what the shop sets: no work but that of the test."""
    return {"HEAD_POLL": timedelta(minutes=10), "TICK": False}


@pytest_asyncio.fixture(autouse=True)
async def process(shop, settings, monkeypatch):
    """Start the process of this test's event loop and stop it at the end."""
    settings.CHATDESK = shop
    for name, seconds in PACES.items():
        monkeypatch.setattr(clockwork, name, seconds)
    running = await Process.running()
    yield running
    await running.stop()
    close_readers()  # Those of the test itself.
