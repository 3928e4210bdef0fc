"""What axe-core finds wrong with a page, the insides of the widget included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

axe = Axe()

# Of what is right one example each: to name it all takes most of the time.
OPTIONS = {"resultTypes": ["violations"]}
# What a theme can break of a page whose rules are kept in another.
COLOURS = {**OPTIONS, "runOnly": ["color-contrast", "link-in-text-block"]}


def find_faults(
    page: Page, *, inside: str = "", colours_alone: bool = False
) -> list[str]:
    """Return a line for every element that breaks a rule."""
    options = COLOURS if colours_alone else OPTIONS
    results = axe.run(page, context=inside or None, options=options)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
