"""Departments: who answers what."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.base import ModelAdmin, TabularInline
from chatdesk.models import Department, Membership

if TYPE_CHECKING:
    from django import forms


class MembershipInline(TabularInline):
    model = Membership
    extra = 1


@admin.register(Department)
class DepartmentAdmin(ModelAdmin):
    fields = ("name", "storefront", "position", "is_active")
    inlines = (MembershipInline,)
    list_display = ("name", "storefront", "position", "members", "is_active")
    list_select_related = ("storefront",)
    ordering = ("position", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        able = Q(operators__is_active=True)
        rows: QuerySet[Department] = super().get_queryset(request)
        return rows.annotate(able=Count("operators", filter=able))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its dialogs and figures stay; one that is given up is made inactive.
        if isinstance(obj, Department) and obj.conversations.exists():
            return False
        return super().has_delete_permission(request, obj)

    def save_related(
        self,
        request: HttpRequest,
        form: "forms.ModelForm[Department]",
        formsets: Any,
        change: bool,  # noqa: FBT001 - The signature is Django's.
    ) -> None:
        """Say at once when nobody can answer in the department."""
        super().save_related(request, form, formsets, change)
        department = form.instance
        if (
            department.is_active
            and not department.operators.filter(is_active=True).exists()
        ):
            text = _(
                "Nobody can answer in “%(name)s” yet: it has no active operator. "
                "Its questions go to all operators until it has one."
            ) % {"name": department.name}
            self.message_user(request, text, messages.WARNING)

    @admin.display(description=_("operators"))
    def members(self, department: Department) -> int:
        """Return how many can answer."""
        return int(getattr(department, "able", 0))
