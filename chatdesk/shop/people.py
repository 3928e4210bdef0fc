"""Who the shop is asked about, and what it knows of them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who is asked about: the account, or the shop's own key of a guest.

    ``user_id`` is the primary key of the shop's user and None for a guest. ``key`` is
    what ``ShopAdapter.key_of`` returned for the visitor's latest request: enough for
    the shop to find a guest's cart again. ``visitor`` is chatdesk's name of the person
    and ``email`` what he gave as his own: nobody proved it, so nothing is shown for it.
    """

    user_id: Any = None
    key: str = ""
    visitor: str = ""
    language: str = ""
    email: str = ""

    @property
    def is_guest(self) -> bool:
        """Whether the shop has no account of this person."""
        return self.user_id is None


@dataclass(frozen=True, slots=True)
class Fact:
    """One more line about something: a label, a value, and who may read it."""

    label: str
    value: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A person with an account, or a guest who ordered before."""

    ref: str
    name: str = ""
    email: str = ""
    phone: str = ""
    group: str = ""
    """Code of the customer group, for routing rules and prices: ``wholesale``."""
    group_name: str = ""
    since: datetime | None = None
    orders: int = 0
    spent: Decimal | None = None
    debt: Decimal | None = None
    currency: str = ""
    admin_url: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """What routing rules may ask about a shopper.

    ``category`` is the code of the product group that he asks about. Left empty, it is
    taken from the page on which he asks.
    """

    customer_group: str = ""
    cart_total: Decimal | None = None
    currency: str = ""
    category: str = ""


class ShopRefusal(Exception):
    """The shop says no, in words that the person may read: sold out, unknown coupon."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
