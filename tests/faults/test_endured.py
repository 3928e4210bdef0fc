"""Hardships that a site endures without a loss: each on the production path."""

import json
import subprocess
import sys

import pytest

from tests.faults.endure import NAMES
from tests.faults.stack import ROOT


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """Go through all of them on one set of servers."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.endure"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_goes_wrong(name: str, found: dict[str, list[str]]) -> None:
    assert found[name] == []
