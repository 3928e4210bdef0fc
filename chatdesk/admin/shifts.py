"""Shifts: who is to be at the desk, and when."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.base import ModelAdmin
from chatdesk.models import Shift
from chatdesk.services.rota import overlapping


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
    date_hierarchy = "begins_at"
    form = ShiftForm
    fields = ("operator", "begins_at", "ends_at", "is_responsible")
    list_display = ("operator", "begins_at", "ends_at", "is_responsible")
    list_filter = ("operator",)
    list_select_related = ("operator",)
    ordering = ("-begins_at",)
