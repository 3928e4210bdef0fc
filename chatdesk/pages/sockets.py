"""Answers plain requests to the addresses of sockets, which the ASGI line serves."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def require_upgrade(_request: HttpRequest) -> HttpResponse:
    """Say that this address speaks WebSocket only."""
    response = HttpResponse(
        "This address is for WebSockets.", content_type="text/plain", status=426
    )
    response["Upgrade"] = "websocket"
    return response
