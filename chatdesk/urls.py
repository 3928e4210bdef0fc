"""HTTP routes under one namespace."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "chatdesk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("chatdesk.api.urls")),
]
