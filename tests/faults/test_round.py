"""A small round of faults on the production path: nothing lost, doubled or reordered.

What it may take is the business of the figures in docs/reliability.md: a test that runs
on a busy machine judges what happened, and is patient about when.
"""

import json
import subprocess
import sys
from typing import Any

from tests.faults.stack import ROOT

PATIENCE_S = 60
SMALL = ("--messages", "600", "--faults", "10", "--conversations", "8")


def run_round(*arguments: str) -> dict[str, Any]:
    """Run a round as a person does at the command line; return its summary."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults", *SMALL),
            *("--patience", str(PATIENCE_S), *arguments),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)


def test_a_small_round_violates_nothing() -> None:
    summary = run_round("--seed", "1")
    assert summary["violations"] == []
    assert summary["messages"] >= 600
    assert sum(summary["faults"].values()) == 10
    assert {"take", "close", "rate"} <= summary["deeds"].keys()
