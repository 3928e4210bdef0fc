"""The application as Django sees it."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatdeskConfig(AppConfig):
    """Live chat for the shop."""

    name = "chatdesk"
    label = "chatdesk"
    verbose_name = _("Live chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register checks and receivers; no database is touched here."""
        import_module("chatdesk.checks")
        import_module("chatdesk.receivers")
