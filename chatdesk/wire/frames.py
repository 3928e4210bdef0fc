"""Every frame of the protocol, both ways, typed; ``type`` tells them apart.

Client classes begin with what they ask for; server classes with what they tell.
Unknown fields are ignored on both sides, so two releases can run side by side.
"""

from typing import Annotated, Literal

import msgspec

from chatdesk.wire.codes import MAX_DRAFT_LENGTH, MAX_TEXT_LENGTH
from chatdesk.wire.objects import (
    Availability,
    Colleague,
    Entry,
    InboxRow,
    Marks,
    QueuePlace,
)

# The length too, because ``$`` lets a line break pass.
Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", max_length=32)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_LENGTH)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
Draft = Annotated[str, msgspec.Meta(max_length=MAX_DRAFT_LENGTH)]


class In(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of what a client says."""


class Resume(msgspec.Struct, frozen=True, kw_only=True):
    """Where a client's copy of one conversation ends."""

    conv: Id
    cursor: Seq = 0
    epoch: str = ""


class Hello(In, frozen=True, kw_only=True, tag="hello"):
    """First frame of a socket; said again, it follows further conversations.

    A ``terse`` client takes an entry with its own ``cmid`` for the answer to ``send``,
    and gets no ``sent`` beside it.
    """

    v: int = 1
    tab: Annotated[str, msgspec.Meta(max_length=64)] = ""
    resume: Annotated[list[Resume], msgspec.Meta(max_length=50)] = []
    hidden: bool = False
    idle: Seconds = 0
    terse: bool = False


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says."""

    text: Text


class Send(In, frozen=True, kw_only=True, tag="send"):
    """A message or a note; ``cmid`` makes it one entry however often it is sent."""

    cmid: Id
    conv: Id
    body: Body
    kind: Literal["message", "note"] = "message"
    prev_cmid: Id | None = None


class Ack(In, frozen=True, kw_only=True, tag="ack"):
    """Applied up to ``seq`` without a hole: drives *delivered* and flow control."""

    conv: Id
    seq: Seq


class Read(In, frozen=True, kw_only=True, tag="read"):
    """Seen by a person up to ``seq``."""

    conv: Id
    seq: Seq


class Eph(In, frozen=True, kw_only=True, tag="eph"):
    """Typing (``text`` absent) or a draft: relayed while fresh, never stored."""

    conv: Id
    kind: Literal["typing", "draft"] = "typing"
    text: Draft = ""


class Ping(In, frozen=True, kw_only=True, tag="ping"):
    """The client's heartbeat; answered by ``pong`` and ``heads``.

    ``idle`` is how many seconds ago a person last touched this tab.
    """

    t: int = 0
    hidden: bool = False
    idle: Seconds = 0


ClientFrame = Hello | Send | Ack | Read | Eph | Ping


class Out(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"
):
    """Base of what the server says."""


class Welcome(Out, frozen=True, kw_only=True, tag="welcome"):
    """Answer to the first hello; ``server_time`` is for display only."""

    v: int
    epoch: str
    server_time: int
    beat_s: float
    max_frame: int


class Sent(Out, frozen=True, kw_only=True, tag="sent"):
    """The entry is committed at ``seq``; ``dup`` when it already was."""

    cmid: str
    conv: str
    seq: int
    at: int
    dup: bool = False
    mismatch: bool = False


class Nack(Out, frozen=True, kw_only=True, tag="nack"):
    """The frame was refused; ``final`` means that repeating it cannot help."""

    code: str
    cmid: str | None = None
    conv: str | None = None
    final: bool = False
    retry_after: float | None = None
    text: str = ""


class Events(Out, frozen=True, kw_only=True, tag="events"):
    """Entries that cover ``from..to`` without a hole.

    An entry that this reader may not see is left out of ``items``.
    """

    conv: str
    epoch: str
    from_: int = msgspec.field(name="from")
    to: int
    items: tuple[Entry, ...]


class Synced(Out, frozen=True, kw_only=True, tag="synced"):
    """The replay ended at ``seq``; what follows is live."""

    conv: str
    seq: int
    marks: Marks


class MarksChanged(Out, frozen=True, kw_only=True, tag="marks"):
    """How far both sides are: whole state, merged by taking the larger numbers."""

    conv: str
    marks: Marks


class Reset(Out, frozen=True, kw_only=True, tag="reset"):
    """The client's copy cannot be continued: drop it, fetch anew, keep the outbox."""

    conv: str
    epoch: str
    reason: Literal["epoch", "ahead", "gone"]


class Heads(Out, frozen=True, kw_only=True, tag="heads"):
    """The newest number of each followed conversation, in every heartbeat."""

    heads: dict[str, int]


class EphRelay(Out, frozen=True, kw_only=True, tag="eph"):
    """Somebody on the other side types, or a draft that was not sent."""

    conv: str
    kind: str
    author: str
    at: int
    by: str | None = None
    text: str = ""


class Inbox(Out, frozen=True, kw_only=True, tag="inbox"):
    """Rows of the operators' list that changed; all of them when ``whole``."""

    rows: tuple[InboxRow, ...]
    whole: bool = False


class AvailabilityChanged(Out, frozen=True, kw_only=True, tag="availability"):
    """Whether anyone is there, as it is now."""

    availability: Availability


class Queue(Out, frozen=True, kw_only=True, tag="queue"):
    """Where the visitor stands in line; without ``queue`` he stands in none any more.

    Said when it changed, at most once in fifteen seconds.
    """

    conv: str
    queue: QueuePlace | None = None


class PresenceChanged(Out, frozen=True, kw_only=True, tag="presence"):
    """The operator's own status and load, told to all his tabs."""

    status: str
    load: int
    capacity: int
    reason: str = ""
    back_at: int | None = None


class Team(Out, frozen=True, kw_only=True, tag="team"):
    """Members of staff whose place changed; all of them when ``whole``."""

    colleagues: tuple[Colleague, ...]
    whole: bool = False


class Pong(Out, frozen=True, kw_only=True, tag="pong"):
    """Answer to a ping, with its ``t``."""

    t: int


class Bye(Out, frozen=True, kw_only=True, tag="bye"):
    """Last frame before the server closes; ``reconnect_after`` in seconds."""

    code: int
    reconnect_after: float | None = None


ServerFrame = (
    Welcome
    | Sent
    | Nack
    | Events
    | Synced
    | MarksChanged
    | Reset
    | Heads
    | EphRelay
    | Inbox
    | AvailabilityChanged
    | Queue
    | PresenceChanged
    | Team
    | Pong
    | Bye
)


class PostMessage(msgspec.Struct, frozen=True, kw_only=True):
    """HTTP twin of ``send``; the ``Idempotency-Key`` header carries the cmid."""

    body: Body
    kind: Literal["message", "note"] = "message"


class PostMarks(msgspec.Struct, frozen=True, kw_only=True):
    """HTTP twin of ``ack`` and ``read``."""

    delivered: Seq = 0
    read: Seq = 0


class PostRating(msgspec.Struct, frozen=True, kw_only=True):
    """A thumb and an optional sentence; may be changed for a day."""

    thumb: Literal["up", "down"]
    comment: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class PostTranscript(msgspec.Struct, frozen=True, kw_only=True):
    """Where the copy of the conversation is to be mailed."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    code: Annotated[str, msgspec.Meta(max_length=12)] = ""


class PostLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter: words, unless the dialog holds some already, and where to answer."""

    text: str = ""
    contact: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class PostContact(msgspec.Struct, frozen=True, kw_only=True):
    """Where a waiting visitor would like to be answered."""

    contact: Annotated[str, msgspec.Meta(max_length=1000)]


class PostClose(msgspec.Struct, frozen=True, kw_only=True):
    """How the dialog ended; required of operators, absent for visitors."""

    outcome: Literal[
        "", "sale", "answered", "will_return", "complaint", "not_customer"
    ] = ""


class PostOffer(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a dialog is handed, and what he should know."""

    to: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$", max_length=18)]
    note: Annotated[str, msgspec.Meta(max_length=300)] = ""


class PostTakeOver(msgspec.Struct, frozen=True, kw_only=True):
    """Why a manager takes a dialog over."""

    reason: Annotated[str, msgspec.Meta(max_length=300)]


class PostPresence(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator chose on the switch; why he is away, and until when."""

    status: Literal["online", "away", "offline"]
    reason: Annotated[str, msgspec.Meta(max_length=40)] = ""
    back_at: Seq | None = None


class PostAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the regulation that an operator has read."""

    version: Seq


class PostVisitorCard(msgspec.Struct, frozen=True, kw_only=True):
    """What staff write down about a visitor; absent fields stay."""

    name: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    contact: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class PostSession(msgspec.Struct, frozen=True, kw_only=True):
    """What the widget knows of the page on which a visitor begins to write."""

    page_url: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    page_title: Annotated[str, msgspec.Meta(max_length=300)] = ""
    referrer: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""
