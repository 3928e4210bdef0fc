"""The shop in the dialog, on a host whose shop is tiny and all its own."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from chatdesk.shop.testing import AdapterTests, World
from chatdesk.shop.types import Shopper
from tests.hosts.test_talk import call, operator, root, visitor

if not getattr(settings, "CHATDESK", {}).get("SHOP_ADAPTER"):
    pytest.skip("a host without a shop", allow_module_level=True)

from tests.accounts.models import Account
from tests.corner.models import Basket, Good, Purchase

__all__ = ["operator", "visitor"]

pytestmark = pytest.mark.django_db(transaction=True)


def make_goods() -> None:
    Good.objects.create(code="TEA", title="Black tea", cents=450, left=9)
    Good.objects.create(code="POT", title="Tea pot", cents=2100, left=2)
    Good.objects.create(code="CUP", title="Tea cup", cents=800, left=0)


@pytest.mark.django_db
class TestTheCornerShop(AdapterTests):
    def make_world(self):
        make_goods()
        owner = Account.objects.create_user("ann@shop.example", "secret")
        Basket.objects.create(owner=owner, contents={"TEA": 2, "POT": 1})
        Purchase.objects.create(
            owner=owner,
            contents=[["TEA", "Black tea", 1, 450]],
            cents=450,
            placed_at=timezone.now(),
        )
        request = RequestFactory().post("/")
        request.user, request.session = owner, {}
        return World(
            shopper=Shopper(user_id=owner.pk),
            products=["TEA", "POT"],
            sold_out="CUP",
            words="tea",
            request=request,
        )


def test_a_card_is_sent_and_bought_from(visitor: Client, operator: Client) -> None:
    make_goods()
    conversation = call(visitor, "visitor/conversations/")["id"]
    own, desk = (
        f"{side}/conversations/{conversation}" for side in ("visitor", "operator")
    )
    call(visitor, f"{own}/messages/", {"body": {"text": "Have you tea?"}})
    call(operator, f"{desk}/take/")

    found = operator.get(f"{root()}{desk}/catalogue/", {"q": "tea"}).json()["cards"]
    assert [each["name"] for each in found] == ["Black tea", "Tea pot", "Tea cup"]
    card = call(operator, f"{desk}/products/", {"product": "TEA"})

    (seen,) = visitor.get(f"{root()}{own}/products/", {"seqs": card["seq"]}).json()[
        "cards"
    ]
    assert (seen["price"], seen["stock"]) == ("4.50 GBP", "in_stock")
    call(visitor, f"{own}/cart/", {"seq": card["seq"], "quantity": 2})

    panel = operator.get(f"{root()}{desk}/shop/").json()
    assert panel["cart"]["total"] == "9.00 GBP"
    # This shop lets nobody else touch a basket.
    assert "may_change" not in panel
    change = {"product": "TEA", "was": 2, "quantity": 1}
    assert call(operator, f"{desk}/cart/", change, status=409)["code"] == "shop"
    assert (
        visitor.get(f"{root()}{own}/products/", {"seqs": card["seq"]}).json()["cards"][
            0
        ]["in_cart"]
        == 2
    )


def test_an_order_is_proposed_and_confirmed(visitor: Client, operator: Client) -> None:
    make_goods()
    conversation = call(visitor, "visitor/conversations/")["id"]
    own, desk = (
        f"{side}/conversations/{conversation}" for side in ("visitor", "operator")
    )
    call(visitor, f"{own}/messages/", {"body": {"text": "Two, please."}})
    call(operator, f"{desk}/take/")
    lines = {"lines": [{"product": "TEA", "quantity": 2}]}
    proposed = call(operator, f"{desk}/offers/", lines)
    offer = f"{own}/offers/{proposed['cmid']}"

    amount = visitor.get(f"{root()}{offer}/").json()["quote"]["amount"]
    made = call(visitor, f"{offer}/confirm/", {"amount": amount})
    assert made["order"]["total"] == "9.00 GBP"
    assert Purchase.objects.get().draft == proposed["cmid"]
