"""The shop's addresses, and a page that asks nothing of shop and database."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from shop_demo.urls import urlpatterns as shop

PAGE = "<!doctype html><html><head><title>Light</title></head><body>{}</body></html>"
TEXT = PAGE.format("<p>As light as a page can be.</p>" * 40)


def light(_request: HttpRequest, number: int) -> HttpResponse:
    """Answer at once, as a page from a cache does."""
    return HttpResponse(f"{TEXT}<!-- {number} -->")


urlpatterns = [path("light/<int:number>/", light), *shop]
