"""Bells of a test are heard by what that test starts, and by nothing else."""

import pytest

from chatdesk.doorbell import listeners


@pytest.fixture(autouse=True)
def _nobody_else_listens(monkeypatch):
    """Leave out a process of another test whose event loop ended before it did."""
    monkeypatch.setattr(listeners, "_registry", listeners._Registry())
