"""What the shop sells. Texts of products are kept in both languages."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FEW = 5
"""At so many pieces or fewer the shop says how many are left."""

PER_LINE = 20
"""Pieces of one product that one order may have."""


CENT = Decimal("0.01")


def pick_language(english: str, russian: str) -> str:
    """Return the text in the language of the page."""
    return russian if (get_language() or "").startswith("ru") else english


def saving_between(price: Decimal, old_price: Decimal | None) -> int:
    """Return how much cheaper than before, in whole percent; 0 if it is not."""
    if old_price is None or old_price <= price:
        return 0
    return int((1 - price / old_price) * 100)


class Category(models.Model):
    """A shelf of the shop."""

    slug = models.SlugField(_("page address"), unique=True)
    name_en = models.CharField(_("name, English"), max_length=80)
    name_ru = models.CharField(_("name, Russian"), max_length=80)
    blurb_en = models.CharField(_("line below, English"), max_length=200)
    blurb_ru = models.CharField(_("line below, Russian"), max_length=200)
    picture = models.CharField(_("picture"), max_length=120)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick_language(self.name_en, self.name_ru)

    @property
    def blurb(self) -> str:
        return pick_language(self.blurb_en, self.blurb_ru)

    def get_absolute_url(self) -> str:
        return reverse("shop:category", args=[self.slug])


class ProductQuerySet(models.QuerySet["Product"]):
    """Ways of listing products."""

    def matching(self, words: str) -> "ProductQuerySet":
        """Return the products whose text has every word, in either language."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found

    def popular_first(self) -> "ProductQuerySet":
        """Return the products with the number of their orders, the most in front."""
        kept = ~models.Q(order_lines__order__status__in=("cancelled", "returned"))
        sold = models.Count("order_lines", filter=kept)
        return self.annotate(sold=sold).order_by("-sold", "position")


def fold(text: str) -> str:
    """Bring text to the form that search compares, whatever the database folds."""
    return text.casefold().replace("ё", "е")


class Product(models.Model):
    """Something one can buy. ``specs`` holds rows of label and value per language.

    Of a product with variants, ``price``, ``old_price`` and ``stock`` are what lists
    show: the lowest price and all pieces. ``sum_up`` keeps them so.
    """

    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("category"),
    )
    slug = models.SlugField(_("page address"), unique=True)
    sku = models.CharField(_("article"), max_length=20, unique=True)
    name_en = models.CharField(_("name, English"), max_length=120)
    name_ru = models.CharField(_("name, Russian"), max_length=120)
    summary_en = models.CharField(_("summary, English"), max_length=250)
    summary_ru = models.CharField(_("summary, Russian"), max_length=250)
    description_en = models.TextField(_("description, English"))
    description_ru = models.TextField(_("description, Russian"))
    price = models.DecimalField(
        _("price, €"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(CENT)],
    )
    old_price = models.DecimalField(
        _("former price, €"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    cost = models.DecimalField(
        _("bought for, €"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    stock = models.PositiveIntegerField(_("in stock"), default=0)
    specs = models.JSONField(_("properties"), default=dict, blank=True)
    picture = models.CharField(_("picture"), max_length=120)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    search_text = models.TextField(_("text for search"), editable=False, default="")

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the text for search in step with the names."""
        self.index()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def index(self) -> None:
        """Collect what search looks at: SQLite folds the case of Latin only."""
        self.search_text = fold(
            " ".join(
                (
                    *(self.sku, self.name_en, self.name_ru),
                    *(self.summary_en, self.summary_ru),
                    *(self.category.name_en, self.category.name_ru),
                )
            )
        )

    @property
    def name(self) -> str:
        return pick_language(self.name_en, self.name_ru)

    @property
    def summary(self) -> str:
        return pick_language(self.summary_en, self.summary_ru)

    @property
    def description(self) -> str:
        return pick_language(self.description_en, self.description_ru)

    @property
    def spec_rows(self) -> list[list[str]]:
        rows: list[list[str]] = self.specs.get(pick_language("en", "ru"), [])
        return rows

    @property
    def is_available(self) -> bool:
        return self.stock > 0

    @property
    def is_scarce(self) -> bool:
        return 0 < self.stock <= FEW

    @property
    def saving_percent(self) -> int:
        """How much cheaper than before, in whole percent; 0 without a former price."""
        return saving_between(self.price, self.old_price)

    @property
    def most_per_order(self) -> int:
        return min(self.stock, PER_LINE)

    def get_absolute_url(self) -> str:
        return reverse("shop:product", args=[self.slug])

    def sum_up(self) -> None:
        """Bring what lists show in step with the variants, if there are any."""
        variants = list(self.variants.all())
        if not variants:
            return
        cheapest = min(variants, key=lambda variant: variant.price)
        self.price, self.old_price = cheapest.price, cheapest.old_price
        self.stock = sum(variant.stock for variant in variants)
        self.save(update_fields=["price", "old_price", "stock"])


class Variant(models.Model):
    """A size or a colour of a product, with a price and a stock of its own."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="variants"
    )
    sku = models.CharField(_("article"), max_length=20, unique=True)
    name_en = models.CharField(_("name, English"), max_length=60)
    name_ru = models.CharField(_("name, Russian"), max_length=60)
    colour = models.CharField(_("colour"), max_length=7, blank=True)
    price = models.DecimalField(
        _("price, €"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(CENT)],
    )
    old_price = models.DecimalField(
        _("former price, €"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    cost = models.DecimalField(
        _("bought for, €"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    stock = models.PositiveIntegerField(_("in stock"), default=0)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self) -> str:
        return f"{self.product}, {self.name}"

    @property
    def name(self) -> str:
        return pick_language(self.name_en, self.name_ru)

    @property
    def is_available(self) -> bool:
        return self.stock > 0

    @property
    def is_scarce(self) -> bool:
        return 0 < self.stock <= FEW

    @property
    def saving_percent(self) -> int:
        return saving_between(self.price, self.old_price)

    @property
    def most_per_order(self) -> int:
        return min(self.stock, PER_LINE)
