"""What was seen of a visitor, as it waits to be written: plain facts in memory."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from chatdesk.shop.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Who asked. ``keys`` are digests that may name his visit, the surest first.

    ``visitor`` is whom chatdesk's own cookie names, ``user_id`` the shop's login as far
    as the shop looked at it anyway.
    """

    keys: tuple[str, ...]
    visitor: UUID | None = None
    user_id: int | None = None
    address: str = ""
    user_agent: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Base of the facts; by itself it says that somebody goes by new keys now."""

    browser: Browser
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView(Seen):
    """A page of the shop was shown; ``head`` is the beginning of its HTML."""

    path: str
    query: str = ""
    referrer: str = ""
    host: str = ""
    page: Page | None = None
    head: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Seen):
    """A page was visible for some seconds more; with ``is_leaving`` it is left."""

    path: str
    visible_s: int = 0
    zone: str = ""
    is_leaving: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Seen):
    """Something in the shop that an offer of help may follow; see ``ShopEvent``."""

    kind: str
    ref: str = ""
    title: str = ""
    words: str = ""
    number: int | None = None
    amount: Decimal | None = None
    currency: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartSeen(Seen):
    """What the visitor's cart is worth now."""

    total: Decimal
    currency: str = ""
    pieces: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun(Seen):
    """A dialog began on this page; ``visitor_key`` is on its way to the browser."""

    conversation_id: int
    visitor_id: int
    visitor_key: str = ""
    path: str = ""
    title: str = ""
