"""Fills the shelves from ``catalogue.toml``."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop_demo.models import Category, Product

SOURCE = Path(__file__).with_name("catalogue.toml")


def seed_catalogue() -> int:
    """Add the categories and products that are missing; return how many products."""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    shelves = seed_categories(data["category"])
    known = set(Product.objects.values_list("slug", flat=True))
    products = [
        make_product(row, position=position, category=shelves[row["category"]])
        for position, row in enumerate(data["product"], start=1)
        if row["slug"] not in known
    ]
    Product.objects.bulk_create(products)
    return len(products)


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
        stock=row["stock"],
        specs={
            "en": [[spec[0], spec[1]] for spec in specs],
            "ru": [[spec[2], spec[3]] for spec in specs],
        },
        picture=picture_path(row["picture"]),
        position=position,
    )
    product.index()
    return product


def picture_path(name: str) -> str:
    """Return the static path of a picture."""
    return f"shop/products/{name}.svg"
