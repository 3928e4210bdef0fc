"""Records what one client was sent, for models in any language to replay.

A trace is JSON lines: first the conversation it is about, then frames in the order in
which they came (and heads, once split by conversation), last the copy that every model
must come to.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.clients import Person
from tests.faults.reducer import Copy, Frame, apply, note_head

FOLDER = Path(__file__).with_name("traces")
LOG_FRAMES = frozenset({"events", "synced", "marks", "reset"})


class Recorder:
    """Keeps the log frames of one person's first conversation."""

    def __init__(self, person: Person, _heads: dict[str, int]) -> None:
        self.name = person.part.tab
        self.conv = person.part.convs[0]
        self.frames: list[Frame] = []
        person.record = self._take

    def write(self, folder: Path, *, seed: int) -> None:
        """Write the trace and the copy that it ends in."""
        folder.mkdir(parents=True, exist_ok=True)
        copy = replay(self.conv, self.frames)
        lines: list[Any] = [
            {"conv": self.conv, "seed": seed},
            *self.frames,
            {"type": "end", **outcome(copy)},
        ]
        path = folder / f"seed{seed}-{self.name}.jsonl"
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    def _take(self, frame: Frame) -> None:
        if frame["type"] in LOG_FRAMES and frame["conv"] == self.conv:
            self.frames.append(frame)
        elif frame["type"] == "heads" and self.conv in frame["heads"]:
            self.frames.append({"type": "head", "head": frame["heads"][self.conv]})


def replay(conv: str, frames: list[Frame]) -> Copy:
    """Return the copy that frames lead to."""
    copy = Copy(conv=conv)
    for frame in frames:
        if frame["type"] == "head":
            copy = note_head(copy, frame["head"])
        else:
            copy = apply(copy, frame)
    return copy


def outcome(copy: Copy) -> dict[str, Any]:
    """Return what both models must agree on."""
    return {
        "epoch": copy.epoch,
        "cursor": copy.cursor,
        "head": copy.head,
        "synced": copy.synced,
        "gone": copy.gone,
        "marks": copy.marks,
        "entries": [
            [each["seq"], each["cmid"], each.get("text", "")] for each in copy.entries
        ],
    }


def read_traces(folder: Path = FOLDER) -> Iterator[tuple[str, list[Frame], Frame]]:
    """Yield the conversation, the frames and the end of every recorded trace."""
    for path in sorted(folder.glob("*.jsonl")):
        head, *frames, end = (
            json.loads(line) for line in path.read_text().splitlines()
        )
        yield head["conv"], frames, end
