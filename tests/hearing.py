"""A listener that keeps what it hears, as a process that serves sockets would."""

from collections.abc import Sequence
from typing import Any

from chatdesk.doorbell.listeners import Bell, MarkBell, Whisper


class Ear:
    """Hears bells, marks and whispers, and what would be carried to others."""

    def __init__(self) -> None:
        self.bells: list[Bell] = []
        self.marks: list[MarkBell] = []
        self.whispers: list[Whisper] = []
        self.published: list[dict[str, Any]] = []

    def hear(self, bells: Sequence[Bell]) -> None:
        """Keep the bells of one committed batch."""
        self.bells.extend(bells)

    def hear_marks(self, bells: Sequence[MarkBell]) -> None:
        """Keep the marks of one committed batch."""
        self.marks.extend(bells)

    def overhear(self, whisper: Whisper) -> None:
        """Keep one droppable sign."""
        self.whispers.append(whisper)

    def publish(self, message: dict[str, Any]) -> None:
        """Keep what would be carried to the other processes."""
        self.published.append(message)
