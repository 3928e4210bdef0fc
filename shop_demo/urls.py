"""Addresses of the host: the shop at the root, chatdesk below its own."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.templatetags.static import static as static_url
from django.urls import include, path
from django.views.generic import RedirectView

from shop_demo.views import account, cart, catalogue, checkout, outbox, texts

shop_patterns = [
    path("", catalogue.home, name="home"),
    path("shop/<slug:slug>/", catalogue.category, name="category"),
    path("product/<slug:slug>/", catalogue.product, name="product"),
    path("search/", catalogue.search, name="search"),
    path("delivery/", texts.delivery, name="delivery"),
    path("privacy/", texts.privacy, name="privacy"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/<slug:slug>/", cart.add, name="cart_add"),
    path("cart/coupon/", cart.coupon, name="cart_coupon"),
    path("cart/change/<slug:slug>/", cart.change, name="cart_change"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("pay/<uuid:key>/", checkout.pay, name="pay"),
    path("thanks/<uuid:key>/", checkout.thanks, name="thanks"),
    path("account/", account.orders, name="orders"),
    path("account/orders/<str:number>/", account.order, name="order"),
    path("account/login/", account.Login.as_view(), name="login"),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path("account/register/", account.register, name="register"),
    path("outbox/", outbox.index, name="outbox"),
    path("outbox/<str:file>/<int:number>/", outbox.mail, name="outbox_mail"),
]

urlpatterns = [
    path("", include((shop_patterns, "shop"))),
    path("chatdesk/", include("chatdesk.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", RedirectView.as_view(url=static_url("shop/favicon.svg"))),
    path("language/", include("django.conf.urls.i18n")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
