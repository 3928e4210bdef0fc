"""What only HTTP says: bodies and answers that no socket frame has."""

from typing import Annotated, Literal

import msgspec

from chatdesk.wire.frames import (
    Draft,
    Events,
    Inbox,
    PresenceChanged,
    Reset,
    Resume,
    Seconds,
    Synced,
    Team,
)
from chatdesk.wire.objects import (
    Availability,
    Entry,
    InboxRow,
    LetterLine,
    Marks,
    QueuePlace,
    Wire,
)


class Refused(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Body of every answer from 400 on.

    ``code`` is for programs and ``text`` for people; ``by`` is the colleague who was
    faster.
    """

    code: str
    text: str
    retry_after: float | None = None
    by: str = ""


class PostSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A browser's own subscription to pushes, as it came from its push service."""

    endpoint: Annotated[str, msgspec.Meta(max_length=600)]
    p256dh: Annotated[str, msgspec.Meta(max_length=100)]
    auth: Annotated[str, msgspec.Meta(max_length=40)]
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""


class PostSubscriptionEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The browser wants no more pushes at this address."""

    endpoint: Annotated[str, msgspec.Meta(max_length=600)]


class PushTrial(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """To how many browsers of the operator a call is on its way."""

    devices: int = 0


class Done(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """It was done, and there is nothing to tell about it."""


class CopyAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The copy is on its way, or first a code to prove the address."""

    needs_code: bool = False


class PostTyping(msgspec.Struct, frozen=True, kw_only=True):
    """HTTP twin of ``eph``; without ``text`` it says only that somebody types."""

    text: Draft | None = None


class PollAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Entries that cover ``from..to`` without a hole, or none when nothing came.

    With ``retry_after`` the server did not wait: ask again after so many seconds.
    """

    conv: str
    epoch: str
    from_: int = msgspec.field(name="from")
    to: int
    items: tuple[Entry, ...]
    marks: Marks
    status: str
    availability: Availability
    queue: QueuePlace | None = None
    retry_after: float | None = None


class PollReset(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The copy cannot be continued: drop it, fetch anew from 0, keep the outbox."""

    conv: str
    epoch: str
    reset: Literal["epoch", "ahead"]


class PostPoll(msgspec.Struct, frozen=True, kw_only=True):
    """HTTP twin of an operator's ``hello`` and ``ping``, said every few seconds."""

    tab: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    resume: Annotated[list[Resume], msgspec.Meta(max_length=50)] = []
    idle: Seconds = 0
    hidden: bool = False


class PolledFrames(Wire, frozen=True, kw_only=True):
    """The very frames that a socket would have brought by now."""

    frames: tuple[Inbox | PresenceChanged | Team | Events | Synced | Reset, ...]


class InboxPage(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Rows of the operators' list; ``next`` asks for the page after this one."""

    rows: tuple[InboxRow, ...]
    next: int | None = None


class LettersPage(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Letters that staff list; ``next`` asks for the page after this one."""

    rows: tuple[LetterLine, ...]
    next: int | None = None


class LeftPage(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Dialogs left without an answer, the latest first, of ``total``.

    ``next`` goes as ``before`` to ask for the page after this one.
    """

    rows: tuple[InboxRow, ...]
    next: str | None = None
    total: int = 0


class EntriesPage(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Earlier entries that cover ``from..to``; none are left when ``from`` is 1."""

    from_: int = msgspec.field(name="from")
    to: int
    items: tuple[Entry, ...]


class PresenceState(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The operator's status as it is now, and how many dialogs he leads."""

    status: str
    load: int
    capacity: int
    reason: str = ""
    back_at: int | None = None
