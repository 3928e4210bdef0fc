"""What axe-core finds wrong with a page, the insides of the widget included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

axe = Axe()

# Of what is right one example each: to name it all takes most of the time.
OPTIONS = {"resultTypes": ["violations"]}


def find_faults(page: Page, *, inside: str = "") -> list[str]:
    """Return a line for every element that breaks a rule."""
    results = axe.run(page, context=inside or None, options=OPTIONS)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
