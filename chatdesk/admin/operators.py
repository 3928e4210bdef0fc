"""Operators: the public card, the photo, the capacity, and who is there now."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, ForeignKey, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chatdesk import clock
from chatdesk.admin.attendance import show_attendance
from chatdesk.admin.base import ModelAdmin, may_see_performance
from chatdesk.admin.faces import face_of
from chatdesk.admin.performance import show_performance, show_presence
from chatdesk.admin.shop_report import show_shop_report
from chatdesk.models import Conversation, Lease, Operator
from chatdesk.selectors.operators import PERMISSION, count_of_each
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.services.photos import shrink_photo

BACKEND = "django.contrib.auth.backends.ModelBackend"


class OperatorForm(forms.ModelForm):  # type: ignore[type-arg] # Not generic at run time.
    def clean_photo(self) -> Any:
        """Take a new photo in its small form; leave the old one or none as it is."""
        photo = self.cleaned_data["photo"]
        return shrink_photo(photo) if isinstance(photo, UploadedFile) else photo


def _list_candidates() -> Any:
    """Return the users who may answer and have no card yet.

    A host's own user model may come without the search by permission.
    """
    people: Any = get_user_model()._default_manager
    without_card = people.filter(chatdesk_operator=None)
    if not hasattr(people, "with_perm"):
        return without_card
    may_answer = people.with_perm(PERMISSION, backend=BACKEND)
    return without_card.filter(pk__in=may_answer.values("pk"))


@admin.register(Operator)
class OperatorAdmin(ModelAdmin):
    actions = ("deactivate",)
    change_list_template = "admin/chatdesk/operator/change_list.html"
    form = OperatorForm
    fields = (
        "user",
        "name",
        "title",
        "photo",
        "face",
        "capacity",
        "duties",
        "presence",
        "status",
        "away_reason",
        "is_active",
    )
    list_display = ("face", "name", "title", "presence", "load", "is_active")
    list_display_links = ("name",)
    list_filter = ("is_active",)
    ordering = ("-is_active", "name")
    readonly_fields = ("face", "presence", "status", "away_reason")
    search_fields = ("name", "title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operator]:
        alive = Lease.objects.filter(
            operator=OuterRef("pk"), expires_at__gt=clock.now()
        )
        held = Conversation.objects.filter(status=Conversation.Status.OPEN)
        rows: QuerySet[Operator] = super().get_queryset(request)
        return rows.annotate(is_connected=Exists(alive), held=count_of_each(held))

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        # His dialogs and figures stay; whoever leaves is made inactive.
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with as many dialogs as the rules in force say."""
        given = super().get_changeform_initial_data(request)
        return {"capacity": rules_in_force().capacity, **given}

    def get_readonly_fields(
        self, request: HttpRequest, obj: Operator | None = None
    ) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "user")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer those who may answer and have no card yet, not every customer."""
        if db_field.name == "user":
            kwargs["queryset"] = _list_candidates()
            kwargs["help_text"] = _(
                "Whoever is in the group for operators, or may answer otherwise, "
                "and has no card yet."
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("preview"))
    def face(self, operator: Operator) -> SafeString:
        """Return the photo as visitors see it, or initials."""
        return render_to_string("chatdesk/admin/face.html", {"face": face_of(operator)})

    @admin.display(description=_("now"))
    def presence(self, operator: Operator) -> SafeString:
        """Return whether he is there, by his connection and not by his word alone."""
        connected = getattr(operator, "is_connected", False)
        state = operator.status if connected else Operator.Status.OFFLINE.value
        label = Operator.Status(state).label
        context = {"state": state, "label": label}
        return render_to_string("chatdesk/admin/state.html", context)

    @admin.display(description=_("dialogs"))
    def load(self, operator: Operator) -> str:
        """Return the dialogs he leads of those he may lead."""
        return f"{getattr(operator, 'held', 0)}/{operator.capacity}"

    @admin.action(description=_("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Operator]) -> None:
        """Let nobody answer as these operators any more; all they did stays."""
        number = Operator.objects.filter(pk__in=queryset.values("pk")).update(
            is_active=False
        )
        text = ngettext(
            "%(number)s operator cannot answer any more.",
            "%(number)s operators cannot answer any more.",
            number,
        ) % {"number": number}
        self.message_user(request, text, messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site

        def performance(request: HttpRequest) -> HttpResponse:
            return show_performance(request, site)

        def presence(request: HttpRequest) -> HttpResponse:
            return show_presence(request, site)

        def attendance(request: HttpRequest) -> HttpResponse:
            return show_attendance(request, site)

        def shop_report(request: HttpRequest) -> HttpResponse:
            return show_shop_report(request, site)

        return [
            path(
                "attendance/",
                site.admin_view(attendance),
                name="chatdesk_attendance",
            ),
            path(
                "shop-report/",
                site.admin_view(shop_report),
                name="chatdesk_shop_report",
            ),
            path(
                "performance/",
                site.admin_view(performance),
                name="chatdesk_performance",
            ),
            path("presence/", site.admin_view(presence), name="chatdesk_presence"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        allowed = {"may_see_performance": may_see_performance(request)}
        return super().changelist_view(request, {**allowed, **(extra_context or {})})

    class Media:
        css = {"all": ["chatdesk/admin/pages.css"]}
