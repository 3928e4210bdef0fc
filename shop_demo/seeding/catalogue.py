"""Fills the shelves from the two catalogues beside this file."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop_demo.models import Category, Discount, Product, Variant
from shop_demo.money import CENT

SOURCES = [
    Path(__file__).with_name(name) for name in ("catalogue.toml", "catalogue_more.toml")
]


def seed_catalogue() -> int:
    """Add the categories and products that are missing; return how many products."""
    rows = read_sources("product")
    shelves = seed_categories(read_sources("category"))
    products = seed_products(rows, shelves)
    if products:
        seed_discounts()
    return len(products)


def read_sources(kind: str) -> list[dict[str, Any]]:
    """Return what both catalogues hold of a kind, in the order of the shelves."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in SOURCES]
    return [row for data in files for row in data[kind]]


def seed_products(
    rows: list[dict[str, Any]], shelves: dict[str, Category]
) -> list[Product]:
    """Add the missing products with their variants and return those added."""
    known = set(Product.objects.values_list("slug", flat=True))
    missing = {
        row["slug"]: make_product(
            row, position=position, category=shelves[row["category"]]
        )
        for position, row in enumerate(rows, start=1)
        if row["slug"] not in known
    }
    varied = [row for row in rows if row["slug"] in missing and "variants" in row]
    products = Product.objects.bulk_create(missing.values())
    Variant.objects.bulk_create(
        variant
        for row in varied
        for variant in make_variants(missing[row["slug"]], row["variants"])
    )
    return products


def seed_discounts() -> None:
    """Add a coupon for newcomers, one for tea, and what comes by itself from 150 €."""
    if Discount.objects.exists():
        return
    tea = Category.objects.get(slug="tea")
    Discount.objects.bulk_create(
        [
            Discount(
                code="HELLO10",
                name_en="10% for newcomers",
                name_ru="10% новым покупателям",
                percent=10,
            ),
            Discount(
                code="TEATIME",
                name_en="A fifth off tea",
                name_ru="Пятая часть чая в подарок",
                percent=20,
                category=tea,
                uses_left=500,
            ),
            Discount(
                name_en="€12 off from €150",
                name_ru="12 € в подарок от 150 €",
                amount=Decimal("12.00"),
                from_goods=Decimal("150.00"),
            ),
        ]
    )


def seed_categories(rows: list[dict[str, Any]]) -> dict[str, Category]:
    """Add the missing categories and return all of them by slug."""
    for position, row in enumerate(rows, start=1):
        Category.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name_en": row["name"][0],
                "name_ru": row["name"][1],
                "blurb_en": row["blurb"][0],
                "blurb_ru": row["blurb"][1],
                "picture": picture_path(row["picture"]),
                "position": position,
            },
        )
    return {category.slug: category for category in Category.objects.all()}


def make_product(row: dict[str, Any], *, position: int, category: Category) -> Product:
    """Build a product, ready for ``bulk_create``, which calls no ``save``."""
    specs = row["specs"]
    product = Product(
        category=category,
        slug=row["slug"],
        sku=row["sku"],
        name_en=row["name"][0],
        name_ru=row["name"][1],
        summary_en=row["summary"][0],
        summary_ru=row["summary"][1],
        description_en=row["description"][0],
        description_ru=row["description"][1],
        price=Decimal(row["price"]),
        old_price=Decimal(row["old_price"]) if "old_price" in row else None,
        cost=cost_of(row),
        stock=stock_of(row),
        specs={
            "en": [[spec[0], spec[1]] for spec in specs],
            "ru": [[spec[2], spec[3]] for spec in specs],
        },
        picture=picture_path(row["picture"]),
        position=position,
    )
    product.index()
    return product


def make_variants(product: Product, rows: list[list[Any]]) -> list[Variant]:
    """Build the variants of a product, and let the product show what they sum up to."""
    variants = []
    for number, (name_en, name_ru, price, stock, *colour) in enumerate(rows, start=1):
        share = Decimal(price) / product.price
        variants.append(
            Variant(
                product=product,
                sku=f"{product.sku}-{number}",
                name_en=name_en,
                name_ru=name_ru,
                price=Decimal(price),
                cost=product.cost and (product.cost * share).quantize(CENT),
                stock=stock,
                colour=colour[0] if colour else "",
                position=number,
            )
        )
    return variants


def cost_of(row: dict[str, Any]) -> Decimal:
    """Return what the shop paid; a little over half the price where it is not said."""
    if "cost" in row:
        return Decimal(row["cost"])
    return (Decimal(row["price"]) * Decimal("0.55")).quantize(CENT)


def stock_of(row: dict[str, Any]) -> int:
    """Return the pieces in stock: of all variants where there are any."""
    if "variants" in row:
        return sum(variant[3] for variant in row["variants"])
    stock: int = row["stock"]
    return stock


def picture_path(name: str) -> str:
    """Return the static path of a picture."""
    return f"shop/products/{name}.svg"
