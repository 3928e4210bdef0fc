"""Looking around: home, a shelf, a product, search."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chatdesk.integration import searched, sold_out
from chatdesk.shop.pages import chatdesk_page, show_page
from shop_demo.delivery import FREE_FROM, PRICES, Delivery
from shop_demo.models import Category, Product

LONGEST_SEARCH = 80
RELATED = 4
POPULAR = 8

ORDERS = {
    "popular": (_("Popular"), ("-sold", "position")),
    "cheap": (_("Lower price first"), ("price", "position")),
    "dear": (_("Higher price first"), ("-price", "position")),
}


@require_safe
@chatdesk_page("home", title=_("Home"))
def home(request: HttpRequest) -> HttpResponse:
    """Greet, and show the shelves, what sells and what is cheaper now."""
    products = Product.objects.popular_first()
    context = {
        "hero": products.filter(slug="heron-gooseneck-kettle").first(),
        "popular": products.filter(stock__gt=0)[:POPULAR],
        "reduced": products.filter(stock__gt=0, old_price__gt=F("price"))[:RELATED],
        "free_from": FREE_FROM,
    }
    return render(request, "shop/home.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one shelf, sorted as asked."""
    shelf = get_object_or_404(Category, slug=slug)
    show_page(request, kind="category", ref=shelf.slug, title=shelf.name)
    chosen = request.GET.get("sort", "")
    if chosen not in ORDERS:
        chosen = "popular"
    products = Product.objects.popular_first().filter(category=shelf)
    context = {
        "category": shelf,
        "products": products.order_by(*ORDERS[chosen][1]),
        "sorts": [(key, label, key == chosen) for key, (label, _by) in ORDERS.items()],
    }
    return render(request, "shop/category.html", context)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one product with all that one wants to know before buying."""
    shown = get_object_or_404(Product.objects.select_related("category"), slug=slug)
    show_page(request, kind="product", ref=shown.slug, title=shown.name)
    if not shown.stock:
        sold_out(request, shown.slug, title=shown.name)
    others = Product.objects.popular_first().filter(stock__gt=0).exclude(pk=shown.pk)
    variants = list(shown.variants.all())
    context = {
        "product": shown,
        "variants": variants,
        "chosen": next((each for each in variants if each.is_available), None),
        "related": others.filter(category=shown.category)[:RELATED],
        "free_from": FREE_FROM,
        "parcel_price": PRICES[Delivery.POST],
    }
    return render(request, "shop/product.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find products by any words of their texts."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    every = Product.objects.popular_first()
    found = list(every.matching(words)) if words else []
    show_page(request, kind="search", title=words)
    if words:
        searched(request, words, hits=len(found))
    context = {
        "words": words,
        "products": found,
        "popular": every.filter(stock__gt=0)[:RELATED],
    }
    return render(request, "shop/search.html", context)
