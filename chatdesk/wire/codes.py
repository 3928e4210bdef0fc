"""Protocol version, refusal codes and goodbye codes: stable, they are in clients."""

from enum import IntEnum, StrEnum

PROTOCOL_VERSION = 1

MAX_FRAME_BYTES = 16 * 1024
MAX_TEXT_LENGTH = 4000
MAX_DRAFT_LENGTH = 2000
MAX_BATCH_ITEMS = 200
MAX_BATCH_BYTES = 64 * 1024


class Refusal(StrEnum):
    """Why an intent was not taken; the first six are final, the rest may be retried."""

    FORBIDDEN = "forbidden"
    CLOSED = "closed"
    TOO_LARGE = "too_large"
    INVALID = "invalid"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"
    BUSY = "busy"
    RATE = "rate"
    OUT_OF_ORDER = "out_of_order"
    DB = "db"
    TAKEN = "taken"
    FULL = "full"

    @property
    def is_final(self) -> bool:
        """Whether sending the same again can never succeed."""
        return self not in RETRYABLE


RETRYABLE = frozenset({Refusal.BUSY, Refusal.RATE, Refusal.OUT_OF_ORDER, Refusal.DB})


class Goodbye(IntEnum):
    """Why the server closes a socket."""

    RESTART = 1012
    AUTH_GONE = 4401
    ACCESS_GONE = 4403
    SLOW = 4408
    REPLACED = 4409
    TOO_LARGE = 4413
    MALFORMED = 4422
    FLOOD = 4429
