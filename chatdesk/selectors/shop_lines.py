"""Cards, proposed orders and their news as lines of a copy that people read."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatdesk.models import Conversation, Entry
from chatdesk.selectors.shop import cards_of
from chatdesk.shop.types import OrderEvent

SAID = frozenset({Entry.Kind.PRODUCT, Entry.Kind.OFFER})

NEWS: dict[str, Promise] = {
    OrderEvent.PAID: gettext_lazy("Order %(number)s is paid"),
    OrderEvent.SENT: gettext_lazy("Order %(number)s is on its way"),
    OrderEvent.DELIVERED: gettext_lazy("Order %(number)s has arrived"),
    OrderEvent.CANCELLED: gettext_lazy("Order %(number)s was cancelled"),
    OrderEvent.RETURNED: gettext_lazy("Order %(number)s was returned"),
    OrderEvent.REFUNDED: gettext_lazy("Money back for order %(number)s"),
}


def prices_now(
    conversation: Conversation, entries: Iterable[Entry]
) -> Mapping[int, str]:
    """Return what the products of these cards cost now, where it is another price."""
    seqs = [entry.seq for entry in entries if entry.kind == Entry.Kind.PRODUCT]
    cards = cards_of(conversation=conversation, seqs=seqs).cards if seqs else ()
    return {card.seq: card.price for card in cards if card.was}


def said_text(entry: Entry, prices: Mapping[int, str]) -> str:
    """Return a card or a proposal in words: the price at sending, and that of now."""
    data = entry.data or {}
    words = {"name": data.get("name", ""), "said": data.get("said", "")}
    if entry.kind == Entry.Kind.OFFER:
        return _("Proposed an order: %(said)s") % words
    if now := prices.get(entry.seq):
        return _("Product: %(name)s, %(said)s, now %(now)s") % {**words, "now": now}
    return _("Product: %(name)s, %(said)s") % words


def news_text(entry: Entry) -> str:
    """Return what became of an order as a line; nothing for another kind."""
    data = entry.data or {}
    number = {"number": data.get("number", "")}
    more = [data.get("said", ""), data.get("tracking", "")]
    match entry.kind:
        case Entry.Kind.ORDERED:
            text = _("Ordered: %(number)s") % number
        case Entry.Kind.WITHDRAWN:
            text, more = _("The proposed order was taken back"), []
        case Entry.Kind.ORDER:
            text = str(NEWS.get(data.get("event", ""), "")) % number
        case _other:
            return ""
    return ", ".join(filter(None, (text, *more)))
