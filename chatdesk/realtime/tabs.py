"""How many tabs of one visitor this process serves: more, and one that rests goes."""

from collections import defaultdict
from uuid import UUID

from chatdesk.realtime.hub import Follower
from chatdesk.wire.codes import Goodbye

MOST_TABS = 20


class Tabs:
    """The sockets of each visitor, in the order in which they came."""

    def __init__(self) -> None:
        self._tabs: defaultdict[UUID, dict[Follower, None]] = defaultdict(dict)

    def add(self, visitor: UUID, socket: Follower) -> None:
        """Let a tab in; beyond the limit the oldest that nobody looks at is ended.

        Its client comes back when somebody does, and goes on where it was.
        """
        tabs = self._tabs[visitor]
        if len(tabs) >= MOST_TABS:
            resting = min(tabs, key=lambda each: (not each.is_hidden, each.opened_at))
            resting.end(Goodbye.REPLACED)
        tabs[socket] = None

    def discard(self, visitor: UUID, socket: Follower) -> None:
        """Forget a tab; one that was never let in is none."""
        tabs = self._tabs.get(visitor)
        if tabs is not None:
            tabs.pop(socket, None)
            if not tabs:
                del self._tabs[visitor]
