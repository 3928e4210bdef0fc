"""The storefront: most shops have one, made on first use."""

from typing import Literal

from django.conf import settings
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _

from chatdesk.conf import get_settings
from chatdesk.models import Storefront

AutoText = Literal["holding", "rescue", "farewell"]


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


def automatic_text(storefront: Storefront, which: AutoText, *, language: str) -> str:
    """Return what a visitor reads by itself, in his language or the shop's words."""
    own: str = getattr(storefront, f"{which}_text")
    if own:
        return own
    with override(_spoken(language)):
        return _our_words(which)


def _our_words(which: AutoText) -> str:
    match which:
        case "holding":
            return _("Good day. We will answer you in a couple of minutes.")
        case "rescue":
            return _(
                "We are slower today than we want to be. Leave a contact and we will "
                "write to you there, or keep waiting: your question stays here."
            )
        case "farewell":
            return _(
                "Is there anything else? If not, we will close the dialog in a few "
                "minutes. Write here at any time and it goes on."
            )


def _spoken(language: str) -> str:
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return settings.LANGUAGE_CODE
