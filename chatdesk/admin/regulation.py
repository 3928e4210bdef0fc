"""The regulation: each saving publishes a new version; who confirmed it is shown."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chatdesk import clock
from chatdesk.admin.base import ModelAdmin
from chatdesk.models import Regulation
from chatdesk.selectors.regulation import (
    get_regulation,
    list_signatures,
    rules_in_force,
)
from chatdesk.services.regulation import Draft, publish_regulation


class RegulationForm(forms.ModelForm):  # type: ignore[type-arg] # Not generic at run time.
    def clean(self) -> dict[str, Any]:
        """Refuse a limit that lies before the goal, at the limit."""
        data = super().clean() or self.cleaned_data
        goal, limit = data.get("goal_s"), data.get("limit_s")
        if goal and limit and limit < goal:
            self.add_error("limit_s", _("The limit is not before the goal."))
        return data


@admin.register(Regulation)
class RegulationAdmin(ModelAdmin):
    actions = None
    form = RegulationForm
    fields = ("text", "goal_s", "limit_s", "capacity")
    list_display = (
        "__str__",
        "goal_s",
        "limit_s",
        "capacity",
        "published_at",
        "signed",
    )
    readonly_fields = ("signatures",)

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        # A version that people have signed stays as it is; the next one replaces it.
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Regulation | None = None) -> Any:
        fields = ("text", "goal_s", "limit_s", "capacity")
        return fields if obj is None else (*fields, "published_at", "signatures")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with what is in force."""
        rules, latest = rules_in_force(), get_regulation()
        return {
            "text": latest.text if latest else "",
            "goal_s": int(rules.goal_s),
            "limit_s": int(rules.limit_s),
            "capacity": rules.capacity,
        }

    def save_model(
        self,
        request: HttpRequest,
        obj: Regulation,
        _form: Any,
        _change: bool,  # noqa: FBT001 - The signature is Django's.
    ) -> None:
        """Publish the version."""
        draft = Draft(
            text=obj.text,
            goal_s=obj.goal_s,
            limit_s=obj.limit_s,
            capacity=obj.capacity,
        )
        version = publish_regulation(
            draft=draft, user_id=request.user.pk, at=clock.now()
        )
        saved = Regulation.objects.get(version=version)
        obj.pk, obj.version = saved.pk, version

    @admin.display(description=_("confirmed"))
    def signed(self, regulation: Regulation) -> str:
        """Return how many operators have confirmed it."""
        signatures = list_signatures(regulation)
        done = sum(each.at is not None for each in signatures)
        return f"{done}/{len(signatures)}"

    @admin.display(description=_("confirmed"))
    def signatures(self, regulation: Regulation) -> SafeString:
        """Return who has confirmed it and who has not."""
        return render_to_string(
            "admin/chatdesk/regulation/signatures.html",
            {"signatures": list_signatures(regulation)},
        )

    class Media:
        css = {"all": ["chatdesk/admin/pages.css"]}
