"""A tiny shop: sign-in by e-mail, addresses with a prefix, prices in cents."""

from tests.settings.custom_user import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.corner"]
ROOT_URLCONF = "tests.corner.urls"
CHATDESK = {"SHOP_ADAPTER": "tests.corner.chat.CornerAdapter"}
