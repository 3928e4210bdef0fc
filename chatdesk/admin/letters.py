"""Letters as managers look for them: read here, answered in the workspace."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatdesk import clock
from chatdesk.admin import wording
from chatdesk.admin.base import ReadOnlyAdmin
from chatdesk.models import Letter, Operator


class LateFilter(SimpleListFilter):
    """Past the deadline: still open, or answered after it."""

    title = _("deadline")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Overdue, not answered")),
            ("answered", _("Answered too late")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        conditions = {
            "open": Q(state=Letter.State.OPEN, due_at__lte=clock.now()),
            "answered": Q(answered_at__gt=F("due_at")),
        }
        condition = conditions.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class OwnerFilter(SimpleListFilter):
    """Whose task it is."""

    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        rows = Operator.objects.order_by("-is_active", "name")
        return [("none", _("Nobody")), *rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value == "none":
            return queryset.filter(owner=None)
        known = {str(key) for key, _name in self.lookup_choices}
        return queryset.filter(owner_id=int(value)) if value in known else queryset


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    date_hierarchy = "left_at"
    fields = (
        "dialog",
        "state",
        "owner",
        "contact",
        "contact_kind",
        "is_junk",
        "left_at",
        "due_at",
        "answered_at",
        "answered_via",
    )
    readonly_fields = ("dialog",)
    list_display = (
        "left_at",
        "words",
        "way",
        "owner",
        "due_at",
        "stands",
        "answered_via",
    )
    list_display_links = ("left_at", "words")
    list_filter = ("state", LateFilter, OwnerFilter, "is_junk", "contact_kind")
    list_select_related = ("owner", "conversation__visitor")
    ordering = ("-left_at", "-pk")
    search_fields = (
        "contact",
        "conversation__preview",
        "conversation__visitor__name",
    )
    search_help_text = _("Contact, name or last words")
    show_full_result_count = False

    @admin.display(description=_("question"))
    def words(self, letter: Letter) -> str:
        """Return who asks and the last words of the dialog."""
        conversation = letter.conversation
        return f"{wording.name_of(conversation.visitor)}: {conversation.preview}"

    @admin.display(description=_("contact"), ordering="contact_kind")
    def way(self, letter: Letter) -> str:
        """Return where the answer is wanted, and whether that can be true."""
        if not letter.contact:
            return str(_("Waits in the chat"))
        words = f"{letter.get_contact_kind_display()}: {letter.contact}"
        doubt = _("looks made up")
        return f"{words} ({doubt})" if letter.is_junk else words

    @admin.display(description=_("state"), ordering="state")
    def stands(self, letter: Letter) -> str:
        """Return where it stands; an open one past its deadline says so."""
        is_open = letter.state == Letter.State.OPEN
        if is_open and letter.due_at <= clock.now():
            return str(_("overdue"))
        return letter.get_state_display()

    @admin.display(description=_("dialog"))
    def dialog(self, letter: Letter) -> SafeString:
        """Return the way to the whole dialog."""
        where = reverse(
            "admin:chatdesk_conversation_change", args=(letter.conversation_id,)
        )
        return format_html('<a href="{}">{}</a>', where, self.words(letter))
