"""Storefronts: what the widget says and offers."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chatdesk.admin.base import ModelAdmin
from chatdesk.admin.hours import show_hours
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

    def clean_time_zone(self) -> str:
        """Take the name of a zone that exists, or none for that of the site."""
        name = str(self.cleaned_data["time_zone"] or "").strip()
        if name and name not in available_timezones():
            raise forms.ValidationError(
                _("There is no such time zone. One looks like Europe/Berlin.")
            )
        return name


@admin.register(Storefront)
class StorefrontAdmin(ModelAdmin):
    form = StorefrontForm
    change_form_template = "admin/chatdesk/storefront/change_form.html"
    fields = (
        "name",
        "topic",
        "chips",
        "sneak_peek",
        "holding_text",
        "rescue_text",
        "farewell_text",
        "time_zone",
    )
    list_display = ("name", "topic", "sneak_peek")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # The first one is made on first use; the widget of this version knows only it.
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site

        def hours(request: HttpRequest, storefront: int) -> HttpResponse:
            return show_hours(request, site, storefront)

        return [
            path(
                "<int:storefront>/hours/",
                site.admin_view(hours),
                name="chatdesk_hours",
            ),
            *super().get_urls(),
        ]
