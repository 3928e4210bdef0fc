"""Shifts: who is to be at the desk, and when."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.base import ModelAdmin
from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Shift
from chatdesk.services.rota import exchange_shifts, overlapping


class ShiftForm(forms.ModelForm):  # type: ignore[type-arg] # Not generic at run time.
    def clean(self) -> dict[str, Any]:
        """Refuse what ends before it begins and what the operator works already."""
        data = super().clean() or self.cleaned_data
        operator = data.get("operator")
        begins_at, ends_at = data.get("begins_at"), data.get("ends_at")
        if begins_at is None or ends_at is None:
            return data
        if ends_at <= begins_at:
            self.add_error("ends_at", _("The end is not after the beginning."))
        elif operator and overlapping(
            operator.pk, begins_at, ends_at, but=self.instance.pk
        ):
            self.add_error("begins_at", _("He has another shift in this time."))
        return data


@admin.register(Shift)
class ShiftAdmin(ModelAdmin):
    actions = ("exchange",)
    date_hierarchy = "begins_at"
    form = ShiftForm
    fields = ("operator", "begins_at", "ends_at", "is_responsible")
    list_display = ("operator", "begins_at", "ends_at", "is_responsible")
    list_filter = ("operator",)
    list_select_related = ("operator",)
    ordering = ("-begins_at",)

    @admin.action(
        description=_("Exchange: the two work each other's shift"),
        permissions=["change"],
    )
    def exchange(self, request: HttpRequest, queryset: QuerySet[Shift]) -> None:
        """Exchange the operators of exactly two shifts, or say why that cannot be."""
        shifts = list(queryset.order_by("begins_at", "pk")[:3])
        if len(shifts) != 2:
            self.message_user(
                request, _("Choose exactly two shifts."), messages.WARNING
            )
            return
        first, second = shifts
        names = {"first": first.operator.name, "second": second.operator.name}
        try:
            exchange_shifts(first_id=first.pk, second_id=second.pk)
        except (Invalid, NotFound):
            words = _(
                "%(first)s and %(second)s cannot work each other's shift: one of them "
                "works already in that time."
            )
            self.message_user(request, words % names, messages.WARNING)
            return
        words = _("%(first)s and %(second)s have exchanged their shifts.")
        self.message_user(request, words % names, messages.SUCCESS)
