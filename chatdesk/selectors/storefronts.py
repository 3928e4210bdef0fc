"""The storefront: most shops have one, made on first use."""

from chatdesk.conf import get_settings
from chatdesk.models import Storefront


def may_peek() -> bool:
    """Return whether the shop lets staff see words before they are sent."""
    return get_settings().sneak_peek and get_storefront().sneak_peek


def get_storefront() -> Storefront:
    """Return the shop's storefront; the first call makes the default one."""
    storefront = Storefront.objects.order_by("pk").first()
    if storefront is None:
        name = get_settings().site_name or "Shop"
        storefront, _ = Storefront.objects.get_or_create(
            key="default", defaults={"name": name}
        )
    return storefront
