"""A laptop that slept: its login has ended, what was written is still here."""

import sqlite3

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PASSWORD, OpenPage, sign_in
from tests.e2e.log import Log
from tests.e2e.network import Sockets
from tests.e2e.operator import CONSOLE, Operator
from tests.e2e.shop import Shop
from tests.e2e.visitor import Visitor
from tests.e2e.waiting import until
from tests.e2e.watch import Watch

QUESTION = "Which grinder goes with the large kettle?"
LATE = "The one with the steel burrs."


def test_who_wakes_up_after_his_login_has_ended_signs_in_and_his_words_go_out(
    visitor: Visitor,
    open_page: OpenPage,
    browser: Browser,
    shop: Shop,
    database: sqlite3.Connection,
    log: Log,
    watch: Watch,
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "401", "403", "WebSocket")
    badge = sign_in(browser, shop, "operator2")
    page = open_page(storage_state=badge)
    sockets = Sockets(page)
    operator = Operator(page).comes()
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    operator.takes(QUESTION)

    page.context.set_offline(True)
    sockets.cut("refused")
    operator.answers(LATE)
    expect(operator.log.locator(".pend")).to_have_count(1)
    lid = page.context.new_cdp_session(page)
    lid.send("Page.setWebLifecycleState", {"state": "frozen"})
    keys = [c["value"] for c in badge["cookies"] if c["name"] == "sessionid"]
    with database:
        ended = database.execute(
            "DELETE FROM django_session WHERE session_key = ?", keys
        )
    assert ended.rowcount == 1
    sockets.turn("open")
    page.context.set_offline(False)
    lid.send("Page.setWebLifecycleState", {"state": "active"})

    told = page.get_by_role("alert").filter(has_text=operator.says("ended_auth"))
    expect(told).to_be_visible()
    expect(operator.bubble(LATE)).to_be_visible()
    assert log.messages(QUESTION) == [QUESTION]

    with page.context.expect_page() as opened:
        door = told.get_by_role("link", name=operator.says("sign_in"))
        door.click(modifiers=["ControlOrMeta"])
    page.close()
    page = opened.value
    page.locator("#id_username").fill("operator2")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**" + CONSOLE)

    until(page, lambda: log.messages(QUESTION) == [QUESTION, LATE])
    visitor.sees(LATE)
    assert visitor.lines() == [QUESTION, LATE]
