"""Refusals: what the domain says no to, each with a stable code of the protocol."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ChatRefusal(Exception):
    """A request that was understood and not carried out.

    ``code`` is part of the protocol; ``text`` is for people; ``retry_after`` is in
    seconds and set only where waiting helps.
    """

    code = "invalid"
    status = 400
    text: Promise | str = _("This could not be done.")

    def __init__(self, *, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.retry_after = retry_after


class Invalid(ChatRefusal):
    """The input is not what was asked for."""

    text = _("This message could not be read.")


class TooLarge(ChatRefusal):
    """The input is longer than the limit."""

    code = "too_large"
    status = 413
    text = _("This message is too long.")


class NotFound(ChatRefusal):
    """There is no such thing, or it is somebody else's: the answer is the same."""

    code = "not_found"
    status = 404
    text = _("There is no such conversation.")


class Forbidden(ChatRefusal):
    """The actor may see the thing and may not do this to it."""

    code = "forbidden"
    status = 403
    text = _("You cannot do this here.")


class Unauthenticated(ChatRefusal):
    """Nobody, or nobody any more, stands behind the request."""

    code = "forbidden"
    status = 401
    text = _("Please sign in again.")


class Closed(ChatRefusal):
    """The conversation has ended and its time for coming back is over."""

    code = "closed"
    status = 409
    text = _("This conversation has ended.")


class Blocked(ChatRefusal):
    """The visitor was blocked by staff."""

    code = "blocked"
    status = 403
    text = _("Messages from you are not accepted here.")


class AlreadyTaken(ChatRefusal):
    """Another operator holds the conversation; ``detail`` is that person's name."""

    code = "taken"
    status = 409
    text = _("A colleague has already taken this dialog.")


class CapacityFull(ChatRefusal):
    """The operator leads as many dialogs as his capacity allows."""

    code = "full"
    status = 409
    text = _("All your places are taken. Close a dialog first.")


class Busy(ChatRefusal):
    """The server has more to write than it can take now."""

    code = "busy"
    status = 503
    text = _("The server is busy. Your words are kept and sent again.")


class RateLimited(ChatRefusal):
    """Too much in too short a time."""

    code = "rate"
    status = 429
    text = _("Please wait a moment before the next message.")


class OutOfOrder(ChatRefusal):
    """The message before this one has not arrived yet."""

    code = "out_of_order"
    status = 409
    text = _("An earlier message is still on its way.")


class DatabaseAway(ChatRefusal):
    """The database did not take the write; the same intent may be sent again."""

    code = "db"
    status = 503
    text = _("This could not be stored just now. It is sent again.")
