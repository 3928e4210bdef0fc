"""What lets a browser install the workspace and be called while it is closed."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

WORKER = Path(__file__).parent.parent / "static" / "chatdesk" / "worker.js"


@require_safe
def serve_worker(request: HttpRequest) -> HttpResponse:
    """Serve the script at the workspace's own path, which is all it may watch over."""
    response = HttpResponse(_source(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def serve_manifest(request: HttpRequest) -> HttpResponse:
    """Tell a browser how the workspace looks as an application of its own."""
    home = reverse("chatdesk:console")
    icons = [
        {
            "src": static(f"chatdesk/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "id": home,
            "start_url": home,
            "scope": home,
            "name": _("Workspace"),
            "short_name": _("Workspace"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b667b",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@cache
def _source() -> bytes:
    return WORKER.read_bytes()
