"""The shop's own back office: products, discounts and orders."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop_demo.forms import RefundForm
from shop_demo.fulfilment import (
    Refused,
    cancel_order,
    deliver_order,
    pay_order,
    refund_order,
    send_order,
)
from shop_demo.models import (
    Category,
    Discount,
    Order,
    OrderLine,
    Product,
    Refund,
    Variant,
)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name_en",)}


class VariantInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Variant
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("thumbnail", "name", "sku", "category", "price", "stock")
    list_display_links = ("thumbnail", "name")
    list_filter = ("category",)
    list_select_related = ("category",)
    search_fields = ("sku", "name_en", "name_ru")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (VariantInline,)

    @admin.display(description=_("picture"))
    def thumbnail(self, product: Product) -> str:
        return format_html(
            '<img src="{}" alt="" width="40" height="40">', static(product.picture)
        )

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm,  # type: ignore[type-arg]
        formsets: object,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Keep what lists show in step with the variants."""
        super().save_related(request, form, formsets, change)
        form.instance.sum_up()


@admin.register(Discount)
class DiscountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "code", "percent", "amount", "from_goods", "uses_left")
    list_filter = ("is_active", "category")
    search_fields = ("code", "name_en", "name_ru")


class OrderLineInline(admin.TabularInline):  # type: ignore[type-arg]
    model = OrderLine
    extra = 0
    can_delete = False
    fields = readonly_fields = ("sku", "name", "price", "quantity", "discount", "paid")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class RefundInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Refund
    extra = 0
    can_delete = False
    fields = readonly_fields = ("at", "amount", "delivery_amount", "reason", "author")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "placed_at", "name", "email", "total", "status", "money")
    list_filter = ("status", "delivery", "placed_at")
    search_fields = ("number", "email", "name", "phone")
    date_hierarchy = "placed_at"
    readonly_fields = (
        *("number", "user", "placed_at", "language", "status"),
        *("goods_total", "discount_total", "discount_name", "delivery_total"),
        *("total", "refunded_total", "paid_at", "sent_at", "cancelled_at"),
    )
    inlines = (OrderLineInline, RefundInline)
    actions = ("mark_paid", "mark_sent", "mark_delivered", "cancel")
    change_form_template = "admin/shop_demo/order/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("money"))
    def money(self, order: Order) -> str:
        return str(order.payment_state.label)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that gives an order back."""
        refund = path(
            "<path:object_id>/refund/",
            self.admin_site.admin_view(self.refund),
            name="shop_demo_order_refund",
        )
        return [refund, *super().get_urls()]

    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask how many pieces of each line came back, and give their price back."""
        order = get_object_or_404(Order, pk=object_id)
        if not self.has_change_permission(request, order):
            return redirect("admin:index")
        back = reverse("admin:shop_demo_order_change", args=[order.pk])
        form = RefundForm(request.POST or None, order=order)
        if form.is_valid():
            try:
                given = refund_order(
                    order, form.wish(author=request.user), at=timezone.now()
                )
            except Refused as reason:
                form.add_error(None, reason.text)
            else:
                text = _("%(sum)s € were given back.") % {"sum": given.amount}
                self.message_user(request, text, messages.SUCCESS)
                return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Give back: %(order)s") % {"order": order},
            "opts": self.opts,
            "order": order,
            "form": form,
            "back": back,
        }
        return render(request, "admin/shop_demo/order/refund.html", context)

    @admin.action(description=_("Mark as paid"), permissions=["change"])
    def mark_paid(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        self._do(request, orders, pay_order)

    @admin.action(description=_("Mark as sent"), permissions=["change"])
    def mark_sent(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        self._do(request, orders, send_order)

    @admin.action(description=_("Mark as delivered"), permissions=["change"])
    def mark_delivered(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        self._do(request, orders, deliver_order)

    @admin.action(
        description=_("Cancel; what was paid is given back"), permissions=["change"]
    )
    def cancel(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        self._do(request, orders, cancel_order)

    def _do(
        self,
        request: HttpRequest,
        orders: QuerySet[Order],
        act: Callable[..., Order],
    ) -> None:
        done = 0
        for order in orders.order_by("pk"):
            try:
                act(order, at=timezone.now())
            except Refused as reason:
                self.message_user(request, f"{order}: {reason.text}", messages.ERROR)
            else:
                done += 1
        if done:
            text = ngettext(
                "%(count)d order changed.", "%(count)d orders changed.", done
            )
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
