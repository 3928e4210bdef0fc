"""The shop's page must not notice that the chat is there."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import MakeVisitor, OpenPage
from tests.e2e.operator import Operator
from tests.e2e.policy import HEADER
from tests.e2e.visitor import Visitor
from tests.e2e.watch import Watch

QUESTION = "Do you ship to Åland?"

KEPT = """
async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(each => each.name),
})
"""
OBSERVE = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: 'layout-shift', buffered: true });
"""
REPORT = """
window.refused = [];
addEventListener('securitypolicyviolation', event => {
  const { effectiveDirective, blockedURI, sample } = event;
  window.refused.push(`${effectiveDirective} ${blockedURI} ${sample}`);
});
"""


def cookies_of(page: Page) -> list[Any]:
    """Return the cookies that are not the shop's own."""
    return [each for each in page.context.cookies() if each["name"] != "csrftoken"]


def test_a_page_that_nobody_chats_on_keeps_nothing(
    visitor: Visitor, watch: Watch
) -> None:
    """No cookie, no storage, three small requests; the fixture refuses strangers."""
    page = visitor.page
    page.wait_for_load_state("networkidle")
    assert cookies_of(page) == []
    assert page.evaluate(KEPT) == {
        "local": [],
        "session": [],
        "databases": [],
    }
    own = [url for url in watch.requests if "/chatdesk" in url]
    assert sorted(url.rpartition("/chatdesk/")[2] for url in own) == [
        "api/v1/visitor/status/",
        "launcher.js",
        "visit.js",
    ]


def test_an_open_panel_sets_no_cookie_before_the_first_message(
    visitor: Visitor, operator: Operator
) -> None:
    visitor.opens_chat().writes(QUESTION)
    assert cookies_of(visitor.page) == []
    visitor.field.press("Enter")
    visitor.sees_state("sent")
    (cookie,) = cookies_of(visitor.page)
    assert cookie["name"] == "chatdesk_visitor"
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def test_nothing_moves_opens_or_covers_by_itself(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(OBSERVE)
    visitor = Visitor(page).comes()
    expect(visitor.panel).to_have_count(0)
    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")
    visitor.page.mouse.move(300, 300)
    visitor.page.mouse.wheel(0, 600)
    page.wait_for_function("scrollY > 500")
    visitor.opens_chat()
    visitor.button("minimise").click()
    expect(visitor.panel).to_be_hidden()
    assert page.evaluate("scrollY") > 500
    assert page.evaluate("window.shifts") == []


def test_the_page_scrolls_and_works_beside_an_open_panel(visitor: Visitor) -> None:
    visitor.opens_chat()
    page = visitor.page
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 600)
    page.wait_for_function("scrollY > 500")
    page.get_by_role("link", name="Delivery").first.click()
    expect(page).to_have_url("/delivery/")
    visitor.is_ready()


def test_the_strictest_policy_of_a_shop_is_never_violated(
    make_visitor: MakeVisitor, operator: Operator
) -> None:
    visitor = make_visitor(extra_http_headers={HEADER: "on"})
    visitor.page.add_init_script(REPORT)
    visitor.comes().opens_chat().asks(QUESTION)
    operator.takes(QUESTION)
    operator.answers("Twice a week: https://northbrew.example/delivery")
    visitor.sees("Twice a week")
    # Photos, styles and words have all come.
    expect(visitor.log.locator("img").first).to_be_visible()
    assert looks_styled(visitor.page)
    visitor.ends_chat()
    # It comes with a script of its own, fetched only now.
    expect(visitor.panel.locator("input[type=email]")).to_be_visible()
    visitor.button("rate_up").click()
    operator.sees(operator.says("rated_up"))
    assert visitor.page.evaluate("window.refused") == []


def looks_styled(page: Page) -> bool:
    """Tell whether the policy let the panel's own styles and the shop's through."""
    return bool(
        page.evaluate(
            """() => {
              const { shadowRoot } = document.querySelector('#chatdesk-widget');
              const panel = getComputedStyle(shadowRoot.querySelector('#panel'));
              const launcher = getComputedStyle(shadowRoot.querySelector('.la'));
              return panel.position === 'fixed' && launcher.position === 'fixed';
            }"""
        )
    )


def test_the_policy_itself_is_enforced(open_page: OpenPage, watch: Watch) -> None:
    """Else the test above would hold for any widget."""
    watch.allow("Content Security Policy", "TrustedScript")
    page = open_page(extra_http_headers={HEADER: "on"})
    page.add_init_script(REPORT)
    Visitor(page).comes()
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.append('window.ran = true');
          document.body.append(script);
        }"""
    )
    page.wait_for_function("window.refused.length > 0")
    assert page.evaluate("window.ran") is None
