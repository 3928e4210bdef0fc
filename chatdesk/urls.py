"""Routes under one namespace. The two of sockets are served by ``chatdesk.routing``."""

from django.urls import URLPattern, URLResolver, include, path

from chatdesk.pages.console import leave_console, show_console
from chatdesk.pages.device import serve_manifest, serve_worker
from chatdesk.pages.health import show_health
from chatdesk.pages.mail_in import take_mail
from chatdesk.pages.rate import rate
from chatdesk.pages.sockets import require_upgrade

app_name = "chatdesk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("chatdesk.api.urls")),
    path("console/", show_console, name="console"),
    path("console/worker.js", serve_worker, name="console-worker"),
    path("console/manifest.json", serve_manifest, name="console-manifest"),
    path("console/leave/", leave_console, name="leave-console"),
    path("health/", show_health, name="health"),
    path("mail/", take_mail, name="mail-in"),
    path("rate/<str:token>/", rate, name="rate"),
    path("ws/visitor/", require_upgrade, name="visitor-socket"),
    path("ws/operator/", require_upgrade, name="operator-socket"),
]
