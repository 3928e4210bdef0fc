"""Who is at the desk, told to operators: each his own place, and all of the team."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatdesk.doorbell.listeners import Whisper
from chatdesk.realtime.encode import to_text
from chatdesk.realtime.hub import Follower
from chatdesk.selectors.operators import Desk, colleague_of, presence_of
from chatdesk.wire.frames import EphRelay, Team

if TYPE_CHECKING:
    from chatdesk.wire.objects import Colleague


class TeamFeed:
    """Remembers what operators here were told, and tells what changed."""

    def __init__(self, operators: set[Follower]) -> None:
        self._operators = operators
        self._own: dict[int, str] = {}
        self._team: dict[str, Colleague] = {}

    @property
    def whole_text(self) -> str:
        """The frame that tells a new socket of everybody."""
        return to_text(Team(colleagues=tuple(self._team.values()), whole=True))

    def tell(self, desks: Iterable[Desk]) -> None:
        """Tell each operator of himself, and everybody of those who changed."""
        team = {}
        for desk in desks:
            self._tell_own(desk)
            colleague = colleague_of(desk)
            team[colleague.id] = colleague
        before, self._team = self._team, team
        changed = [each for each in team.values() if before.get(each.id) != each]
        if before.keys() - team.keys():
            text = self.whole_text
        elif changed:
            text = to_text(Team(colleagues=tuple(changed)))
        else:
            return
        for socket in list(self._operators):
            socket.push(text)

    def tell_earned(self, sign: Whisper) -> None:
        """Tell an operator's tabs that his commission is another; no sum is told."""
        text = to_text(EphRelay(conv="", kind=sign.kind, author="system", at=sign.at))
        for socket in list(self._operators):
            if str(socket.actor.id) == sign.by:
                socket.push(text)

    def _tell_own(self, desk: Desk) -> None:
        pk, text = desk.operator.pk, presence_text(desk)
        if self._own.get(pk) == text:
            return
        self._own[pk] = text
        for socket in list(self._operators):
            if socket.actor.id == pk:
                socket.push(text)


def presence_text(desk: Desk) -> str:
    """Return the frame that tells an operator his own status and load."""
    return to_text(presence_of(desk))
