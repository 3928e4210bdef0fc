"""One visitor in several tabs."""

from playwright.sync_api import expect

from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Do you roast on Fridays too?"


def other_tab(visitor: Visitor) -> Visitor:
    """Open another page of the shop in the same browser."""
    return Visitor(visitor.page.context.new_page()).comes("/delivery/")


def test_two_tabs_show_the_same(visitor: Visitor, operator: Operator) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    other = other_tab(visitor).opens_chat()
    other.sees(QUESTION)
    operator.takes(QUESTION)
    operator.answers("On Tuesdays only.")
    other.asks_and_it_arrives("Written in the other tab.")
    visitor.asks_and_it_arrives("Written in the first tab.")
    operator.answers("Read in both.")
    said = [
        QUESTION,
        "On Tuesdays only.",
        "Written in the other tab.",
        "Written in the first tab.",
        "Read in both.",
    ]
    for tab in (visitor, other):
        tab.sees("Read in both.")
        assert tab.lines() == said


def test_a_minimised_tab_counts_what_is_new_until_either_tab_reads_it(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    other = other_tab(visitor)
    visitor.button("minimise").click()
    operator.takes(QUESTION)
    operator.answers("On Tuesdays only.")
    operator.answers("This week on Wednesday.")
    for tab in (visitor, other):
        expect(tab.launcher).to_have_accessible_name("Open chat. 2 new messages")
        expect(tab.launcher).to_have_text("2")
        expect(tab.launcher.locator("img")).to_be_visible()
    other.opens_chat().sees("This week on Wednesday.")
    expect(visitor.launcher).to_have_accessible_name(
        "Open chat. Consultants are online"
    )
    expect(visitor.launcher).to_have_text("")
