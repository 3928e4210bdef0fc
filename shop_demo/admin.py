"""The shop's own back office: products and orders."""

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from shop_demo.models import Category, Order, OrderLine, Product


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name_en",)}


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("thumbnail", "name", "sku", "category", "price", "stock")
    list_display_links = ("thumbnail", "name")
    list_editable = ("price", "stock")
    list_filter = ("category",)
    list_select_related = ("category",)
    search_fields = ("sku", "name_en", "name_ru")
    prepopulated_fields = {"slug": ("name_en",)}

    @admin.display(description=_("picture"))
    def thumbnail(self, product: Product) -> str:
        return format_html(
            '<img src="{}" alt="" width="40" height="40">', static(product.picture)
        )


class OrderLineInline(admin.TabularInline):  # type: ignore[type-arg]
    model = OrderLine
    extra = 0
    can_delete = False
    fields = readonly_fields = ("sku", "name", "price", "quantity", "total")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "placed_at", "name", "email", "total", "status")
    list_filter = ("status", "delivery", "placed_at")
    search_fields = ("number", "email", "name", "phone")
    date_hierarchy = "placed_at"
    readonly_fields = (
        *("number", "user", "placed_at", "language"),
        *("goods_total", "delivery_total", "total"),
    )
    inlines = (OrderLineInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
