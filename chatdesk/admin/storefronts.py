"""Storefronts: what the widget says and offers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.base import ModelAdmin
from chatdesk.models import Storefront

MOST_CHIPS = 4
CHIP_LENGTH = 60


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": MOST_CHIPS, "class": "vLargeTextField"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (line.strip() for line in str(value or "").splitlines())
        return [line for line in lines if line]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MOST_CHIPS or any(len(line) > CHIP_LENGTH for line in value):
            raise forms.ValidationError(
                _("At most %(lines)s lines of %(length)s characters each."),
                params={"lines": MOST_CHIPS, "length": CHIP_LENGTH},
            )


class StorefrontForm(forms.ModelForm):  # type: ignore[type-arg] # Not generic at run time.
    chips = LinesField(
        label=capfirst(str(Storefront._meta.get_field("chips").verbose_name)),
        help_text=_("Short questions that fill the message field, one on each line."),
        required=False,
    )


@admin.register(Storefront)
class StorefrontAdmin(ModelAdmin):
    form = StorefrontForm
    fields = ("name", "topic", "chips", "sneak_peek", "holding_text", "rescue_text")
    list_display = ("name", "topic", "sneak_peek")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # The first one is made on first use; the widget of this version knows only it.
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False
