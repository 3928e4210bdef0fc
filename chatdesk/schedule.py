"""What a shop adds to its Celery beat schedule, importable from settings."""

from typing import Any


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Return the periodic jobs of chatdesk: ``{**beat_schedule()}`` in settings.

    ``drain`` runs what is due every second and expires after two, so that a worker
    that was down does not work through a queue of stale ticks; ``sweep`` repairs.
    """
    return {
        "chatdesk-drain": {
            "task": "chatdesk.drain",
            "schedule": 1.0,
            "options": {"expires": 2},
        },
        "chatdesk-sweep": {
            "task": "chatdesk.sweep",
            "schedule": 30.0,
            "options": {"expires": 60},
        },
        "chatdesk-mail": {
            "task": "chatdesk.fetch_mail",
            "schedule": 60.0,
            "options": {"expires": 120},
        },
    }
