"""One conversation as a client knows it: pure functions over server frames.

Written from the protocol, beside ``frontend/src/core/store.ts`` and not from it: the
traces in this folder are replayed by both, and both must come to the same copy.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.faults.history import digest

Frame = dict[str, Any]

MARKS = ("visitor_delivered", "visitor_read", "operator_delivered", "operator_read")


def _no_marks() -> dict[str, int]:
    return dict.fromkeys(MARKS, 0)


@dataclass(frozen=True)
class Copy:
    """What a client has of one conversation; ``cursor`` is applied without a hole."""

    conv: str
    epoch: str = ""
    cursor: int = 0
    head: int = 0
    entries: tuple[Frame, ...] = ()
    marks: dict[str, int] = field(default_factory=_no_marks)
    synced: bool = False
    gone: bool = False

    @property
    def lacks(self) -> bool:
        """Whether something is known to be missing."""
        return self.head > self.cursor

    def rendered(self) -> str:
        """Return what stands for the words on the screen."""
        return render(self.entries)


def render(entries: Iterable[Frame]) -> str:
    """Return a digest of entries as a person reads them, in their order."""
    return digest(
        "\n".join(
            f"{each['seq']}|{each['author']}|{each['kind']}|{each.get('text', '')}"
            for each in entries
        )
    )


def apply(copy: Copy, frame: Frame) -> Copy:
    """Return the copy after a frame; the same object when nothing changed."""
    if frame.get("conv") != copy.conv:
        return copy
    match frame["type"]:
        case "events":
            return _apply_events(copy, frame)
        case "synced":
            return replace(
                copy,
                synced=True,
                head=max(copy.head, frame["seq"]),
                marks=_merge(copy.marks, frame["marks"]),
            )
        case "marks":
            return replace(copy, marks=_merge(copy.marks, frame["marks"]))
        case "reset":
            gone = frame["reason"] == "gone"
            return Copy(conv=copy.conv, epoch=frame["epoch"], gone=gone)
    return copy


def note_head(copy: Copy, head: int) -> Copy:
    """Note a head that a heartbeat told of."""
    return replace(copy, head=head) if head > copy.head else copy


def _apply_events(copy: Copy, frame: Frame) -> Copy:
    known = note_head(copy, frame["to"])
    is_other = copy.epoch not in {"", frame["epoch"]}
    if is_other or frame["from"] > copy.cursor + 1:
        return known
    if frame["to"] <= copy.cursor:
        return copy
    news = (each for each in frame["items"] if copy.cursor < each["seq"] <= frame["to"])
    return replace(
        known,
        epoch=frame["epoch"],
        cursor=frame["to"],
        entries=(*copy.entries, *sorted(news, key=lambda each: int(each["seq"]))),
    )


def _merge(left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    return {name: max(left.get(name, 0), right.get(name, 0)) for name in MARKS}
