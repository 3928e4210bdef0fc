"""Sockets share one process a test; it ends with the test."""

import pytest_asyncio

from chatdesk.realtime.process import Process


@pytest_asyncio.fixture(autouse=True)
async def process():
    """Start the process of this test's event loop and stop it at the end."""
    running = await Process.running()
    yield running
    await running.stop()
