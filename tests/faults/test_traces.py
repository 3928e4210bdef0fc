"""What clients were sent in real rounds leads this model to the copy on record.

``frontend/tests/core/traces.test.ts`` replays the same files.
"""

import pytest

from tests.faults.reducer import Frame
from tests.faults.tracing import outcome, read_traces, replay

TRACES = list(read_traces())


def test_there_are_traces_with_holes_repeats_and_resets() -> None:
    kinds = {frame["type"] for _, frames, _ in TRACES for frame in frames}
    assert kinds == {"events", "synced", "marks", "head", "reset"}


@pytest.mark.parametrize(
    ("conv", "frames", "end"), TRACES, ids=[name for name, _, _ in TRACES]
)
def test_a_trace_leads_to_the_copy_on_record(
    conv: str, frames: list[Frame], end: Frame
) -> None:
    assert {"type": "end", **outcome(replay(conv, frames))} == end
