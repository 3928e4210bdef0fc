"""The pages take the look of the host's admin, and bring little of their own."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.contrib.admin import ModelAdmin, TabularInline

from chatdesk.admin import base

STATIC = Path(base.__file__).parent.parent / "static" / "chatdesk" / "admin"


class ThemedAdmin(ModelAdmin):
    """What a theme puts in the place of Django's class."""


@pytest.fixture
def theme(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a theme that draws only what its own classes render."""
    package, module = ModuleType("unfold"), ModuleType("unfold.admin")
    module.ModelAdmin = ThemedAdmin  # type: ignore[attr-defined]
    module.TabularInline = TabularInline  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "unfold", package)
        patch.setitem(sys.modules, "unfold.admin", module)
        patch.setattr(apps, "is_installed", lambda name: name == "unfold")
        yield importlib.reload(base)
    importlib.reload(base)


@pytest.mark.usefixtures("theme")
def test_under_the_theme_its_class_is_used() -> None:
    assert issubclass(base.ReadOnlyAdmin, ThemedAdmin)


def test_without_a_theme_django_draws() -> None:
    assert base.ModelAdmin is ModelAdmin


def test_the_script_is_small_and_asks_nobody_else() -> None:
    script = (STATIC / "pages.js").read_text()

    assert len(script.encode()) < 10_000
    assert "http" not in script.replace("https://", "http://").split("fetch")[0]


def test_the_style_loads_nothing() -> None:
    style = (STATIC / "pages.css").read_text()

    assert "url(" not in style
    assert "@import" not in style
