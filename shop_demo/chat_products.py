"""Products and variants as chatdesk wants them told."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.urls import reverse

from chatdesk.shop.types import Availability, Stock
from chatdesk.shop.types import Product as Told
from shop_demo.chat_orders import CURRENCY
from shop_demo.models import Product, Variant

if TYPE_CHECKING:
    from django.db.models import QuerySet


def reference_of(product: Product, variant: Variant | None = None) -> str:
    """Return what names exactly what goes into a cart."""
    return product.slug if variant is None else f"{product.slug}:{variant.sku}"


def search(words: str, *, limit: int) -> list[Told]:
    """Return products that match, those in stock first, variant by variant."""
    found = whole(Product.objects.matching(words.replace("\0", "")).popular_first())
    told = [each for product in found[: limit * 3] for each in offers_of(product)]
    told.sort(key=lambda each: not each.stock.can_be_had)
    return told[:limit]


def find(refs: Sequence[str]) -> list[Told]:
    """Return what the references name."""
    wanted = set(refs)
    slugs = {ref.partition(":")[0] for ref in wanted}
    found = whole(Product.objects.filter(slug__in=slugs))
    told = [each for product in found for each in offers_of(product, all_of_it=True)]
    return [each for each in told if each.ref in wanted]


def pick(ref: str) -> tuple[Product, Variant | None] | None:
    """Return product and variant of a reference, or None for one that is none."""
    slug, _colon, sku = ref.partition(":")
    product = Product.objects.filter(slug=slug).select_related("category").first()
    if product is None:
        return None
    variant = product.variants.filter(sku=sku).first() if sku else None
    is_whole = variant is not None or (not sku and not product.variants.exists())
    return (product, variant) if is_whole else None


def whole(found: "QuerySet[Product]") -> "QuerySet[Product]":
    """Add what the cards show; two queries in all."""
    return found.select_related("category").prefetch_related("variants")


def offers_of(product: Product, *, all_of_it: bool = False) -> Iterator[Told]:
    """Return the product, or each of its variants."""
    variants = list(product.variants.all())
    if not variants or all_of_it:
        yield describe(product)
    for variant in variants:
        yield describe(product, variant)


def describe(product: Product, variant: Variant | None = None) -> Told:
    """Return one thing that can be bought."""
    offer = variant or product
    return Told(
        ref=reference_of(product, variant),
        name=product.name,
        variant="" if variant is None else variant.name,
        price=offer.price,
        old_price=offer.old_price if offer.saving_percent else None,
        currency=CURRENCY,
        sku=offer.sku,
        group=product.category.slug,
        group_name=product.category.name,
        stock=stock_of(offer),
        url=product.get_absolute_url(),
        image=static(product.picture),
        admin_url=reverse("admin:shop_demo_product_change", args=[product.pk]),
        cost=offer.cost,
    )


def stock_of(offer: Product | Variant) -> Stock:
    """Return whether it can be had, and how many are left."""
    state = Availability.IN_STOCK
    if not offer.is_available:
        state = Availability.OUT
    elif offer.is_scarce:
        state = Availability.FEW
    return Stock(state=state, quantity=offer.stock)
