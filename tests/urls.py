"""The routes of the host that the tests install chatdesk into."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("chatdesk/", include("chatdesk.urls")),
    path("admin/", admin.site.urls),
]
