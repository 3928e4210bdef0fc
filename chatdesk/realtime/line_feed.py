"""Tells visitors of this process where they stand in line, when it changed."""

import time
from typing import TYPE_CHECKING

from chatdesk.realtime.encode import to_text
from chatdesk.selectors.line import list_line
from chatdesk.threads import in_database
from chatdesk.wire.frames import Queue
from chatdesk.wire.objects import QueuePlace

if TYPE_CHECKING:
    from chatdesk.realtime.hub import Hub

PACE_S = 15.0


class LineFeed:
    """What each waiting visitor was told last: news at most once in fifteen seconds."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._told: dict[str, tuple[QueuePlace, float]] = {}

    async def look(self) -> None:
        """Read the line once for all sockets, and tell those whose place changed."""
        if not self._told and not self._hub.has_visitors():
            return
        line = await in_database(list_line)
        now = time.monotonic()
        for conv in [conv for conv in self._told if conv not in line]:
            del self._told[conv]
            self._hub.tell_visitor(conv, to_text(Queue(conv=conv)))
        for conv, place in line.items():
            if self._hub.is_followed(conv) and self._is_news(conv, place, now):
                self._told[conv] = (place, now)
                self._hub.tell_visitor(conv, _text_of(conv, place))

    def text_for(self, conv: str) -> str:
        """Return what the visitor was told last, for a page that has just come."""
        told = self._told.get(conv)
        return _text_of(conv, told[0]) if told else ""

    def _is_news(self, conv: str, place: QueuePlace, now: float) -> bool:
        told = self._told.get(conv)
        return told is None or (told[0] != place and now - told[1] >= PACE_S)


def _text_of(conv: str, place: QueuePlace) -> str:
    return to_text(Queue(conv=conv, queue=place))
