"""The storefront: what the widget says of the shop."""

from collections.abc import Sequence

from chatdesk.models import Storefront
from chatdesk.selectors.storefronts import get_storefront


def describe_storefront(*, name: str, topic: str, chips: Sequence[str]) -> None:
    """Set the shop's name, what visitors may ask about, and the suggestions."""
    Storefront.objects.filter(pk=get_storefront().pk).update(
        name=name, topic=topic, chips=list(chips)
    )
