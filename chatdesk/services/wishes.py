"""Wishes: a visitor is told in his dialog when what was sold out is there again."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from chatdesk.actors import SYSTEM
from chatdesk.errors import ShopSaysNo, ShopSilent
from chatdesk.models import Conversation, Entry, StockWish
from chatdesk.selectors.shop import find_product, get_sent_product, shopper_of
from chatdesk.selectors.shop_words import money, name_of
from chatdesk.services.answers import IN_STOCK, owe_answer
from chatdesk.services.log import ADMITTED, Admission, Draft, append
from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.guard import ask
from chatdesk.shop.types import Availability, Product, Shopper

LOOK_EVERY = timedelta(minutes=1)
AT_ONCE = 100
# A shop that does not know what it has promises nothing.
THERE = (Availability.IN_STOCK, Availability.FEW)
NAMES = UUID("3d0f8e0a-52a4-4f7c-9b67-0a4f5f1c7d52")


def wish_product(*, conversation: Conversation, seq: int, at: datetime) -> StockWish:
    """Promise to tell when the product of a card is there again; again is the same.

    Raises ``NotFound`` for an entry that is no card, ``ShopSilent``, and ``ShopSaysNo``
    for a product that can be had or is sold no more.
    """
    ref = get_sent_product(conversation=conversation, seq=seq)
    found = ask("get_products", _finding(ref, conversation), None)
    if found.trouble:
        raise ShopSilent
    if found.value is None:
        raise ShopSaysNo(_("This product is sold no more."))
    if found.value.stock.can_be_had:
        raise ShopSaysNo(_("This product is in stock."))
    wish, _is_new = StockWish.objects.get_or_create(
        conversation=conversation,
        product=ref,
        told_at=None,
        defaults={"asked_at": at, "look_at": at + LOOK_EVERY},
    )
    return wish


def tell_of_stock(*, at: datetime) -> int:
    """Ask the shop for what is wished for; tell whoever waits for what is there again.

    Each wish is looked at once a minute, with one question for all that are due, and
    told once whoever looks beside us. Returns how many were told.
    """
    wishes = _claim(at=at)
    there = _what_is_there({wish.product for wish in wishes})
    return sum(_tell(wish, at=at) for wish in wishes if wish.product in there)


def _claim(*, at: datetime) -> list[StockWish]:
    """Put off what is due and return it; who looks at the same moment gets none of it.

    Rows that somebody else holds are passed over, so that the shop is asked once.
    """
    due = StockWish.objects.filter(told_at=None, look_at__lte=at).order_by("pk")
    if not due.exists():
        return []
    with transaction.atomic():
        if not connection.features.has_select_for_update_skip_locked:
            # SQLite: a write that matches nothing takes the one lock that there is.
            StockWish.objects.filter(pk=0).update(look_at=at)
        related = due.select_related("conversation__visitor")
        mine = related.select_for_update(skip_locked=True, of=("self",))
        wishes = list(mine[:AT_ONCE])
        ids = [wish.pk for wish in wishes]
        StockWish.objects.filter(pk__in=ids).update(look_at=at + LOOK_EVERY)
    return wishes


def _what_is_there(refs: Collection[str]) -> set[str]:
    shop, nothing = get_adapter(), set[str]()

    def there() -> set[str]:
        found = shop.get_products(list(refs), shopper=Shopper()) or ()
        return {each.ref for each in found if each.stock.state in THERE}

    return ask("get_products", there, nothing).value if refs else nothing


def _tell(wish: StockWish, *, at: datetime) -> bool:
    conversation = wish.conversation
    with override(conversation.language or None):
        found = ask("get_products", _finding(wish.product, conversation), None).value
        if found is None:
            return False
        text = _("%(product)s is in stock again: %(price)s") % {
            "product": name_of(found),
            "price": money(found.price, found.currency),
        }
    with transaction.atomic():
        StockWish.objects.filter(pk=wish.pk).update(told_at=at)
        append(_news(wish, text), at=at)
        # Who has gone meanwhile gets it by the way that he left for answers.
        owe_answer(conversation, at=at)
    return True


def _finding(ref: str, conversation: Conversation) -> Callable[[], Product | None]:
    shopper = shopper_of(conversation.visitor)
    return partial(find_product, ref=ref, shopper=shopper)


def _news(wish: StockWish, text: str) -> Draft:
    return Draft(
        conversation_id=wish.conversation_id,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid5(NAMES, str(wish.pk)),
        kind=Entry.Kind.AUTO,
        admit=_admit,
        text=text,
        data={"step": IN_STOCK, "product": wish.product},
    )


def _admit(_conversation: Conversation, _at: datetime) -> Admission:
    return ADMITTED
