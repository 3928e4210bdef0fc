"""Objects as clients see them: one class an audience, a field a decision.

Moments are whole milliseconds since the epoch, for display and never for order.
A conversation's id is 32 hex characters; a person's is a short number as text.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from chatdesk.errors import Invalid


def to_ms(moment: datetime) -> int:
    """Return a moment as whole milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def from_ms(moment: int) -> datetime:
    """Return the moment behind milliseconds since 1970; raises ``Invalid``."""
    try:
        return datetime.fromtimestamp(moment / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise Invalid from None


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of everything the server sends: immutable, defaults left out."""


class Entry(Wire, frozen=True, kw_only=True):
    """One entry of a conversation's log.

    ``author`` is ``visitor``, ``operator`` or ``system``; ``by`` is the operator's id.
    ``data`` depends on ``kind``: see the protocol page.
    """

    seq: int
    kind: str
    author: str
    at: int
    cmid: str
    by: str | None = None
    text: str = ""
    data: dict[str, Any] | None = None


class Marks(Wire, frozen=True, kw_only=True):
    """How far each side has applied (``delivered``) and seen (``read``) the log."""

    visitor_delivered: int = 0
    visitor_read: int = 0
    operator_delivered: int = 0
    operator_read: int = 0


class OperatorCard(Wire, frozen=True, kw_only=True):
    """What a visitor may know of an operator."""

    id: str
    name: str
    title: str = ""
    photo: str = ""


class QueuePlace(Wire, frozen=True, kw_only=True):
    """Where a visitor stands in line, from 1 on.

    ``answer_s`` is how long it will take by the measured median of recent first
    replies, absent under five samples.
    """

    place: int
    answer_s: int | None = None


class Availability(Wire, frozen=True, kw_only=True):
    """Whether anyone is there: ``online busy away offline unknown``.

    ``answer_s`` is the measured median of recent first replies in seconds, absent
    under five samples. ``opens_at`` is when the working hours begin again, told while
    the shop is closed.
    """

    state: str
    online: int = 0
    opens_at: int | None = None
    answer_s: int | None = None
    operators: tuple[OperatorCard, ...] = ()


class Stretch(Wire, frozen=True, kw_only=True):
    """From one moment to another."""

    begins_at: int
    ends_at: int


class OpeningHours(Wire, frozen=True, kw_only=True):
    """The working time of the days around now; none where the shop never closes."""

    stretches: tuple[Stretch, ...] = ()


class ConversationForVisitor(Wire, frozen=True, kw_only=True):
    """A conversation as its visitor sees it."""

    id: str
    epoch: str
    status: str
    head: int
    created_at: int
    operator: OperatorCard | None = None
    closed_at: int | None = None
    thumb: str | None = None
    reopens_until: int | None = None


class VisitorSession(Wire, frozen=True, kw_only=True):
    """What a visitor's widget starts from."""

    visitor: str
    epoch: str
    server_time: int
    availability: Availability
    conversations: tuple[ConversationForVisitor, ...] = ()


class VisitorCard(Wire, frozen=True, kw_only=True):
    """What staff know of a visitor; every text is the visitor's and hostile."""

    id: str
    name: str
    number: int
    contact: str = ""
    email: str = ""
    language: str = ""
    device: str = ""
    page_url: str = ""
    page_title: str = ""
    referrer: str = ""
    user: str = ""
    first_seen_at: int = 0
    latest_seen_at: int = 0
    dialogs: int = 0


class InboxRow(Wire, frozen=True, kw_only=True):
    """A line of the operators' list; ``head`` is also the row's version.

    ``line_at`` orders those that wait for anyone; ``heard_at`` is the visitor's latest
    word. ``raised`` says that managers were told, ``offered_to`` who was asked to take
    the dialog over. ``left_at`` is since when it is to be followed up, because nobody
    answered and nobody has seen to it since.
    """

    conv: str
    head: int
    status: str
    visitor: str
    visitor_number: int
    preview: str = ""
    preview_author: str = ""
    preview_at: int = 0
    owner: str | None = None
    owner_name: str = ""
    waiting_since: int | None = None
    letter_due_at: int | None = None
    unread: int = 0
    language: str = ""
    closed_at: int | None = None
    outcome: str = ""
    thumb: str | None = None
    department: str = ""
    heard_at: int | None = None
    line_at: int | None = None
    raised: bool = False
    left_at: int | None = None
    offered_to: str | None = None
    offer_note: str = ""


class PastDialog(Wire, frozen=True, kw_only=True):
    """An earlier conversation of the same visitor."""

    conv: str
    preview: str
    at: int
    operator: str = ""
    thumb: str | None = None


class Letter(Wire, frozen=True, kw_only=True):
    """A letter as staff see it: where to answer, by when, and whether it bounced.

    ``link`` opens the visitor's messenger, mail or phone; empty where there is no way.
    """

    state: str
    due_at: int
    left_at: int
    contact: str = ""
    kind: str = ""
    link: str = ""
    is_junk: bool = False
    mails_to: str = ""
    bounced: str = ""


class LetterLine(Wire, frozen=True, kw_only=True):
    """A line of the list of letters; ``via`` is mail, link or here once answered."""

    conv: str
    visitor: str
    visitor_number: int
    state: str
    due_at: int
    left_at: int
    preview: str = ""
    contact: str = ""
    kind: str = ""
    is_junk: bool = False
    owner: str | None = None
    owner_name: str = ""
    answered_at: int | None = None
    via: str = ""


class Thread(Wire, frozen=True, kw_only=True):
    """What the workspace shows of one conversation; older entries are paged."""

    conversation: InboxRow
    epoch: str
    marks: Marks
    visitor: VisitorCard
    operators: tuple[OperatorCard, ...]
    entries: tuple[Entry, ...]
    covers_from: int
    covers_to: int
    past: tuple[PastDialog, ...] = ()
    first_reply_s: float | None = None
    letter: Letter | None = None


class OwnDay(Wire, frozen=True, kw_only=True):
    """The operator's own figures since midnight."""

    dialogs: int = 0
    first_reply_s: float | None = None
    within_goal: float | None = None
    likes: int = 0
    dislikes: int = 0


class Earned(Wire, frozen=True, kw_only=True):
    """The operator's own commission of one month (``2026-11``), in words of the shop.

    More than one currency makes more than one sum.
    """

    month: str
    sums: tuple[str, ...]


class Colleague(Wire, frozen=True, kw_only=True):
    """A member of staff as the others see him; ``reason`` says why he is away.

    ``state`` is what visitors get to see, computed from living connections.
    """

    id: str
    name: str
    state: str
    load: int
    capacity: int
    photo: str = ""
    reason: str = ""
    back_at: int | None = None


class Duty(Wire, frozen=True, kw_only=True):
    """What an operator owes the chat: in words, his shift, who answers for now's."""

    text: str = ""
    begins_at: int | None = None
    ends_at: int | None = None
    responsible: tuple[str, ...] = ()


class Regulation(Wire, frozen=True, kw_only=True):
    """The shop's rules of work in force, and when this operator confirmed them."""

    version: int
    goal_s: int
    limit_s: int
    capacity: int
    text: str = ""
    published_at: int = 0
    confirmed_at: int | None = None
    duty: Duty = Duty()


class OperatorSession(Wire, frozen=True, kw_only=True):
    """What the workspace starts from."""

    operator: OperatorCard
    status: str
    capacity: int
    load: int
    is_manager: bool
    epoch: str
    server_time: int
    goal_s: int
    limit_s: int
    quiet_s: int
    sneak_peek: bool
    day: OwnDay
    reason: str = ""
    back_at: int | None = None
    away_reasons: tuple[str, ...] = ()
    has_rules: bool = False
    owes_confirmation: bool = False
    earned: tuple[Earned, ...] = ()


class CannedReply(Wire, frozen=True, kw_only=True):
    """A prepared answer; ``{name}`` and ``{operator}`` are filled by the workspace."""

    id: int
    shortcut: str
    title: str
    text: str
    language: str = ""
    shared: bool = True
