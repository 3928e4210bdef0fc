"""HTTP routes under one namespace."""

from django.urls import URLPattern, URLResolver

app_name = "chatdesk"

urlpatterns: list[URLPattern | URLResolver] = []
