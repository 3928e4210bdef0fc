"""The admin class that looks right under the host's own admin."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.dateparse import parse_date

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as AnyModelAdmin
    from django.contrib.admin import TabularInline as AnyTabularInline

    ModelAdmin = AnyModelAdmin[Any]
    TabularInline = AnyTabularInline[Any, Any]
elif apps.is_installed("unfold"):
    # This skin draws only what its own classes render.
    from unfold.admin import ModelAdmin, TabularInline
else:
    from django.contrib.admin import ModelAdmin, TabularInline

__all__ = [
    "ModelAdmin",
    "ReadOnlyAdmin",
    "TabularInline",
    "may_see_performance",
    "read_day",
]

YEARS = range(1970, 9000)


class ReadOnlyAdmin(ModelAdmin):
    """Rows that people read here and that only services write."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return False


def may_see_performance(request: HttpRequest) -> bool:
    """Return whether this user may see everybody's figures."""
    return request.user.has_perm("chatdesk.view_performance")


def read_day(text: str) -> date | None:
    """Return the day a query names; None for no day, and for one out of all reach."""
    try:
        day = parse_date(text[:10])
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None
