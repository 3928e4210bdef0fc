"""What the shop tells the chat, and what the chat orders: as the shop itself does."""

import random
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.cache import SessionStore
from django.test import RequestFactory
from django.utils import timezone

from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.testing import AdapterTests, World
from chatdesk.shop.types import DraftLine, OrderDraft, Shopper, ShopRefusal
from shop_demo.carts import SESSION_KEY, add_product, summarise_cart
from shop_demo.chat_products import reference_of
from shop_demo.models import Cart, Discount, Order, Product
from shop_demo.orders import Buyer, place_order

pytestmark = pytest.mark.django_db

DETAILS = {
    "email": "ann@example.com",
    "name": "Ann Berg",
    "country": "FI",
    "address": "Linnankatu 1",
    "postcode": "20100",
    "city": "Turku",
    "payment": "transfer",
}


def offers():
    """Return everything that can be bought, with its variant."""
    for product in Product.objects.filter(stock__gt=0).order_by("slug"):
        variants = list(product.variants.filter(stock__gt=0))
        yield from ((product, variant) for variant in variants or [None])


class TestNorthbrew(AdapterTests):
    """The kit that chatdesk gives to every shop."""

    def make_world(self):
        goods = list(offers())[:3]
        user = User.objects.create_user("ann", "ann@example.com", first_name="Ann")
        cart = Cart.objects.create(user=user)
        for _ in range(2):
            for product, variant in goods:
                add_product(cart=cart, product=product, quantity=1, variant=variant)
            if not user.orders.exists():
                buyer = Buyer({**DETAILS, "delivery": "post"}, user, "en")
                place_order(cart=cart, buyer=buyer, at=timezone.now())
        Product.objects.filter(pk=Product.objects.last().pk).update(stock=0)
        request = RequestFactory().post("/")
        request.user, request.session = user, SessionStore()
        gone = Product.objects.last()
        gone.variants.all().delete()
        return World(
            shopper=Shopper(user_id=user.pk),
            products=[reference_of(*good) for good in goods],
            sold_out=gone.slug,
            words="",
            request=request,
            details=DETAILS,
        )


def make_discounts():
    """Let two discounts come by themselves and one with a coupon."""
    values = {"name_en": "Sale", "name_ru": "Скидка"}
    Discount.objects.all().delete()
    Discount.objects.create(percent=7, from_goods=Decimal(60), code="", **values)
    Discount.objects.create(
        amount=Decimal("12.50"), from_goods=Decimal(150), code="", **values
    )
    return Discount.objects.create(percent=15, code="TURKU", **values)


def test_an_order_from_the_chat_costs_what_the_checkout_asks(client):
    """Fifty carts with discounts, a coupon in every third, all ways of delivery."""
    chance, shop, coupon = random.Random(7), get_adapter(), make_discounts()
    goods = list(offers())
    Product.objects.update(stock=500)
    for _product, variant in goods:
        if variant is not None:
            type(variant).objects.filter(pk=variant.pk).update(stock=500)
    for number in range(50):
        cart = Cart.objects.create(coupon=coupon if number % 3 == 0 else None)
        for product, variant in chance.sample(goods, chance.randint(1, 5)):
            product.refresh_from_db()
            add_product(
                cart=cart,
                product=product,
                quantity=chance.randint(1, 4),
                variant=variant,
            )
        way = chance.choice(["post", "locker", "courier", "pickup"])
        shopper = Shopper(key=str(cart.key))
        lines = tuple(
            DraftLine(line.product, line.quantity)
            for line in shop.get_cart(shopper).lines
        )
        draft = OrderDraft(f"{number:032x}", lines, delivery=way, details=DETAILS)
        expected = checkout_total(client, cart, way)

        assert shop.quote_order(draft, shopper=shopper).total == expected
        order = shop.create_order(draft, shopper=shopper)

        assert (order.total, order.draft) == (expected, draft.key)
        assert not summarise_cart(cart).lines
    assert Order.objects.exclude(discount_total=0).count() > 20


def checkout_total(client, cart, way):
    """Return the sum that the page of the checkout shows for a way of delivery."""
    session = client.session
    session[SESSION_KEY] = str(cart.key)
    session.save()
    page = client.get("/checkout/")
    return page.context["deliveries"][way].total


def test_an_address_that_is_missing_is_asked_for_in_the_forms_words():
    shop, (product, variant) = get_adapter(), next(offers())
    lines = (DraftLine(reference_of(product, variant), 1),)
    draft = OrderDraft("1" * 32, lines, delivery="post", details={})
    with pytest.raises(ShopRefusal, match="E-mail"):
        shop.create_order(draft, shopper=Shopper())
    assert not Order.objects.filter(draft="1" * 32).exists()


def test_a_guest_sees_the_orders_of_his_own_cart_alone():
    shop = get_adapter()
    own, other = (Cart.objects.create() for _ in range(2))
    product, variant = next(offers())
    add_product(cart=own, product=product, quantity=1, variant=variant)
    buyer = Buyer({**DETAILS, "delivery": "post"}, None, "en")
    place_order(cart=own, buyer=buyer, at=timezone.now())

    assert len(shop.list_orders(Shopper(key=str(own.key)), limit=5)) == 1
    assert not shop.list_orders(Shopper(key=str(other.key)), limit=5)


def test_an_operator_changes_the_very_cart_that_the_visitors_page_shows(client):
    shop, (product, variant) = get_adapter(), next(offers())
    cart = Cart.objects.create()
    session = client.session
    session[SESSION_KEY] = str(cart.key)
    session.save()
    shopper, ref = Shopper(key=str(cart.key)), reference_of(product, variant)

    for quantity in (2, 1, 0):
        assert shop.set_in_cart(shopper, ref, quantity).quantity == quantity
        shown = client.get("/cart/").context["summary"]
        assert shown.pieces == quantity
        assert (
            shop.get_cart(shopper).total
            == shown.totals(delivery="post", at=timezone.now()).discounted
        )


def test_nobody_changes_a_cart_that_is_not_there_or_not_his(client):
    shop, (product, variant) = get_adapter(), next(offers())
    ref, user = reference_of(product, variant), User.objects.create_user("eve")
    owned = Cart.objects.create(user=user)
    for shopper in (Shopper(), Shopper(key="x"), Shopper(key=str(owned.key))):
        with pytest.raises(ShopRefusal, match="no cart"):
            shop.set_in_cart(shopper, ref, 1)
    assert not owned.lines.exists()
    # Whoever has an account has a place for a cart.
    bare = User.objects.create_user("bob")
    assert shop.set_in_cart(Shopper(user_id=bare.pk), ref, 1).quantity == 1
