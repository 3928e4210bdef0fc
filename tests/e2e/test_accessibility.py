"""No rule of axe-core is broken on any screen, light or dark."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import (
    PHONE,
    MakeOperator,
    MakeVisitor,
    OpenPage,
    Storage,
)
from tests.e2e.manager import Manager
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Which kettle pours the slowest?"
ANSWER = "The Heron, by its narrow spout."

# Half-way through a transition a colour is not yet what it will be.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}

END_TRANSITIONS = "document.getAnimations().forEach((each) => each.finish())"

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

both_themes = pytest.mark.parametrize("theme", THEMES)


class Look:
    """What is wrong with the screens seen so far, by their names."""

    def __init__(self, theme: str) -> None:
        self.faults: dict[str, list[str]] = {}
        # The dark screens are the light ones in other colours.
        self._colours_alone = theme == "dark"

    def at(self, screen: str, page: Page) -> None:
        if found := find_faults(page, colours_alone=self._colours_alone):
            self.faults[screen] = found


@both_themes
def test_the_widget_and_the_desktop_workspace(
    make_visitor: MakeVisitor, make_operator: MakeOperator, theme: str
) -> None:
    look = Look(theme)
    operator = make_operator(color_scheme=theme, **STILL)
    look.at("workspace, empty", operator.page)
    operator.opens_settings()
    expect(operator.page.get_by_label(operator.says("push"))).to_be_visible()
    look.at("workspace, settings", operator.page)
    operator.page.keyboard.press("Escape")
    visitor = make_visitor(color_scheme=theme, **STILL).comes()
    look.at("shop, closed launcher", visitor.page)
    visitor.opens_chat()
    look.at("widget, first view", visitor.page)
    talk(visitor, operator)
    look.at("widget, conversation", visitor.page)
    look.at("workspace, dialog", operator.page)
    visitor.opens_menu()
    look.at("widget, menu", visitor.page)
    visitor.page.keyboard.press("Escape")
    operator.reply.fill("/")
    operator.reply.press("End")
    expect(operator.page.get_by_role("listbox")).to_be_visible()
    look.at("workspace, canned replies", operator.page)
    operator.reply.fill("")
    operator.goes_to("visitors")
    expect(operator.page.locator(".live h2")).to_be_visible()
    look.at("workspace, visitors on the site", operator.page)
    operator.goes_to("inbox")
    operator.button("close").click()
    look.at("workspace, how it ended", operator.page)
    operator.chooses("answered")
    visitor.sees(visitor.says("rate_question", name="Anna"))
    look.at("widget, ended", visitor.page)
    assert look.faults == {}


def talk(visitor: Visitor, operator: Operator) -> None:
    visitor.asks(QUESTION)
    operator.takes(QUESTION)
    operator.answers(ANSWER)
    operator.notes("Has asked twice.")
    visitor.asks_and_it_arrives("And the fastest?")
    operator.sees("And the fastest?")
    visitor.writes("Or")
    expect(operator.peek).to_be_visible()


@both_themes
def test_widget_and_workspace_on_a_phone(
    make_visitor: MakeVisitor, make_operator: MakeOperator, theme: str
) -> None:
    look = Look(theme)
    operator = make_operator(**PHONE, color_scheme=theme, **STILL)
    visitor = make_visitor(**PHONE, color_scheme=theme, **STILL).comes().opens_chat()
    look.at("widget on a phone, first view", visitor.page)
    visitor.field.fill(QUESTION)
    visitor.send.click()
    expect(operator.row(QUESTION)).to_be_visible()
    look.at("workspace on a phone, list", operator.page)
    operator.takes(QUESTION)
    operator.answers(ANSWER)
    visitor.sees(ANSWER)
    look.at("widget on a phone, conversation", visitor.page)
    look.at("workspace on a phone, dialog", operator.page)
    assert look.faults == {}


def test_the_administration(open_page: OpenPage, badges: dict[str, Storage]) -> None:
    looks = {theme: Look(theme) for theme in THEMES}
    page = open_page(storage_state=badges["manager"], **STILL)
    manager = Manager(page)

    def look_at(screen: str) -> None:
        # Each page is opened once: it follows the browser's colours by itself.
        for theme, look in looks.items():
            page.emulate_media(color_scheme=theme)
            # Links of Django's fade into their new colour.
            page.evaluate(END_TRANSITIONS)
            look.at(screen, page)

    for screen in manager.SCREENS:
        manager.opens(screen)
        look_at(screen)
    manager.opens_a_dialog()
    look_at("transcript")
    assert {theme: look.faults for theme, look in looks.items() if look.faults} == {}
