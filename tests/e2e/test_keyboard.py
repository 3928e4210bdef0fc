"""Everything by keys alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "May I bring my own cup?"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_visitor_needs_no_mouse(visitor: Visitor, operator: Operator) -> None:
    page = visitor.page
    # The launcher is the last stop of the page.
    page.locator("footer a").last.focus()
    press(page, "Tab")
    expect(visitor.launcher).to_be_focused()
    press(page, "Enter")
    visitor.is_ready()
    expect(visitor.field).to_be_focused()
    page.keyboard.type("May I bring")
    press(page, "Shift+Enter")
    page.keyboard.type("my own cup?")
    press(page, "Enter")
    visitor.sees_state("sent", "delivered")
    assert visitor.lines() == ["May I bring\nmy own cup?"]
    expect(visitor.field).to_be_focused()

    operator.takes("May I bring")
    operator.answers("Please do.")
    visitor.sees("Please do.")
    end_with_the_menu(visitor)
    like_with_keys(visitor)
    operator.sees(operator.says("rated_up"))
    press(page, "Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()


def end_with_the_menu(visitor: Visitor) -> None:
    """Open the menu from the composer, leave it with Escape, end with its last item."""
    page = visitor.page
    visitor.button("more").focus()
    press(page, "Enter")
    expect(visitor.item("menu_copy")).to_be_focused()
    press(page, "Escape")
    expect(visitor.button("more")).to_be_focused()
    expect(visitor.panel).to_be_visible()
    press(page, "Enter", "ArrowUp")
    expect(visitor.item("menu_end")).to_be_focused()
    press(page, "Enter")
    expect(visitor.button("start_new")).to_be_visible()


def like_with_keys(visitor: Visitor) -> None:
    """Go through the ended panel with Tab until the like has the focus."""
    page = visitor.page
    like = visitor.button("rate_up")
    visitor.button("more").focus()
    for _stop in range(6):
        press(page, "Tab")
        if like.evaluate("each => each.getRootNode().activeElement === each"):
            break
    expect(like).to_be_focused()
    press(page, "Space")
    expect(like).to_have_attribute("aria-pressed", "true")


def test_tab_leaves_the_panel_in_the_order_of_the_screen(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    # Whoever waits soon sees his place in line, and a field beneath it.
    operator.takes(QUESTION)
    operator.answers("Please do.")
    visitor.sees("Please do.")
    visitor.launcher.focus()
    order = ["more", "minimise", "log", "field", "send"]
    stops = {
        "more": visitor.button("more"),
        "minimise": visitor.button("minimise"),
        "log": visitor.log,
        "field": visitor.field,
        "send": visitor.button("send"),
    }
    for name in order:
        press(visitor.page, "Tab")
        expect(stops[name]).to_be_focused()


@pytest.mark.usefixtures("operator")
def test_the_composer_keeps_what_an_input_method_is_making(visitor: Visitor) -> None:
    visitor.opens_chat()
    keys = visitor.page.context.new_cdp_session(visitor.page)
    keys.send(
        "Input.imeSetComposition",
        {"text": "コーヒー", "selectionStart": 4, "selectionEnd": 4},
    )
    # What a browser says for the Enter that ends a composition.
    visitor.field.dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True}
    )
    assert visitor.lines() == []
    keys.send("Input.insertText", {"text": "コーヒー"})
    press(visitor.page, "Enter")
    visitor.sees_state("sent", "delivered")
    assert visitor.lines() == ["コーヒー"]


def test_an_operator_needs_no_mouse(
    visitor: Visitor, operator: Operator, make_visitor: MakeVisitor
) -> None:
    page = operator.page
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    second = make_visitor().comes().opens_chat()
    second.asks_and_it_arrives("Is there a table outside?")
    expect(operator.list.locator(".ring")).to_have_count(2)

    press(page, "t")
    expect(operator.reply).to_be_focused()
    page.keyboard.type("Please do.")
    press(page, "Enter")
    visitor.sees("Please do.")
    press(page, "F6", "n")
    expect(operator.note).to_be_focused()
    page.keyboard.type("Comes with a cup.")
    press(page, "Enter")
    operator.sees("Comes with a cup.")

    press(page, "F6")
    go_through_the_list(operator)
    press(page, "r")
    expect(operator.reply).to_be_focused()
    press(page, "F6", "e")
    box = page.get_by_role("dialog", name=operator.says("how_ended"))
    expect(box).to_be_visible()
    press(page, "ArrowDown", "Enter")
    expect(box).to_have_count(0)
    visitor.sees(visitor.says("rate_question", name="Anna"))


def go_through_the_list(operator: Operator) -> None:
    """See the other dialog with one key, and come back with another."""
    page = operator.page
    waiting = operator.row("Is there a table outside?").locator(".go")
    own = operator.row("Please do.").locator(".go")
    expect(own).to_have_attribute("aria-current", "true")
    press(page, "k")
    expect(waiting).to_have_attribute("aria-current", "true")
    expect(own).to_have_attribute("aria-current", "false")
    press(page, "j")
    expect(own).to_have_attribute("aria-current", "true")


def test_letters_in_a_text_are_no_commands(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    operator.reply.press_sequentially("tjkrne?/")
    expect(operator.reply).to_have_value("tjkrne?/")
    expect(operator.page.get_by_role("dialog")).to_have_count(0)
