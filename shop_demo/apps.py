"""The demo shop as Django sees it."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopDemoConfig(AppConfig):
    """Catalogue, cart, orders and accounts."""

    name = "shop_demo"
    verbose_name = _("Shop")

    def ready(self) -> None:
        """Let a cart follow its owner through the login."""
        import_module("shop_demo.receivers")
