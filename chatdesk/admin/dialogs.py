"""Dialogs: a list to look through, and each one to read. Their words never change."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from chatdesk import clock
from chatdesk.actors import StaffActor
from chatdesk.admin import wording
from chatdesk.admin.base import ReadOnlyAdmin, may_see_performance
from chatdesk.admin.devices import device_of
from chatdesk.admin.dialog_export import FILES, MOST, RELATED
from chatdesk.admin.dialog_list import EXPORT, DialogList
from chatdesk.admin.filters import FILTERS
from chatdesk.admin.transcript import lay_out
from chatdesk.kpi.speed import Speed, speed_of
from chatdesk.models import AuditLine, Conversation, Entry
from chatdesk.selectors.archive import CANDIDATES, find_conversations
from chatdesk.selectors.operators import PERMISSION as ANSWERING
from chatdesk.services.audit import VIEWED, record_export, record_view
from chatdesk.services.follow_ups import finish_follow_up

ENTRIES = 300
READERS = 5
OTHERS = 5


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """Reading is written down; writing belongs to the workspace."""

    list_filter = FILTERS
    list_per_page = 50
    search_fields = ("visitor__name",)  # Shows the field; archive.py does the search.
    show_full_result_count = False
    change_list_template = "admin/chatdesk/conversation/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        begun = Conversation.objects.begun()
        return begun.select_related(
            "visitor", "operator", "first_answered_by", "followed_by"
        )

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[DialogList]:
        return DialogList

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        found = find_conversations(queryset, words=search_term)
        if found is not queryset:
            found = found.select_related("visitor", "operator", "first_answered_by")
            found = found.order_by("-first_message_at", "-pk")
        return found, False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_export = may_see_performance(request)
        if request.GET.get(EXPORT) in FILES:
            if not (may_export and self.has_view_permission(request)):
                raise PermissionDenied
            made = self._export(request)
            if made is not None:
                return made
        context = {
            "title": self.opts.verbose_name_plural,
            "candidates": wording.number(CANDIDATES),
            "may_see_performance": may_export,
            "most_exported": wording.number(MOST),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def _export(self, request: HttpRequest) -> HttpResponse | None:
        """Return the dialogs under the filters as a file, and write down who took it.

        None for filters that do not exist: the list itself says so.
        """
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return None
        at = clock.now()
        dialogs = list(found.select_related(*RELATED)[:MOST])
        record_export(
            user_id=request.user.pk or 0,
            conversation_ids=[each.pk for each in dialogs],
            at=at,
        )
        return FILES[request.GET[EXPORT]](dialogs, at=at)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one dialog as a conversation, and write down who read it."""
        reader = request.user.pk
        if object_id is None or not reader or not self.has_view_permission(request):
            raise PermissionDenied
        conversation = self.get_object(request, object_id)
        if conversation is None:
            raise Http404
        if request.method == "POST":
            return self._follow_up(request, conversation, reader)
        at = clock.now()
        record_view(user_id=reader, conversation_id=conversation.pk, at=at)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": wording.name_of(conversation.visitor),
            "original": conversation,
            "back": _back(request),
            "may_follow_up": may_follow_up(request),
            **_page(request, conversation, at=at),
            **(extra_context or {}),
        }
        template = "admin/chatdesk/conversation/change_form.html"
        return TemplateResponse(request, template, context)

    def _follow_up(
        self, request: HttpRequest, conversation: Conversation, reader: int
    ) -> HttpResponse:
        """Take a dialog off the list of those left without an answer."""
        if not may_follow_up(request):
            raise PermissionDenied
        actor = StaffActor(user_id=reader, name=request.user.get_username())
        at = clock.now()
        if finish_follow_up(conversation_id=conversation.pk, actor=actor, at=at):
            messages.success(
                request, _("Off the list of those left without an answer.")
            )
        else:
            messages.info(request, _("Somebody has seen to it already."))
        return HttpResponseRedirect(request.get_full_path())


def may_follow_up(request: HttpRequest) -> bool:
    """Return whether this user may say that somebody was written to."""
    return request.user.has_perm(ANSWERING) or may_see_performance(request)


def _back(request: HttpRequest) -> str:
    """Return the address of the list as the reader left it."""
    address = reverse(
        "admin:chatdesk_conversation_changelist", current_app=request.current_app
    )
    filters = request.GET.get("_changelist_filters", "")
    return f"{address}?{filters}" if filters else address


def _page(
    request: HttpRequest, conversation: Conversation, *, at: datetime
) -> dict[str, Any]:
    entries = _entries(conversation, before=request.GET.get("before", ""))
    wait = conversation.first_reply_s
    visitor = conversation.visitor
    speed = speed_of(conversation, at=at)
    return {
        "lines": lay_out(entries, conversation=conversation, at=at),
        "earlier": entries[0].seq if entries and entries[0].seq > 1 else None,
        "speed": speed,
        "speed_words": wording.speed(speed),
        "is_timed": speed != Speed.OFFLINE,
        "first_reply": "" if wait is None else wording.seconds(wait),
        "length": _length(conversation),
        "rating": getattr(conversation, "rating", None),
        "device": device_of(visitor.user_agent),
        "page_link": visitor.page_url if _is_web(visitor.page_url) else "",
        "others": _others(conversation),
        "readers": AuditLine.objects.filter(conversation=conversation, act=VIEWED)
        .select_related("user")
        .order_by("-at")[:READERS],
    }


def _entries(conversation: Conversation, *, before: str) -> list[Entry]:
    rows = Entry.objects.filter(conversation=conversation)
    if before.isdecimal():
        rows = rows.filter(seq__lt=int(before))
    return list(rows.order_by("-seq")[:ENTRIES])[::-1]


def _length(conversation: Conversation) -> str:
    begun, ended = conversation.first_message_at, conversation.closed_at
    return wording.span(ended - begun) if begun and ended else ""


def _is_web(address: str) -> bool:
    # The address comes from the visitor: a script: or data: link must stay text.
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        return False


def _others(conversation: Conversation) -> Any:
    same = Conversation.objects.begun().filter(visitor_id=conversation.visitor_id)
    return same.exclude(pk=conversation.pk).order_by("-pk")[:OTHERS]
