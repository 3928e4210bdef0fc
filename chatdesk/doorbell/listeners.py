"""Who in this process hears bells, and who carries them to other processes.

Realtime registers here; services never learn that it exists.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chatdesk.models import Entry


@dataclass(frozen=True, slots=True)
class Bell:
    """Conversation ``public_id`` advanced to ``seq``.

    ``entries`` are the new ones in order, known only within the process that wrote
    them. ``is_quiet`` says that nothing but words was added to a dialog that somebody
    leads, so that nobody else needs to know at once.
    """

    conversation_id: int
    public_id: str
    seq: int
    entries: tuple[Entry, ...] = ()
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class MarkBell:
    """A participant of one side has applied or read up to a number."""

    conversation_id: int
    public_id: str
    author_kind: str
    delivered: int
    read: int


@dataclass(frozen=True, slots=True)
class Whisper:
    """Something droppable for those who follow a conversation now.

    Kind ``earned`` is about no conversation: it is for the operator ``by`` himself.
    """

    public_id: str
    author: str
    kind: str
    at: int
    by: str = ""
    text: str = ""


class Listener(Protocol):
    """A process that serves sockets. All calls come from any thread, none blocks."""

    @property
    def layer_state(self) -> str:
        """Whether other processes hear this one: ``ok``, ``away`` or ``none``."""

    def figures(self) -> dict[str, float]:
        """Return what this process counts, by name."""

    def hear(self, bells: Sequence[Bell]) -> None:
        """Take the bells of one committed batch."""

    def hear_marks(self, bells: Sequence[MarkBell]) -> None:
        """Take the marks of one committed batch."""

    def overhear(self, whisper: Whisper) -> None:
        """Take one droppable sign."""

    def publish(self, message: dict[str, Any]) -> None:
        """Carry one message to the other processes."""


@dataclass
class _Registry:
    listeners: tuple[Listener, ...] = field(default=())


_registry = _Registry()


def listen(listener: Listener) -> Callable[[], None]:
    """Register a listener; the returned function takes it out again."""
    _registry.listeners = (*_registry.listeners, listener)

    def leave() -> None:
        _registry.listeners = tuple(
            each for each in _registry.listeners if each is not listener
        )

    return leave


def current() -> tuple[Listener, ...]:
    """Return the listeners of this process."""
    return _registry.listeners
