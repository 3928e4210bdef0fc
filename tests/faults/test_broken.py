"""Each broken build is caught, and by the invariant that it breaks.

Thirteen rounds take some five minutes: ``make broken-builds`` runs them, and
``make test`` leaves them out.
"""

import json
import subprocess
import sys

import pytest

from tests.faults.builds import TRIALS
from tests.faults.stack import ROOT

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def violations() -> dict[str, list[str]]:
    """Run all trials on one set of servers."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.builds"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", TRIALS)
def test_a_broken_build_is_caught(name: str, violations: dict[str, list[str]]) -> None:
    found = {each.partition(":")[0] for each in violations[name]}
    assert found & set(TRIALS[name].shows), violations[name]
