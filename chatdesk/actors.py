"""Who acts. Every service takes an actor, so that every rule can ask who it is."""

from dataclasses import dataclass
from uuid import UUID

from chatdesk.models import AuthorKind


@dataclass(frozen=True, slots=True)
class VisitorActor:
    """A visitor, proven by his cookie."""

    id: int
    public_id: UUID
    author_kind = AuthorKind.VISITOR


@dataclass(frozen=True, slots=True)
class OperatorActor:
    """A member of staff, proven by his session."""

    id: int
    user_id: int
    name: str
    is_manager: bool = False
    author_kind = AuthorKind.OPERATOR


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A member of staff without an operator's card, proven by his session.

    He is named in the words of an entry; its author is chatdesk.
    """

    user_id: int
    name: str
    id: int = 0
    author_kind = AuthorKind.SYSTEM


@dataclass(frozen=True, slots=True)
class SystemActor:
    """chatdesk itself: deadlines and automatic texts."""

    id: int = 0
    author_kind = AuthorKind.SYSTEM


SYSTEM = SystemActor()

Actor = VisitorActor | OperatorActor | SystemActor
