"""Protocol version, limits, refusal and goodbye codes: stable, they are in clients."""

from enum import IntEnum

from chatdesk.errors import Refusal

__all__ = [
    "MAX_BATCH_BYTES",
    "MAX_BATCH_ITEMS",
    "MAX_DRAFT_LENGTH",
    "MAX_FRAME_BYTES",
    "MAX_TEXT_LENGTH",
    "PROTOCOL_VERSION",
    "Goodbye",
    "Refusal",
]

PROTOCOL_VERSION = 1

MAX_FRAME_BYTES = 16 * 1024
MAX_TEXT_LENGTH = 4000
MAX_DRAFT_LENGTH = 2000
MAX_BATCH_ITEMS = 200
MAX_BATCH_BYTES = 64 * 1024


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
