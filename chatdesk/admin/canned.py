"""Canned replies: everybody's and each operator's own."""

from django.contrib import admin

from chatdesk.admin.base import ModelAdmin
from chatdesk.models import CannedReply


@admin.register(CannedReply)
class CannedReplyAdmin(ModelAdmin):
    list_display = ("shortcut", "title", "language", "operator", "text_begins")
    list_display_links = ("shortcut", "title")
    list_filter = ("language", "operator")
    list_select_related = ("operator",)
    ordering = ("shortcut", "language")
    search_fields = ("shortcut", "title", "text")

    @admin.display(description=CannedReply._meta.get_field("text").verbose_name)
    def text_begins(self, reply: CannedReply) -> str:
        """Return as much of the text as a row has room for."""
        return reply.text if len(reply.text) <= 80 else f"{reply.text[:79]}…"
