"""The routes of the host that the tests install chatdesk into."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("chatdesk/", include("chatdesk.urls")),
    path("admin/", admin.site.urls),
    path("page/", TemplateView.as_view(template_name="host/page.html"), name="page"),
]
