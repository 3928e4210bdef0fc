"""Somebody is there, or is not: what visitors are told is true."""

import re

from playwright.sync_api import expect

from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import MakeOperator, OpenPage, Storage
from tests.e2e.network import Sockets
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor
from tests.e2e.watch import Watch

QUESTION = "Is anybody there?"
LATE = "Is the large kettle here as well?"
UNSENT = "And when could you"
ANSWER = "It is, on the top shelf."
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


def test_a_question_to_an_operator_who_is_cut_off_becomes_a_letter_and_is_answered(
    visitor: Visitor, open_page: OpenPage, badges: dict[str, Storage], watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page = open_page(storage_state=badges["operator"])
    sockets = Sockets(page)
    operator = Operator(page).comes()
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)
    operator.answers("I am.")
    visitor.sees("I am.")
    visitor.asks_and_it_arrives(LATE)
    visitor.field.fill(UNSENT)
    page.context.set_offline(True)
    sockets.turn("frozen")
    expect(visitor.panel.get_by_text(visitor.says("operator_away"))).to_be_visible(
        timeout=TO_NOTICE_MS
    )
    visitor.sees(visitor.says("letter_with", name="Anna Sokolova"))
    expect(visitor.field).to_have_value(UNSENT)
    contact = visitor.panel.get_by_label(visitor.says("contact_label"))
    contact.fill("@marat_k")
    expect(visitor.panel.locator(".kind")).to_have_text(visitor.says("kind_telegram"))
    visitor.button("contact_save").click()
    visitor.sees(re.compile("to @marat_k"))
    assert find_faults(visitor.page, inside="#chatdesk-widget") == []
    visitor.field.fill("")
    visitor.close.click()

    page.context.set_offline(False)
    sockets.turn("open")
    operator.comes()
    page.locator("#tab-letters").click()
    expect(operator.row(LATE)).to_contain_text("@marat_k")
    operator.row(LATE).get_by_role("button").click()
    operator.answers(ANSWER)
    expect(operator.row(LATE)).to_have_count(0)
    page.get_by_role(
        "button", name=operator.says("letters_answered"), exact=True
    ).click()
    expect(operator.row(ANSWER)).to_contain_text(operator.says("letter_via_here"))
    visitor.comes().opens_chat()
    visitor.sees(ANSWER)
    expect(visitor.panel.locator(".letter")).to_have_count(0)
