"""An operator sees who is in the shop, what he looks at and what befalls him."""

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.operator import Operator
from tests.e2e.visitor import Visitor
from tests.visiting import IPHONE

QUESTION = "Does it fit a gas stove?"
KETTLE = "/product/heron-gooseneck-kettle/"
# A fact is written within a second and asked for every second.
SOON_MS = 15_000


def test_a_visit_is_seen_from_the_first_page_to_the_dialog(
    open_page: OpenPage, operator: Operator
) -> None:
    page = open_page(user_agent=IPHONE)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{KETTLE}?utm_source=autumn-letter&utm_medium=email")
    desk = operator.page
    desk.get_by_role("button", name=operator.says("visitors")).click()
    line = desk.locator(".live-table tr").filter(has_text="autumn-letter")
    expect(line).to_contain_text("Heron gooseneck kettle")
    assert page.context.cookies() == []

    page.goto("/search/?q=samovar-7")
    expect(line).to_contain_text("samovar-7", timeout=SOON_MS)
    line.locator(".who").click()
    card = desk.locator(".site .side")
    expect(card.locator(".path .here")).to_contain_text("samovar-7")
    expect(card).to_contain_text("Safari 18")

    visitor = Visitor(page)
    visitor.opens_chat().asks_and_it_arrives(QUESTION)
    desk.get_by_role("button", name=operator.says("inbox")).click()
    operator.takes(QUESTION)
    expect(operator.visitor.locator(".befell")).to_contain_text("samovar-7")
    expect(operator.visitor.locator(".path li")).to_have_count(2)
    assert not [url for url in requests if "://127.0.0.1" not in url]
