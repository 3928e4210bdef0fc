"""Tells a monitor how chatdesk is; it names states and numbers, no person."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chatdesk import clock
from chatdesk.selectors.health import get_due, is_database_there, layer_state
from chatdesk.services.vitals import seconds_since_runs

TOO_LATE_S = 60.0


@require_safe
@never_cache
def show_health(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while people can talk, 503 while they cannot.

    ``degraded`` means that they can, and that something waits for a person to look: the
    channel layer is away, or nobody does what is due.
    """
    if not is_database_there():
        return JsonResponse({"status": "down", "database": "away"}, status=503)
    at = clock.now()
    due, layer = get_due(at=at), layer_state()
    is_well = layer != "away" and due.oldest_s < TOO_LATE_S
    found: dict[str, Any] = {
        "status": "ok" if is_well else "degraded",
        "database": "ok",
        "layer": layer,
        "effects": {
            "due": due.waiting,
            "oldest_due_s": round(due.oldest_s, 1),
            "failed": due.failed,
        },
        "ran_s_ago": seconds_since_runs(at=at),
    }
    return JsonResponse(found)
