"""Every test of the shop in the dialog has a stall of its own."""

import pytest
from django.core.cache import cache

from chatdesk.shop.guard import forget_troubles


@pytest.fixture(autouse=True)
def _open_shop(settings):
    settings.CHATDESK = {"SHOP_ADAPTER": "tests.stall.Stall"}
    cache.clear()
    forget_troubles()
