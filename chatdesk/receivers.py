"""What Django's own signals set in motion; nothing of chatdesk is wired by signals."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.signals import user_logged_out
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest

from chatdesk import clock
from chatdesk.services.groups import make_groups
from chatdesk.services.subscriptions import forget_login

connection_created.connect(
    clock.look_when_connected, dispatch_uid="chatdesk.look_when_connected"
)


@receiver(post_migrate, dispatch_uid="chatdesk.make_groups")
def make_groups_after_migrate(*, sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """Make the groups of staff once the tables and permissions exist."""
    if sender.label != "chatdesk":
        return
    # A host may list chatdesk before django.contrib.auth, which makes them later then.
    create_permissions(sender, verbosity=0, using=using)
    make_groups(using=using)


@receiver(user_logged_out, dispatch_uid="chatdesk.forget_login")
def stop_calling_who_left(*, request: HttpRequest | None, **_kwargs: Any) -> None:
    """End the pushes to a browser in which somebody signs out, wherever he does."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        forget_login(session_key=key)
