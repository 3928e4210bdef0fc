"""The widget and the workspace on a phone, by touch."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, MakeOperator, MakeVisitor
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Does it fit into a backpack?"
SCROLLED = 420


@pytest.fixture
def visitor(make_visitor: MakeVisitor) -> Visitor:
    """Somebody with a phone, some way down the page."""
    visitor = make_visitor(**PHONE).comes()
    visitor.page.evaluate(f"scrollTo({{ top: {SCROLLED}, behavior: 'instant' }})")
    visitor.launcher.tap()
    visitor.is_ready()
    return visitor


def scroll_of(page: Page) -> int:
    return int(page.evaluate("Math.round(scrollY)"))


def roll(page: Page) -> None:
    """Scroll as a finger does in the middle of the screen; wait for what it moves."""
    page.evaluate(
        """() => {
          window.rolled = new Promise(done => addEventListener('wheel', () =>
            requestAnimationFrame(() => requestAnimationFrame(done)),
            { once: true, capture: true }));
        }"""
    )
    page.mouse.move(195, 400)
    page.mouse.wheel(0, 200)
    page.evaluate("window.rolled")


def box_of(locator: Locator) -> dict[str, float]:
    """Return where something is once it has stopped moving."""
    box = locator.evaluate(
        """async element => {
          const all = element.getRootNode().getAnimations();
          await Promise.all(all.map(each => each.finished.catch(() => 0)));
          const { x, y, width, height } = element.getBoundingClientRect();
          return { x, y, width, height };
        }"""
    )
    return dict(box)


def test_the_panel_covers_the_screen_and_the_page_stands_still(
    visitor: Visitor,
) -> None:
    assert box_of(visitor.panel) == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(visitor.panel).to_have_attribute("aria-modal", "true")
    expect(visitor.page.locator("main")).to_have_attribute("inert", "")
    roll(visitor.page)
    assert scroll_of(visitor.page) == SCROLLED
    # With the keyboard out at once, half of the greeting would be hidden.
    expect(visitor.field).not_to_be_focused()


def test_the_cross_is_large_and_gives_the_page_back_as_it_was(
    visitor: Visitor,
) -> None:
    cross = visitor.button("close")
    box = box_of(cross)
    assert min(box["width"], box["height"]) >= 48
    neighbour = box_of(visitor.button("more"))
    assert box["x"] - neighbour["x"] - neighbour["width"] >= 8
    cross.tap()
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()
    expect(visitor.page.locator("main")).not_to_have_attribute("inert", "")
    assert scroll_of(visitor.page) == SCROLLED
    roll(visitor.page)
    visitor.page.wait_for_function(f"scrollY > {SCROLLED}")


def test_back_closes_the_panel_and_stays_on_the_page(visitor: Visitor) -> None:
    address = visitor.page.url
    visitor.page.go_back(wait_until="commit")
    expect(visitor.panel).to_be_hidden()
    assert visitor.page.url == address
    assert scroll_of(visitor.page) == SCROLLED
    visitor.launcher.tap()
    expect(visitor.panel).to_be_visible()


def test_enter_makes_a_line_and_the_button_sends(visitor: Visitor) -> None:
    visitor.field.tap()
    visitor.field.press_sequentially("First line")
    visitor.field.press("Enter")
    visitor.field.press_sequentially("second line")
    assert visitor.lines() == []
    visitor.send.tap()
    visitor.sees_state("sent", "delivered")
    assert visitor.lines() == ["First line\nsecond line"]


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_the_screen(
    make_visitor: MakeVisitor, width: int
) -> None:
    small = {**PHONE, "viewport": {"width": width, "height": 568}}
    visitor = make_visitor(**small).comes().opens_chat()
    visitor.asks_and_it_arrives("Donaudampfschifffahrtsgesellschaft" * 8)
    for place in (visitor.panel, visitor.log):
        assert place.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
    # Below 16 px a phone zooms into the field.
    size = visitor.field.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    assert size >= 16


def test_the_workspace_shows_one_pane_at_a_time(
    visitor: Visitor, make_operator: MakeOperator
) -> None:
    operator = make_operator(**PHONE)
    page = operator.page
    visitor.field.fill(QUESTION)
    visitor.send.tap()
    expect(operator.row(QUESTION)).to_be_visible()
    sees_only(operator, operator.list)
    operator.row(QUESTION).get_by_role("button").first.tap()
    sees_only(operator, operator.thread)
    operator.thread.get_by_role("button", name=operator.says("take")).tap()
    operator.answers("Yes, it is shorter than a bottle.")
    visitor.sees("Yes, it is shorter than a bottle.")
    operator.button("about_visitor").tap()
    sees_only(operator, operator.visitor)
    operator.visitor.get_by_role("button", name=operator.says("back_chat")).tap()
    sees_only(operator, operator.thread)
    operator.button("back_list").tap()
    sees_only(operator, operator.list)
    operator.row("shorter than a bottle").get_by_role("button").first.tap()
    sees_only(operator, operator.thread)
    page.go_back(wait_until="commit")
    sees_only(operator, operator.list)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sees_only(operator: Operator, shown: Locator) -> None:
    for pane in (operator.list, operator.thread, operator.visitor):
        if pane is shown:
            expect(pane).to_be_visible()
        else:
            expect(pane).to_be_hidden()
