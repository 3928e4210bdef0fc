"""What happens to an order comes back to its dialog as a quiet line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils.translation import override

from chatdesk.actors import SYSTEM
from chatdesk.models import Conversation, Entry, Offer
from chatdesk.selectors.shop_words import money
from chatdesk.services.log import ADMITTED, Admission, Appended, Draft, append_entries
from chatdesk.shop.types import OrderEvent

NAMES = UUID("0c0f3c1e-58a4-4c36-8d0b-53a7c1f9be27")


@dataclass(frozen=True, slots=True)
class OrderNews:
    """An event of an order. ``number`` is what people call it, else that of the offer.

    ``occasion`` tells apart what may happen several times, such as two refunds;
    ``amount`` is what was paid or given back, ``tracking`` the parcel's number.
    """

    reference: str
    event: OrderEvent
    number: str = ""
    occasion: str = ""
    amount: Decimal | None = None
    currency: str = ""
    tracking: str = ""


def tell_of_order(
    news: OrderNews, *, at: datetime, conversation_ids: Collection[int] = ()
) -> int:
    """Write a line into the dialogs that led to an order; return in how many it is new.

    Those are the dialog the order was made in, and further ones that the caller names.
    The same event is told once however often it is called. May be called in the
    transaction that changes the order. It wakes nobody and starts no clock.
    """
    offers = Offer.objects.filter(order_reference=news.reference)
    made = dict(offers.values_list("conversation_id", "order_number"))
    if not news.reference or not (wanted := {*made, *conversation_ids}):
        return 0
    number = news.number or next(iter(made.values()), news.reference)
    rows = Conversation.objects.filter(pk__in=wanted).order_by("pk")
    drafts = [
        _draft(pk, _told(news, number, language))
        for pk, language in rows.values_list("pk", "language")
    ]
    written = append_entries(drafts, at=at)
    return sum(isinstance(each, Appended) and not each.is_repeat for each in written)


def _told(news: OrderNews, number: str, language: str) -> dict[str, str]:
    told = {"reference": news.reference, "number": number, "event": news.event.value}
    if news.occasion:
        told["occasion"] = news.occasion
    if news.tracking:
        told["tracking"] = news.tracking
    if news.amount is not None:
        with override(language or None):
            told["said"] = money(news.amount, news.currency)
    return told


def _draft(conversation_id: int, told: dict[str, str]) -> Draft:
    name = f"{told['reference']} {told['event']} {told.get('occasion', '')}"
    return Draft(
        conversation_id=conversation_id,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid5(NAMES, name),
        kind=Entry.Kind.ORDER,
        admit=_admit,
        data=told,
    )


def _admit(_conversation: Conversation, _at: datetime) -> Admission:
    return ADMITTED
