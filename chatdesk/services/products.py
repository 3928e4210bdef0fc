"""Product cards: a card is a reference in the log, drawn anew whenever it is seen."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from chatdesk.actors import OperatorActor
from chatdesk.errors import ShopSaysNo, ShopSilent
from chatdesk.models import Conversation, Entry
from chatdesk.selectors.shop import find_product, shopper_of
from chatdesk.selectors.shop_words import money, name_of
from chatdesk.services.log import Appended, Draft, append
from chatdesk.services.messages import admit_operator
from chatdesk.shop.guard import ask
from chatdesk.shop.types import Product


@dataclass(frozen=True, slots=True)
class CardIntent:
    """An operator sends a product; ``cmid`` was made once for that press."""

    conversation: Conversation
    actor: OperatorActor
    cmid: UUID
    product: str


def send_product(intent: CardIntent, *, at: datetime) -> Appended:
    """Put a product card into a dialog that the operator leads.

    The log keeps the reference, and name and price of this moment for the record.
    Raises ``ShopSaysNo`` for a reference that the shop does not know.
    """
    conversation = intent.conversation
    shopper = shopper_of(conversation.visitor)
    with override(conversation.language or None):
        found = ask(
            "get_products",
            partial(find_product, ref=intent.product, shopper=shopper),
            None,
        )
        if found.trouble:
            raise ShopSilent
        if found.value is None:
            raise ShopSaysNo(_("The shop does not know this product."))
        data = _record_of(found.value)
    return append(
        Draft(
            conversation_id=conversation.pk,
            author_kind=intent.actor.author_kind,
            author_id=intent.actor.id,
            cmid=intent.cmid,
            kind=Entry.Kind.PRODUCT,
            admit=partial(admit_operator, intent.actor, data["name"]),
            text=data["name"],
            data=data,
        ),
        at=at,
    )


def _record_of(product: Product) -> dict[str, str]:
    return {
        "product": product.ref,
        "name": name_of(product),
        "price": f"{product.price:f}",
        "currency": product.currency,
        "said": money(product.price, product.currency),
    }
