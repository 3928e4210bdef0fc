"""The adapter that a setting names, and the one that tells nothing."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from chatdesk.shop.adapter import ShopAdapter, get_adapter
from chatdesk.shop.types import OrderDraft, Shopper, ShopRefusal

GUEST = Shopper()


@pytest.fixture(autouse=True)
def _no_shop(settings, _open_shop):
    settings.CHATDESK = {}


class Corner(ShopAdapter):
    """A shop with nothing of its own."""


def test_a_shop_that_names_no_adapter_tells_nothing():
    shop = get_adapter()
    assert shop.get_customer(GUEST) is None
    assert shop.get_cart(GUEST) is None
    assert list(shop.list_orders(GUEST, limit=5)) == []
    assert list(shop.search_products("", shopper=GUEST, limit=5)) == []
    assert shop.routing_facts(GUEST).cart_total is None


def test_a_shop_that_names_no_adapter_takes_nothing():
    shop = get_adapter()
    with pytest.raises(ShopRefusal):
        shop.add_to_cart(RequestFactory().post("/"), "1", 1)
    with pytest.raises(ShopRefusal):
        shop.create_order(OrderDraft(key="k", lines=()), shopper=GUEST)


def test_the_setting_names_the_adapter(settings):
    settings.CHATDESK = {"SHOP_ADAPTER": f"{__name__}.Corner"}
    assert isinstance(get_adapter(), Corner)
    assert get_adapter() is get_adapter()


@pytest.mark.parametrize("path", ["nowhere.Adapter", f"{__name__}.GUEST"])
def test_a_setting_that_leads_nowhere_is_refused(settings, path):
    settings.CHATDESK = {"SHOP_ADAPTER": path}
    with pytest.raises(ImproperlyConfigured, match="SHOP_ADAPTER"):
        get_adapter()
