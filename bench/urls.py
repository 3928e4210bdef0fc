"""Routes of the measured host."""

from django.urls import include, path

urlpatterns = [path("chatdesk/", include("chatdesk.urls"))]
