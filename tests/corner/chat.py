"""What the tiny shop tells chatdesk."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from chatdesk.shop.adapter import ShopAdapter
from chatdesk.shop.types import (
    Added,
    Availability,
    Cart,
    CartLine,
    Customer,
    Order,
    OrderDraft,
    OrderLine,
    Product,
    Quote,
    Shopper,
    ShopRefusal,
    Stock,
)
from tests.accounts.models import Account
from tests.corner.models import Basket, Good, Purchase

POUND = "GBP"


class CornerAdapter(ShopAdapter):
    permissions = {"customer.email": "accounts.view_account"}

    def key_of(self, request: HttpRequest) -> str:
        return request.session.get("basket", "")

    def get_customer(self, shopper: Shopper) -> Customer | None:
        account = Account.objects.filter(pk=shopper.user_id).first()
        return account and Customer(ref=str(account.pk), email=account.email)

    def get_cart(self, shopper: Shopper) -> Cart | None:
        basket = find_basket(shopper)
        if basket is None:
            return None
        lines = cart_lines(basket.contents)
        goods = sum((line.total for line in lines), Decimal(0))
        return Cart(
            ref=str(basket.pk), currency=POUND, lines=lines, goods=goods, total=goods
        )

    def list_orders(self, shopper: Shopper, *, limit: int) -> Sequence[Order]:
        if not shopper.is_guest:
            bought = Purchase.objects.filter(owner_id=shopper.user_id)
        elif shopper.key:
            bought = Purchase.objects.filter(token=shopper.key, owner=None)
        else:
            return ()
        return [describe(each) for each in bought.order_by("-placed_at")[:limit]]

    def get_order(self, reference: str) -> Order | None:
        try:
            found = Purchase.objects.filter(pk=uuid.UUID(reference)).first()
        except ValueError:
            return None
        return found and describe(found)

    def search_products(
        self, words: str, *, shopper: Shopper, limit: int
    ) -> Sequence[Product]:
        found = Good.objects.filter(title__icontains=words).order_by("-left", "code")
        return [product_of(good) for good in found[:limit]]

    def get_products(
        self, refs: Sequence[str], *, shopper: Shopper
    ) -> Sequence[Product]:
        return [product_of(good) for good in Good.objects.filter(code__in=refs)]

    def add_to_cart(self, request: HttpRequest, product: str, quantity: int) -> Added:
        good = Good.objects.filter(code=product, left__gt=0).first()
        if good is None:
            raise ShopRefusal("We have none left.")
        token = request.session.setdefault("basket", uuid.uuid4().hex)
        owner = request.user if request.user.is_authenticated else None
        basket, _ = Basket.objects.get_or_create(
            owner=owner, token="" if owner else token
        )
        held = min(basket.contents.get(product, 0) + quantity, good.left)
        basket.contents[product] = held
        basket.save()
        return Added(quantity=held)

    def quote_order(self, draft: OrderDraft, *, shopper: Shopper) -> Quote | None:
        lines = cart_lines({line.product: line.quantity for line in draft.lines})
        goods = sum((line.total for line in lines), Decimal(0))
        is_whole = len(lines) == len(draft.lines)
        return Quote(
            currency=POUND,
            lines=lines,
            goods=goods,
            total=goods,
            problems=() if is_whole else ("Something of this is sold out.",),
        )

    def create_order(self, draft: OrderDraft, *, shopper: Shopper) -> Order:
        known = Purchase.objects.filter(draft=draft.key).first()
        if known is not None:
            return describe(known)
        quote = self.quote_order(draft, shopper=shopper)
        if quote is None or quote.problems:
            raise ShopRefusal("Something of this is sold out.")
        for line in quote.lines:
            Good.objects.filter(pk=line.product).update(left=F("left") - line.quantity)
        made = Purchase.objects.create(
            owner_id=shopper.user_id,
            token="" if shopper.user_id else shopper.key,
            contents=[
                [line.product, line.name, line.quantity, int(line.total * 100)]
                for line in quote.lines
            ],
            cents=int(quote.total * 100),
            draft=draft.key,
            placed_at=timezone.now(),
        )
        return describe(made)


def find_basket(shopper: Shopper) -> Basket | None:
    if not shopper.is_guest:
        return Basket.objects.filter(owner_id=shopper.user_id).first()
    if not shopper.key:
        return None
    return Basket.objects.filter(owner=None, token=shopper.key).first()


def cart_lines(contents: Mapping[str, int]) -> tuple[CartLine, ...]:
    goods = Good.objects.filter(code__in=contents, left__gt=0).order_by("code")
    return tuple(
        CartLine(
            product=good.code,
            name=good.title,
            quantity=contents[good.code],
            price=pounds(good.cents),
            total=pounds(good.cents) * contents[good.code],
            stock=stock_of(good),
        )
        for good in goods
    )


def product_of(good: Good) -> Product:
    return Product(
        ref=good.code,
        name=good.title,
        price=pounds(good.cents),
        currency=POUND,
        stock=stock_of(good),
    )


def stock_of(good: Good) -> Stock:
    state = Availability.IN_STOCK if good.left else Availability.OUT
    return Stock(state=state, quantity=good.left)


def describe(made: Purchase) -> Order:
    total = pounds(made.cents)
    lines = [
        OrderLine(
            ref=code, product=code, name=name, quantity=pieces, amount=pounds(cents)
        )
        for code, name, pieces, cents in made.contents
    ]
    return Order(
        reference=str(made.pk),
        number=made.pk.hex[:8],
        placed_at=made.placed_at,
        currency=POUND,
        goods=total,
        total=total,
        lines=tuple(lines),
        user_id=made.owner_id,
        shopper_key=made.token,
        draft=made.draft,
    )


def pounds(cents: int) -> Decimal:
    return Decimal(cents) / 100
