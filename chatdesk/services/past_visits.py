"""What an import of visits brings: pages and events of somebody's stay."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PastPage:
    """A page that was looked at, as the shop's object where it is one."""

    at: datetime
    path: str
    title: str = ""
    kind: str = ""
    ref: str = ""
    visible_s: int = 0


@dataclass(frozen=True, slots=True)
class PastEvent:
    """A search, an order or another fact of the past; kinds are those of the log."""

    at: datetime
    kind: str
    ref: str = ""
    title: str = ""
    words: str = ""
    number: int | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A stay that is over. The same ``key`` is written once, however often it comes.

    ``visitor`` and ``dialog`` are the keys under which they were imported; a dialog
    began on the last page.
    """

    key: UUID
    pages: tuple[PastPage, ...]
    events: tuple[PastEvent, ...] = ()
    visitor: UUID | None = None
    dialog: UUID | None = None
    source: str = "direct"
    source_name: str = ""
    phrase: str = ""
    country: str = ""
    user_agent: str = ""
    language: str = ""
