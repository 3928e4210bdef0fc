"""Somebody is there, or is not: what visitors are told is true."""

from playwright.sync_api import expect

from tests.e2e.conftest import MakeOperator, OpenPage, Storage
from tests.e2e.network import Sockets
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor

QUESTION = "Is anybody there?"
# Twenty seconds of silence count as gone; nobody is told later than 45.
TO_NOTICE_MS = 40_000


def test_the_launcher_says_who_is_there_when_the_operator_comes_and_goes(
    visitor: Visitor, make_operator: MakeOperator
) -> None:
    visitor.sees_availability("away")
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    visitor.sees(visitor.says("away_lead"))
    operator = make_operator()
    visitor.sees_availability("online")
    expect(visitor.log.get_by_text(visitor.says("away_lead"))).to_have_count(0)
    operator.page.context.close()
    visitor.sees(visitor.says("away_lead"))
    visitor.button("minimise").click()
    visitor.sees_availability("away")


def test_the_presence_switch_is_what_visitors_see(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat()
    expect(visitor.panel.get_by_role("heading").first).to_have_text("Northbrew")
    switch = operator.page.get_by_role("radiogroup")
    switch.get_by_role("radio", name=operator.says("away")).click()
    visitor.asks_and_it_arrives(QUESTION)
    expect(visitor.panel.locator("#title")).to_have_text(visitor.says("away_title"))
    switch.get_by_role("radio", name=operator.says("online")).click()
    expect(visitor.panel.locator("#title")).to_have_text("Northbrew")


def test_an_operator_whose_machine_froze_is_away_within_seconds(
    visitor: Visitor, open_page: OpenPage, badges: dict[str, Storage]
) -> None:
    page = open_page(storage_state=badges["operator"])
    sockets = Sockets(page)
    operator = Operator(page).comes()
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    operator.answers("I am.")
    visitor.sees("I am.")
    sockets.turn("frozen")
    expect(visitor.panel.get_by_text(visitor.says("operator_away"))).to_be_visible(
        timeout=TO_NOTICE_MS
    )
