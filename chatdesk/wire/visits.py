"""What crosses the wire about visits; every text in it is a stranger's and hostile."""

from typing import Annotated

import msgspec

from chatdesk.wire.objects import Wire


class PostLook(msgspec.Struct, frozen=True, kw_only=True):
    """A page was visible for some seconds since the last word of it."""

    path: Annotated[str, msgspec.Meta(max_length=1000)]
    seconds: Annotated[int, msgspec.Meta(ge=0, le=86400)] = 0
    zone: Annotated[str, msgspec.Meta(max_length=64)] = ""
    leaving: bool = False


class VisitStep(Wire, frozen=True, kw_only=True):
    """One page of the path; ``kind`` and ``ref`` where the shop's view named it."""

    at: int
    path: str
    kind: str = ""
    ref: str = ""
    title: str = ""
    visible_s: int = 0


class VisitEvent(Wire, frozen=True, kw_only=True):
    """What befell a visitor in the shop; ``kind`` as in ``ShopEvent``."""

    kind: str
    at: int
    ref: str = ""
    title: str = ""
    words: str = ""
    number: int | None = None
    fields: tuple[str, ...] = ()


class LiveVisit(Wire, frozen=True, kw_only=True):
    """A line of the table of visitors on the site.

    ``name`` is empty for somebody unknown, who goes by ``number``. ``value`` orders the
    lines, the greatest first. ``conv`` is the dialog that goes on.
    """

    id: str
    number: int
    name: str = ""
    country: str = ""
    city: str = ""
    page_kind: str = ""
    page_title: str = ""
    page_path: str = ""
    page_at: int = 0
    begun_at: int = 0
    pages: int = 0
    source: str = ""
    source_name: str = ""
    phrase: str = ""
    earlier: int = 0
    is_customer: bool = False
    cart: str = ""
    currency: str = ""
    pieces: int = 0
    value: int = 0
    event: VisitEvent | None = None
    conv: str = ""
    waiting_since: int | None = None
    operator: str = ""


class LiveVisits(Wire, frozen=True, kw_only=True):
    """Who is on the site now; ``trend`` counts beginnings by minute, oldest first.

    ``total`` may be more than there are lines.
    """

    at: int
    total: int
    items: tuple[LiveVisit, ...] = ()
    trend: tuple[int, ...] = ()


class VisitCard(Wire, frozen=True, kw_only=True):
    """What is known of one visit: whence, with what, what was looked at, what befell.

    All fields but ``id`` are absent where nothing is known; ``zone`` tells the
    visitor's own time.
    """

    id: str
    begun_at: int = 0
    is_here: bool = False
    visits: int = 1
    country: str = ""
    city: str = ""
    zone: str = ""
    device: str = ""
    browser: str = ""
    system: str = ""
    language: str = ""
    source: str = ""
    source_name: str = ""
    phrase: str = ""
    referrer: str = ""
    campaign: dict[str, str] = {}
    first_source: str = ""
    first_source_name: str = ""
    landing: str = ""
    pages: int = 0
    path: tuple[VisitStep, ...] = ()
    events: tuple[VisitEvent, ...] = ()
    cart: str = ""
    currency: str = ""


class VisitAnswer(Wire, frozen=True, kw_only=True):
    """The visit in which a dialog goes on, if one is known."""

    visit: VisitCard | None = None
