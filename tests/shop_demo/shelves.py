"""Three products, for tests that need no more and are many."""

from decimal import Decimal

from shop_demo.models import Category, Discount, Product, Variant
from shop_demo.seeding.catalogue import seed_discounts
from tests.shop_demo.conftest import COFFEE, KETTLE


def stock_few() -> None:
    """Clear the shelves; put coffee, a kettle and a tea in two sizes onto them."""
    for model in (Discount, Variant, Product, Category):
        model.objects.all().delete()
    put("coffee", COFFEE, sku="NB-C01", price="13.90")
    put("kettles", KETTLE, sku="NB-K01", price="64.00")
    tea = put("tea", "sencha", sku="NB-T01", price="8.00")
    for number, (name, price) in enumerate((("50 g", "8.00"), ("500 g", "60.00")), 1):
        Variant.objects.create(
            product=tea,
            sku=f"{tea.sku}-{number}",
            name_en=name,
            name_ru=name,
            price=Decimal(price),
            cost=Decimal("4.00"),
            stock=10,
            position=number,
        )
    seed_discounts()


def put(shelf: str, slug: str, *, sku: str, price: str) -> Product:
    """Put twenty pieces of a product onto a shelf of its own."""
    category = Category.objects.create(slug=shelf, name_en=shelf, name_ru=shelf)
    return Product.objects.create(
        category=category,
        slug=slug,
        sku=sku,
        name_en=slug,
        name_ru=slug,
        price=Decimal(price),
        cost=Decimal("5.00"),
        stock=20,
    )
