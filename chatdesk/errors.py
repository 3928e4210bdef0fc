"""Refusals: what the domain says no to, each with a stable code of the protocol."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(StrEnum):
    """Why something was not done; the last four may succeed when tried again."""

    FORBIDDEN = "forbidden"
    CLOSED = "closed"
    TOO_LARGE = "too_large"
    INVALID = "invalid"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"
    TAKEN = "taken"
    FULL = "full"
    SHOP = "shop"
    BUSY = "busy"
    RATE = "rate"
    OUT_OF_ORDER = "out_of_order"
    DB = "db"

    @property
    def is_final(self) -> bool:
        """Whether sending the same again can never succeed."""
        return self not in (self.BUSY, self.RATE, self.OUT_OF_ORDER, self.DB)


class ChatRefusal(Exception):
    """A request that was understood and not carried out.

    ``code`` is part of the protocol; ``text`` is for people; ``retry_after`` is in
    seconds and set only where waiting helps.
    """

    code = Refusal.INVALID
    status = 400
    text: Promise | str = _("This could not be done.")

    def __init__(self, *, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.retry_after = retry_after

    @property
    def is_final(self) -> bool:
        """Whether doing the same again can never succeed."""
        return self.code.is_final


class Invalid(ChatRefusal):
    """The input is not what was asked for."""

    text: Promise | str = _("This message could not be read.")


class InvalidAddress(Invalid):
    """Not exactly one e-mail address; ``text`` says what is wrong with it."""

    def __init__(self, text: Promise | str) -> None:
        super().__init__()
        self.text = text


class WrongCode(Invalid):
    """The code of an address is wrong, too old, or was tried too often."""

    text = _("This code does not fit. Check it, or ask for a new one in an hour.")


class SwitchedOff(Invalid):
    """The shop has switched this off."""

    text = _("This is switched off here.")


class EmptyLetter(Invalid):
    """A letter without a word, in a dialog without one."""

    text = _("Please write your question first.")


class TooLarge(ChatRefusal):
    """The input is longer than the limit."""

    code = Refusal.TOO_LARGE
    status = 413
    text = _("This message is too long.")


class NotFound(ChatRefusal):
    """There is no such thing, or it is somebody else's: the answer is the same."""

    code = Refusal.NOT_FOUND
    status = 404
    text = _("There is no such conversation.")


class Forbidden(ChatRefusal):
    """The actor may see the thing and may not do this to it."""

    code = Refusal.FORBIDDEN
    status = 403
    text = _("You cannot do this here.")


class Unauthenticated(ChatRefusal):
    """Nobody, or nobody any more, stands behind the request."""

    code = Refusal.FORBIDDEN
    status = 401
    text = _("Please sign in again.")


class Closed(ChatRefusal):
    """The conversation has ended and its time for coming back is over."""

    code = Refusal.CLOSED
    status = 409
    text = _("This conversation has ended.")


class Blocked(ChatRefusal):
    """The visitor was blocked by staff."""

    code = Refusal.BLOCKED
    status = 403
    text = _("Messages from you are not accepted here.")


class AlreadyTaken(ChatRefusal):
    """Another operator holds the conversation; ``detail`` is that person's name."""

    code = Refusal.TAKEN
    status = 409
    text = _("A colleague has already taken this dialog.")


class CapacityFull(ChatRefusal):
    """The operator leads as many dialogs as his capacity allows."""

    code = Refusal.FULL
    status = 409
    text = _("All your places are taken. Close a dialog first.")


class NoPlaceThere(CapacityFull):
    """The colleague is not online, or leads as many dialogs as he may."""

    text = _("This colleague cannot take a dialog now.")


class Stale(ChatRefusal):
    """What was to be done by the clock is not needed any more."""

    code = Refusal.CLOSED
    status = 409


class Busy(ChatRefusal):
    """The server has more to write than it can take now."""

    code = Refusal.BUSY
    status = 503
    text = _("The server is busy. Your words are kept and sent again.")


class Held(Busy):
    """Somebody else holds the conversation at this moment."""


class ShopSaysNo(ChatRefusal):
    """The shop refuses, in words for the person: sold out, no longer sold."""

    code = Refusal.SHOP
    status = 409
    text: Promise | str = _("The shop cannot do this.")

    def __init__(self, text: Promise | str = "") -> None:
        super().__init__()
        self.text = text or type(self).text


class ShopSilent(ChatRefusal):
    """The shop's own code failed or did not answer in time."""

    code = Refusal.BUSY
    status = 503
    text = _("The shop did not answer. Please try again in a moment.")


class RateLimited(ChatRefusal):
    """Too much in too short a time."""

    code = Refusal.RATE
    status = 429
    text = _("Please wait a moment before the next message.")


class OutOfOrder(ChatRefusal):
    """The message before this one has not arrived yet."""

    code = Refusal.OUT_OF_ORDER
    status = 409
    text = _("An earlier message is still on its way.")


class DatabaseAway(ChatRefusal):
    """The database did not take the write; the same intent may be sent again."""

    code = Refusal.DB
    status = 503
    text = _("This could not be stored just now. It is sent again.")
