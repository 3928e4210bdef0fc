"""A closed shop says so before anybody types, and when it opens, in his own zone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.e2e.accessibility import find_faults
from tests.e2e.conftest import MakeVisitor
from tests.e2e.manager import Manager

ZONE = "Asia/Vladivostok"
STATUS = "() => fetch('/chatdesk/api/v1/visitor/status/').then((it) => it.json())"


def test_one_click_closes_the_shop_for_today_and_another_opens_it(
    make_visitor: MakeVisitor, manager: Manager
) -> None:
    page = manager.page
    page.goto("/admin/chatdesk/storefront/")
    page.locator("#result_list tbody a").first.click()
    page.get_by_role("link", name="Working hours").click()
    page.get_by_role("button", name="Closed today").click()
    expect(page.get_by_text("Closed until")).to_be_visible()
    try:
        visitor = make_visitor(timezone_id=ZONE).comes().opens_chat()
        title = visitor.panel.locator("#title")
        expect(title).to_have_text(visitor.says("offline_title"))
        opens_at = visitor.page.evaluate(STATUS)["opens_at"] / 1000
        opening = datetime.fromtimestamp(opens_at, ZoneInfo(ZONE))
        visitor.button("minimise").click()
        named = re.compile(
            rf"^Leave a question. We are back on {opening:%A}\D+{opening:%H:%M}$"
        )
        expect(visitor.launcher).to_have_attribute("aria-label", named)
        visitor.sees_availability("offline")
        visitor.opens_chat()
        assert find_faults(visitor.page, inside="#chatdesk-widget") == []
        visitor.asks_and_it_arrives("Do you have the copper cezve?")
        visitor.sees(visitor.says("letter_with_us"))
        visitor.sees(visitor.says.pattern("letter_here"))
    finally:
        page.get_by_role("button", name="Open again").click()
    expect(title).to_have_text(visitor.says("away_title"))
