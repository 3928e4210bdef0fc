"""What an import brings: people, dialogs and presence of the past."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PastVisitor:
    """Somebody who wrote once; the same ``key`` is the same person."""

    key: UUID
    name: str = ""
    contact: str = ""
    email: str = ""
    language: str = ""
    user_agent: str = ""
    page_url: str = ""
    page_title: str = ""
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class PastEntry:
    """A ``message``, ``note``, ``taken``, ``closed`` or ``rated`` of the past.

    Without an operator it is the visitor's. ``data`` is that of the log: the outcome of
    a closing, the thumb and comment of a rating.
    """

    at: datetime
    kind: str = "message"
    operator_id: int | None = None
    text: str = ""
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PastDialog:
    """A finished dialog. The same ``key`` is written once, however often it comes."""

    key: UUID
    visitor: PastVisitor
    begun_online: bool
    entries: tuple[PastEntry, ...]


@dataclass(frozen=True, slots=True)
class PastPresence:
    """An operator was ``online``, ``away`` or ``offline``, without an end until now."""

    operator_id: int
    state: str
    from_at: datetime
    to_at: datetime | None = None
