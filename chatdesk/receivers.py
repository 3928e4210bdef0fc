"""What Django's own signals set in motion; nothing of chatdesk is wired by signals."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from chatdesk.services.groups import make_groups


@receiver(post_migrate, dispatch_uid="chatdesk.make_groups")
def make_groups_after_migrate(*, sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """Make the groups of staff once the tables and permissions exist."""
    if sender.label != "chatdesk":
        return
    # A host may list chatdesk before django.contrib.auth, which makes them later then.
    create_permissions(sender, verbosity=0, using=using)
    make_groups(using=using)
