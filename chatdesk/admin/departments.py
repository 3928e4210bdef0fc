"""Departments: who answers what, and the rules that send questions there."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chatdesk.admin.base import ModelAdmin, TabularInline
from chatdesk.models import Department, Membership, RoutingRule
from chatdesk.selectors.routing import count_matches

LATEST = 500
"""How many dialogs a new rule is tried on."""


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

    @admin.display(description=gettext_lazy("operators"))
    def members(self, department: Department) -> int:
        """Return how many can answer."""
        return int(getattr(department, "able", 0))


class RoutingRuleForm(forms.ModelForm):  # type: ignore[type-arg] # Not generic at run time.
    def clean_page(self) -> str:
        """Refuse a pattern that no page can ever meet."""
        page = str(self.cleaned_data["page"]).strip()
        if page and not page.startswith(("/", "*")):
            raise forms.ValidationError(
                _("Begin with / or *: what comes after the shop's address is compared.")
            )
        if "?" in page or "#" in page:
            raise forms.ValidationError(
                _("Leave out what begins with ? or #: it is never compared.")
            )
        return page

    def clean(self) -> dict[str, Any] | None:
        """Refuse a rule that can match nothing, or does nothing when it matches."""
        data = super().clean() or self.cleaned_data
        low, high = data.get("cart_from"), data.get("cart_below")
        if low is not None and high is not None and high <= low:
            self.add_error(
                "cart_below",
                _("No cart is from %(low)s and below %(high)s: nothing would match.")
                % {"low": low, "high": high},
            )
        if not data.get("department") and not data.get("head_start"):
            raise forms.ValidationError(
                _("Choose a department or a head start: else the rule does nothing.")
            )
        return data


@admin.register(RoutingRule)
class RoutingRuleAdmin(ModelAdmin):
    form = RoutingRuleForm
    fields = (
        "name",
        ("position", "is_active"),
        "page",
        "category",
        "language",
        ("cart_from", "cart_below"),
        "customer_group",
        "department",
        "head_start",
    )
    list_display = ("name", "position", "page", "department", "head_start", "is_active")
    list_select_related = ("department",)
    ordering = ("position", "pk")

    def save_model(
        self,
        request: HttpRequest,
        obj: RoutingRule,
        form: Any,
        change: bool,  # noqa: FBT001 - The signature is Django's.
    ) -> None:
        """Say at once when the rule would have met nothing, or sends to nobody."""
        super().save_model(request, obj, form, change)
        for text in _doubts_about(obj):
            self.message_user(request, text, messages.WARNING)


def _doubts_about(rule: RoutingRule) -> Iterator[str]:
    met, of = count_matches(rule, latest=LATEST)
    if of and not met:
        yield ngettext(
            "This rule would have matched nothing: not the latest dialog by its page "
            "and language.",
            "This rule would have matched nothing: none of the latest %(number)s "
            "dialogs by their pages and languages.",
            of,
        ) % {"number": of}
    department = rule.department
    if department is None:
        return
    if not department.is_active:
        yield _("“%(name)s” is not active, so the rule sends nothing there.") % {
            "name": department.name
        }
    elif not department.operators.filter(is_active=True).exists():
        yield _(
            "Nobody can answer in “%(name)s” yet: it has no active operator. "
            "Its questions go to all operators until it has one."
        ) % {"name": department.name}
