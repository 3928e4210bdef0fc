"""Effects: mails that are owed, sent or failed, and another try for the failed."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chatdesk import clock
from chatdesk.admin.base import ReadOnlyAdmin
from chatdesk.models import Effect
from chatdesk.services.effects import retry_effects


@admin.register(Effect)
class EffectAdmin(ReadOnlyAdmin):
    actions = ("retry",)
    fields = (
        "kind",
        "target",
        "conversation",
        "state",
        "promised_at",
        "due_at",
        "attempts",
        "error",
        "settled_at",
        "key",
    )
    list_display = ("kind", "target", "state", "due_at", "attempts", "error")
    list_filter = ("state", "kind")
    list_select_related = ("conversation",)
    ordering = ("-pk",)
    search_fields = ("target",)
    show_full_result_count = False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may have effects done again."""
        return request.user.has_perm("chatdesk.change_effect")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: Any) -> None:
        """Make what failed for good due again; the rest of the selection stays."""
        ids = queryset.values_list("pk", flat=True)
        number = retry_effects(effect_ids=ids, at=clock.now())
        text = ngettext(
            "%(number)s effect will be tried again.",
            "%(number)s effects will be tried again.",
            number,
        ) % {"number": number}
        level = messages.SUCCESS if number else messages.WARNING
        self.message_user(request, text, level)
